"""The state folders of systems that tests deploy: sessions at the same time leave each other's alone."""

from pathlib import Path

import pytest

from tests import deployed


def test_a_folder_is_another_session_s_from_its_first_moment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(deployed, "FOLDERS", tmp_path / "tests")
    leftover = tmp_path / "tests" / "of a killed run"
    leftover.mkdir(parents=True)
    first, second = deployed.new_folder(), deployed.new_folder()
    assert sorted((tmp_path / "tests").iterdir()) == sorted([first, second])
