"""Put the page together: its sources, and the npm files that web/libraries.json names.

libraries.json maps a path in node_modules (a file or a folder) to its path in the page; of a folder of drawings it
lists those that become one module. All files but `index.html` stand in a folder named by a hash of their content,
so that they can be cached for ever.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

INDEX = "index.html"
LIBRARIES = "libraries.json"
START = "main.js"
ICONS = "lib/icons.js"
STYLES = "styles.css"
NOT_SERVED = (INDEX, LIBRARIES, "styles", "tsconfig.json", "*.d.ts", ".*")
CACHED_FOR_EVER = "public, max-age=31536000, immutable"
ASKED_FOR_AGAIN = "no-cache"

_IMPORT = re.compile(r'^(?:import|export) [^"]*?from "(\.[^"]+)";$', re.MULTILINE)
_STYLE_LINKS = re.compile(r'(?: *<link rel="stylesheet" href="[^"]+">\n)+')
_LOADED = re.compile(r'\bimport\("(\.[^"]+)"\)')
_TYPES = re.compile(r"[ \t]*/\*\*.*?\*/ ?\n?", re.DOTALL)  # comments that only the type checker reads
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


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
    """Copy all files but `index.html` to `target`, modules without their types.

    Raises FileNotFoundError naming a library that is missing.
    """
    shutil.copytree(sources, target, ignore=shutil.ignore_patterns(*NOT_SERVED), dirs_exist_ok=True)
    for module in target.rglob("*.js"):
        module.write_text(_TYPES.sub("", module.read_text()))
    for source, destination in _libraries(sources, packages):
        if source.is_dir():
            shutil.copytree(source, target / destination, dirs_exist_ok=True)
        else:
            (target / destination).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / destination)
    styles = re.findall(r'rel="stylesheet" href="([^"]+)"', (sources / INDEX).read_text())
    (target / STYLES).write_text("".join((sources / path).read_text() for path in styles))
    (target / ICONS).parent.mkdir(exist_ok=True)
    icons = {drawing.stem: _shapes(drawing) for drawing in _drawings(sources, packages)}
    (target / ICONS).write_text(f"export default {json.dumps(icons)};\n")


def index(sources: Path, version: str) -> str:
    """Return `index.html` with its files taken from the folder `version`, and every module named that it starts with.

    So a browser fetches the modules at once, and not one import after another; those that are loaded meanwhile come
    after the requests of the first, which connect the page. Its style sheets are one file.
    """
    first, meanwhile = modules(sources)
    links = [f'    <link rel="modulepreload" href="{module}">\n' for module in first]
    links += [f'    <link rel="modulepreload" fetchpriority="low" href="{module}">\n' for module in meanwhile]
    page = (sources / INDEX).read_text().replace("  </head>", f"{''.join(links)}  </head>")
    page = _STYLE_LINKS.sub(f'    <link rel="stylesheet" href="{STYLES}">\n', page)
    return re.sub(r' (href|src)="(?!/)', rf' \1="{version}/', page)


def modules(sources: Path) -> tuple[list[str], list[str]]:
    """Return the paths of the modules that the page starts with, and of those that it loads meanwhile by `import()`."""
    start = (sources / START).resolve()
    first = _imported([start])
    loaded = [start.parent / path for path in _LOADED.findall(start.read_text())]
    meanwhile = [module for module in _imported(loaded) if module not in first]

    def paths(of: list[Path]) -> list[str]:
        return [module.relative_to(sources.resolve()).as_posix() for module in of]

    return paths(first), paths(meanwhile)


def _imported(waiting: list[Path]) -> list[Path]:
    """Return these modules and all that they import; libraries stand on their own."""
    found: list[Path] = []
    while waiting:
        module = waiting.pop(0)
        if module in found:
            continue
        found.append(module)
        if module.is_file():
            waiting += [(module.parent / path).resolve() for path in _IMPORT.findall(module.read_text())]
    return found


def content_hash(sources: Path, packages: Path) -> str:
    """Return the name of the folder: 16 hexadecimal digits of a SHA-256 over all paths and contents."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    libraries = [source for source, _ in _libraries(sources, packages)]
    for folder in (sources, *libraries, *_drawings(sources, packages)):
        files = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for file in files:
            if file.is_file():
                digest.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def cache_control(path: str) -> str:
    """Return the header for a path of the page as it is hosted."""
    return CACHED_FOR_EVER if re.match(r"/[0-9a-f]{16}/", path) else ASKED_FOR_AGAIN


def _libraries(sources: Path, packages: Path) -> Iterator[tuple[Path, str]]:
    for source, destination in _named(sources, packages).items():
        if isinstance(destination, str):
            yield _installed(source), destination


def _drawings(sources: Path, packages: Path) -> Iterator[Path]:
    for folder, names in _named(sources, packages).items():
        if isinstance(names, list):
            yield from (_installed(folder / f"{name}.svg") for name in names)


def _named(sources: Path, packages: Path) -> dict[Path, str | list[str]]:
    libraries: dict[str, str | list[str]] = json.loads((sources / LIBRARIES).read_text())
    return {packages / source: destination for source, destination in libraries.items()}


def _installed(source: Path) -> Path:
    if not source.exists():
        raise FileNotFoundError(f"{LIBRARIES} names {source.name}, which is not installed ({source})")
    return source


def _shapes(drawing: Path) -> str:
    """Return what a drawing holds, for the page to put into an `svg` element of its own."""
    shapes = _DRAWING.search(drawing.read_text())
    if shapes is None:
        raise ValueError(f"{drawing.name} is no drawing")
    return " ".join(shapes[1].split())
