"""Put the page together: its sources, and the npm files that web/libraries.json names.

libraries.json maps a path in node_modules (a file or a folder) to its path in the page. All files but
`index.html` stand in a folder named by a hash of their content, so that they can be cached for ever.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

INDEX = "index.html"
LIBRARIES = "libraries.json"
NOT_SERVED = (INDEX, LIBRARIES, "tsconfig.json", "*.d.ts", ".*")
CACHED_FOR_EVER = "public, max-age=31536000, immutable"
ASKED_FOR_AGAIN = "no-cache"


def build(sources: Path, packages: Path, target: Path) -> None:
    """Make `target` hold the page as it is hosted; raises FileNotFoundError naming a library that is missing."""
    version = content_hash(sources, packages)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    collect(sources, packages, unfinished / version)
    (unfinished / INDEX).write_text(index(sources, version))
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def collect(sources: Path, packages: Path, target: Path) -> None:
    """Copy all files but `index.html` to `target`; raises FileNotFoundError naming a library that is missing."""
    shutil.copytree(sources, target, ignore=shutil.ignore_patterns(*NOT_SERVED), dirs_exist_ok=True)
    for source, destination in _libraries(sources, packages):
        if source.is_dir():
            shutil.copytree(source, target / destination, dirs_exist_ok=True)
        else:
            (target / destination).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / destination)


def index(sources: Path, version: str) -> str:
    """Return `index.html` with its files taken from the folder `version`."""
    return re.sub(r' (href|src)="', rf' \1="{version}/', (sources / INDEX).read_text())


def content_hash(sources: Path, packages: Path) -> str:
    """Return the name of the folder: 16 hexadecimal digits of a SHA-256 over all paths and contents."""
    digest = hashlib.sha256()
    for folder in (sources, *(source for source, _ in _libraries(sources, packages))):
        files = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for file in files:
            if file.is_file():
                digest.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def cache_control(path: str) -> str:
    """Return the header for a path of the page as it is hosted."""
    return CACHED_FOR_EVER if re.match(r"/[0-9a-f]{16}/", path) else ASKED_FOR_AGAIN


def _libraries(sources: Path, packages: Path) -> Iterator[tuple[Path, str]]:
    libraries: dict[str, str] = json.loads((sources / LIBRARIES).read_text())
    for source, destination in libraries.items():
        if not (packages / source).exists():
            raise FileNotFoundError(f"{LIBRARIES} names {Path(source).name}, which is not installed ({source})")
        yield packages / source, destination
