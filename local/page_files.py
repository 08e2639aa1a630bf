"""Put the page together: its sources, and the npm files that web/libraries.json names.

libraries.json maps a path in node_modules (a file or a folder) to its path in the page.
"""

import json
import shutil
from pathlib import Path

from local.steps import StepError

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "libraries.json"
NOT_SERVED = (LIBRARIES, "tsconfig.json", "*.d.ts", ".*")
STEP = "Putting the page together"


def build(sources: Path, packages: Path, target: Path) -> None:
    """Make `target` hold the page; raises StepError naming a library file that is missing."""
    if not sources.is_dir():
        raise StepError(STEP, f"{sources} is missing")
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(sources, unfinished, ignore=shutil.ignore_patterns(*NOT_SERVED))
    for source, destination in libraries(sources).items():
        copy(inside(packages, source), inside(unfinished, destination))
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def libraries(sources: Path) -> dict[str, str]:
    manifest = sources / LIBRARIES
    if not manifest.exists():
        return {}
    named: dict[str, str] = json.loads(manifest.read_text())
    return named


def inside(folder: Path, name: str) -> Path:
    """The named path, which may not lead out of the folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise StepError(STEP, f"{LIBRARIES} names {name}, which is outside of {folder.name}")
    return path


def copy(source: Path, destination: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, destination, dirs_exist_ok=True)
    elif source.is_file():
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
    else:
        raise StepError(STEP, f"{LIBRARIES} names {source.name}, which is not installed ({source})")
