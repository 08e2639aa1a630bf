"""MiniStack's internals are patched only in the version for which the patches were written."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Worker:
    """The patched methods of MiniStack's function processes."""

    def invoke(self) -> None: ...

    def _spawn(self) -> None: ...

    def _drain_stderr_bounded(self) -> None: ...


MINISTACK: dict[str, dict[str, Any]] = {
    "hypercorn.asyncio": {"serve": None},
    "hypercorn.config": {"Config": None},
    "ministack": {"app": None},
    "ministack.core": {
        "lambda_runtime": SimpleNamespace(Worker=Worker, acquire_worker=None, release_worker=None),
        "persistence": None,
    },
    "ministack.services": {
        "dynamodb": SimpleNamespace(_tokenize=str.split, _condition_syntax_error=str.strip),
        "lambda_svc": SimpleNamespace(),
        "stepfunctions": SimpleNamespace(),
    },
}  # MiniStack is installed in another environment, so these fake the imported modules


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, members in MINISTACK.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("invoke", "_spawn", "_drain_stderr_bounded"):
        monkeypatch.setattr(Worker, name, getattr(Worker, name))  # restored after the test
    monkeypatch.delitem(sys.modules, "local.aws_server", raising=False)
    return importlib.import_module("local.aws_server")


def test_another_version_runs_unpatched_with_a_warning(
    server: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(vars(Worker))
    server.patch("1.6.0", tmp_path / "functions.log")
    assert dict(vars(Worker)) == before
    assert "MiniStack 1.6.0 runs unpatched" in caplog.text
    assert server.WRITTEN_FOR in caplog.text


def test_the_version_that_the_patches_know_is_patched(
    server: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(vars(Worker))
    server.patch(server.WRITTEN_FOR, tmp_path / "functions.log")
    changed = {name for name, value in vars(Worker).items() if before[name] is not value}
    assert changed == {"invoke", "_spawn", "_drain_stderr_bounded"}
    assert not caplog.text


def test_the_locked_version_is_the_one_that_the_patches_know(server: ModuleType) -> None:
    locked = re.search(r"^ministack==(\S+)", (ROOT / "requirements" / "ministack.txt").read_text(), re.MULTILINE)
    assert locked
    assert locked[1] == server.WRITTEN_FOR, "look through the patches of local/aws_server.py again"
