"""Builds the website from its sources and the npm files that web/libraries.json names.

libraries.json maps a path in node_modules (a file or a folder) to its path in the website; for a folder of SVG files it
lists those that become one module. All files but `index.html` are in a folder named by a hash of their content, so that
browsers may cache them for ever.
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
    """Write the website to `target`; raises FileNotFoundError naming a missing library."""
    version = content_hash(sources, packages)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    collect(sources, packages, unfinished / version)
    (unfinished / INDEX).write_text(index(sources, version))
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def collect(sources: Path, packages: Path, target: Path) -> None:
    """Copy all files but `index.html` to `target`, modules without their type comments.

    Raises FileNotFoundError naming a missing library.
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
    """Return `index.html` with paths into the folder `version`, one style sheet, and preload links for the modules.

    By the preload links a browser fetches all modules in parallel instead of one import after another. Modules that are
    loaded by `import()` have low priority, so that the requests that open the connection come first.
    """
    first, meanwhile = modules(sources)
    links = [f'    <link rel="modulepreload" href="{module}">\n' for module in first]
    links += [f'    <link rel="modulepreload" fetchpriority="low" href="{module}">\n' for module in meanwhile]
    page = (sources / INDEX).read_text().replace("  </head>", f"{''.join(links)}  </head>")
    page = _STYLE_LINKS.sub(f'    <link rel="stylesheet" href="{STYLES}">\n', page)
    return re.sub(r' (href|src)="(?!/)', rf' \1="{version}/', page)


def modules(sources: Path) -> tuple[list[str], list[str]]:
    """Return the paths of the modules that `main.js` imports, and of those that it loads by `import()`."""
    start = (sources / START).resolve()
    first = _imported([start])
    loaded = [start.parent / path for path in _LOADED.findall(start.read_text())]
    meanwhile = [module for module in _imported(loaded) if module not in first]

    def paths(of: list[Path]) -> list[str]:
        return [module.relative_to(sources.resolve()).as_posix() for module in of]

    return paths(first), paths(meanwhile)


def _imported(waiting: list[Path]) -> list[Path]:
    """Return these modules and all that they import; libraries have no imports."""
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
    """Return the Cache-Control header for a path of the website."""
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
    """Return the content of an SVG file's `svg` element."""
    shapes = _DRAWING.search(drawing.read_text())
    if shapes is None:
        raise ValueError(f"{drawing.name} is no drawing")
    return " ".join(shapes[1].split())
