"""The state folders of systems that tests deploy: concurrent sessions do not touch each other's."""

from pathlib import Path

import pytest

from tests import deployed


def test_a_new_folder_belongs_to_its_session_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(deployed, "FOLDERS", tmp_path / "tests")
    leftover = tmp_path / "tests" / "of a killed run"
    leftover.mkdir(parents=True)
    first, second = deployed.new_folder(), deployed.new_folder()
    assert sorted((tmp_path / "tests").iterdir()) == sorted([first, second])
