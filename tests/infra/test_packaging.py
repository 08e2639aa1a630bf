"""The packages of functions and layers, and when they are rebuilt."""

import importlib.util
import sys
from pathlib import Path

import pytest
from aws_cdk import App

from infra import app
from infra.parts.packaging import AWS, HOST, compile_in_place

TARGET = importlib.util.cache_from_source("handler.py")


def test_modules_are_compiled_to_files_that_need_no_check_of_their_source(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("def handler():\n    raise ValueError\n")
    compile_in_place(tmp_path, shipped_to="/var/task", python=HOST.python)
    compiled = tmp_path / TARGET
    # PEP 552: flags 0b01 mean a hash-based file that is never checked against its source.
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01
    assert b"/var/task/handler.py" in compiled.read_bytes()
    assert str(tmp_path).encode() not in compiled.read_bytes()


def test_compiled_files_are_the_same_wherever_they_are_made(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "handler.py").write_text("TEXT = 'same'\n")
        compile_in_place(tmp_path / name, shipped_to="/var/task", python=HOST.python)
    assert (tmp_path / "a" / TARGET).read_bytes() == (tmp_path / "b" / TARGET).read_bytes()


def test_code_ships_uncompiled_where_its_python_is_missing(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("")
    compile_in_place(tmp_path, shipped_to="/var/task", python="3.99")
    assert [each.name for each in tmp_path.rglob("*")] == ["handler.py"]


def test_aws_gets_the_platform_of_lambda() -> None:
    assert AWS.architecture.name == "arm64"
    assert AWS.runtime.name == "python3.13"
    assert HOST.runtime.name == f"python{sys.version_info.major}.{sys.version_info.minor}"


def test_an_unknown_stage_is_reported_in_a_sentence_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "App", lambda: App(context={"stage": "moon"}))
    assert app.main() == 1
    assert capsys.readouterr().err == "context stage: 'moon' is none of local, test, dev, prod\n"
