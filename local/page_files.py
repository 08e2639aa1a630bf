"""Put the page together: its sources, and the npm files that web/libraries.json names.

libraries.json maps a path in node_modules (a file or a folder) to its path in the page.
"""

import json
import shutil
from pathlib import Path

from local.steps import StepError

LIBRARIES = "libraries.json"
NOT_SERVED = (LIBRARIES, "tsconfig.json", "*.d.ts", ".*")


def build(sources: Path, packages: Path, target: Path) -> None:
    """Make `target` hold the page; raises StepError naming a library file that is missing."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(sources, unfinished, ignore=shutil.ignore_patterns(*NOT_SERVED))
    libraries: dict[str, str] = json.loads((sources / LIBRARIES).read_text())
    for source, destination in libraries.items():
        copy(packages / source, unfinished / destination)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def copy(source: Path, destination: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, destination, dirs_exist_ok=True)
    elif source.is_file():
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
    else:
        raise StepError(
            "Putting the page together", f"{LIBRARIES} names {source.name}, which is not installed ({source})"
        )
