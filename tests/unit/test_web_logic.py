"""The page's logic, tested by Node's test runner, and its served files."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra import website_files

ROOT = Path(__file__).resolve().parents[2]


def node(*arguments: str) -> str:
    program = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    assert program, "node is installed with the Python packages: make install"
    run = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize(
    "part", ["addresses", "citing", "connection", "copying", "frames", "marks", "outcomes", "starters"]
)
def test_the_logic_of_the_page(part: str) -> None:
    node("--test", f"tests/unit/page/{part}.test.mjs")


def test_index_preloads_exactly_the_modules_that_the_page_starts_with() -> None:
    page = website_files.index(ROOT / "web", "v")
    names = re.findall(r'<link rel="modulepreload".*? href="v/(.+?)">', page)
    assert {"main.js", "components/composer.js", "lib/preact.js"} <= set(names)
    assert not {"components/viewer.js", "lib/pdf.js", "code.js"} & set(names), "loaded when they are needed"
    assert 'href="/config.json"' in page, "which stands beside index.html, and not in the folder of a version"


def test_modules_are_served_without_type_comments(tmp_path: Path) -> None:
    website_files.collect(ROOT / "web", ROOT / "node_modules", tmp_path)
    (tmp_path / "package.json").write_text('{ "type": "module" }')
    served = [path for path in tmp_path.rglob("*.js") if tmp_path / "lib" not in path.parents]
    assert tmp_path / "components" / "app.js" in served
    assert not [path.name for path in served if "/**" in path.read_text()]
    node("--input-type=module", "--eval", f"await import({str(tmp_path / 'frames.js')!r})")


def test_the_listed_icons_are_exactly_the_used_ones() -> None:
    drawn = set(json.loads((ROOT / "web" / "libraries.json").read_text())["lucide-static/icons"])
    source = "\n".join(path.read_text() for path in (ROOT / "web" / "components").glob("*.js"))
    used = {name for name in drawn if f'"{name}"' in source}
    named = set(re.findall(r'icon: "([a-z0-9-]+)"|name="([a-z0-9-]+)"|icon="([a-z0-9-]+)"', source))
    assert used == drawn
    assert {name for names in named for name in names if name} - {"name"} <= drawn
