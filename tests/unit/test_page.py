"""The page's own logic, run by Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def node(*arguments: str) -> str:
    program = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    assert program, "node is installed with the Python packages: make install"
    run = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("part", ["addresses", "connection", "copying", "frames", "outcomes", "passages", "starters"])
def test_the_logic_of_the_page(part: str) -> None:
    node("--test", f"tests/unit/page/{part}.test.mjs")
