"""Documents match the code: generated ones are current, and names and links in others exist."""

import json
import re
from pathlib import Path

import pytest

from docs import cost, protocol, security
from docs.generate import FILES, ROOT
from documind.errors import Code
from documind.wire import CLIENT_FRAMES, SERVER_FRAMES
from documind.wire.client import routes

FOLDER = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "THIRD_PARTY_NOTICES.md", *sorted(FOLDER.rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)|(?:src|srcset|href)=\"(?!https?:)([^\"]+)\"")


@pytest.mark.parametrize("name", FILES)
def test_generated_files_are_current(name: str) -> None:
    assert (ROOT / name).read_text() == FILES[name](), "`make docs` writes them anew"


def test_every_frame_and_every_error_is_on_the_page() -> None:
    text = protocol.page()
    server = [frame["properties"]["type"]["const"] for frame in SERVER_FRAMES.json_schema()["$defs"].values()
              if "const" in frame.get("properties", {}).get("type", {})]  # fmt: skip
    for name in {*routes(), *server}:
        assert f"### `{name}`\n" in text
    for code in Code:
        assert f"| `{code}` |" in text


def test_each_threat_names_existing_tests() -> None:
    table = (FOLDER / "security.md").read_text().partition("## Threat model")[2]
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(lines) > 10
    for line in lines:
        named = re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", line)
        assert named, line
        assert all((FOLDER.parent / "tests" / name).is_file() for name in named), line


def test_the_page_on_security_has_the_rights_of_the_protocol() -> None:
    text = (FOLDER / "security.md").read_text()
    assert text.split("\n\n")[2].splitlines() == security.rights()


def test_the_schema_has_the_frames_of_both_sides() -> None:
    schema = json.loads(protocol.schema())
    client = schema["$defs"]["ClientFrame"]["discriminator"]["mapping"]
    assert sorted(client) == sorted(routes())
    for reference in re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)):
        assert reference in schema["$defs"]
    assert CLIENT_FRAMES.json_schema()["oneOf"]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_have_existing_targets(page: Path) -> None:
    for path, anchor, source in LINK.findall(page.read_text()):
        target = page.parent / (path or source or page.name)
        assert target.exists(), f"{page.name} links to {path or source}"
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), f"{page.name} links to {path}#{anchor}"


def headings(page: Path) -> set[str]:
    """Return the anchors that GitHub makes from the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_direct_dependency_is_accounted_for_and_no_other() -> None:
    documented = re.findall(r"^\| `([^`]+)` \|", (FOLDER / "dependencies.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(set(documented))
    assert set(documented) == direct_dependencies()


def direct_dependencies() -> set[str]:
    """Return the names in the hand-written inputs of all lock files; of a Maven coordinate its group and artifact."""
    names = set()
    for path in [*ROOT.glob("requirements/*.in"), *ROOT.glob("layers/*/requirements.in")]:
        for line in path.read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                maven = re.match(r"[\w.-]+:[\w.-]+", line)
                names.add(maven.group() if maven else re.split(r"[\[<>=~!; ]", line)[0])
    package = json.loads((ROOT / "package.json").read_text())
    return names | set(package["dependencies"]) | set(package["devDependencies"])


def test_the_stages_cost_little() -> None:
    assert cost.idle(0, free=True) < 1
    assert cost.idle(1, free=True) < 30
    assert cost.thousand_questions() < 0.40
