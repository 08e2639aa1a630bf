"""The page's own logic, run by Node's own test runner."""

import re
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


IMPORT = re.compile(r'^(?:import|export) [^"]*?from "(\.[^"]+)";$', re.MULTILINE)
PRELOADED = re.compile(r'<link rel="modulepreload" href="(.+?)">')


def test_index_names_the_modules_that_the_page_starts_with() -> None:
    """So that a browser fetches them at once, and not one import after another."""
    web, found, waiting = ROOT / "web", set(), [ROOT / "web" / "main.js"]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        if module.is_file():  # else a library, copied from npm, that stands on its own
            waiting += [(module.parent / path).resolve() for path in IMPORT.findall(module.read_text())]
    names = PRELOADED.findall((web / "index.html").read_text())
    assert names == sorted(str(module.relative_to(web)) for module in found)


def test_every_icon_is_copied_and_no_other() -> None:
    copied = set(re.findall(r'"lib/icons/(.+?)\.svg"', (ROOT / "web" / "libraries.json").read_text()))
    source = "\n".join(path.read_text() for path in (ROOT / "web" / "components").glob("*.js"))
    used = {name for name in copied if f'"{name}"' in source}
    named = set(re.findall(r'icon: "([a-z0-9-]+)"|name="([a-z0-9-]+)"|icon="([a-z0-9-]+)"', source))
    assert used == copied
    assert {name for names in named for name in names if name} - {"name", "room"} <= copied
