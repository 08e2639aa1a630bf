"""Reading and splitting PDFs: speed, memory, exactness and joined lines, beside the tutorial's way.

Prints documents with known text by a browser; `PDFS=FOLDER` adds the PDFs of a folder, for speed and memory only.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.documents import Language, Printed, Style, document, print_pdf
from bench.reading_measures import characters, ending_at_a_sentence, holding, joins
from ingest.read import read_pages

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT, ROOT / "functions", ROOT / "layers" / "documind" / "python")
DOCUMENTS: tuple[tuple[Language, Style, int], ...] = (
    ("en", "paper", 18),
    ("zh-TW", "thesis", 16),
    ("ja", "report", 16),
    ("zh-TW", "report", 220),
)


@dataclass(frozen=True)
class Reading:
    """What came of one file: the texts of its pages, its passages, seconds without imports, and peak memory."""

    texts: list[str]
    passages: list[str]
    seconds: float
    peak_mb: float


def run() -> None:
    """Print a table of speed and memory, and one of exactness."""
    print("| document | pages | pages/s, ours | peer | times | peak MB, ours | peer |\n|---|---|---|---|---|---|---|")
    exactness = []
    with tempfile.TemporaryDirectory() as folder:
        for language, style, chapters in DOCUMENTS:
            name, printed = f"{style}, {language}", document(language, style, chapters=chapters)
            path = Path(folder) / f"{style}-{language}.pdf"
            print_pdf(printed.markup, path)
            for way, read in compared(name, path).items():
                row = exactness_row(name, way, read, printed)
                exactness.append(row + (joins_row(path, printed) if way == "ours" else "| | |"))
        for path in sorted(Path(os.environ["PDFS"]).glob("*.pdf")) if "PDFS" in os.environ else ():
            compared(path.name, path)
    print(
        "\n| document | by | characters wrong | missing | passages that end at a sentence | that hold the header ",
        end="",
    )
    print("| lines joined of those that go on | wrong of those that do not |\n|---|---|---|---|---|---|---|---|")
    print("\n".join(exactness))


def compared(name: str, path: Path) -> dict[str, Reading]:
    """Read a file in both ways and print a row."""
    both = {way: reading(way, path) for way in ("ours", "peer")}
    ours, peer = both.values()
    pages = len(ours.texts)
    rates = f"{pages / ours.seconds:.1f} | {pages / peer.seconds:.1f} | {peer.seconds / ours.seconds:.1f}"
    print(f"| {name} | {pages} | {rates} | {ours.peak_mb:.0f} | {peer.peak_mb:.0f} |", flush=True)
    return both


def reading(way: str, path: Path) -> Reading:
    """Read a file in a process of its own; the memory is that of the largest process."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, SOURCES))}
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-m", "bench.reading_run", way, str(path)]
        child = subprocess.Popen(command, stdout=output, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(f"{way} could not read {path.name}")
        output.seek(0)
        return Reading(**json.load(output), peak_mb=used.ru_maxrss / 1024)


def exactness_row(name: str, way: str, read: Reading, printed: Printed) -> str:
    """Return the row of a document with known text."""
    wrong, missing = characters("\n".join(read.texts), printed, len(read.texts))
    sentences, headers = ending_at_a_sentence(read.passages), holding(read.passages, printed.header)
    return f"| {name} | {way} | {wrong} | {missing} | {sentences:.0%} | {headers:.0%} "


def joins_row(path: Path, printed: Printed) -> str:
    """Return the cells about joined lines."""
    found = joins(read_pages(path), printed)
    return f"| {found.joined} of {found.continuing} | {found.wrong} of {found.between} |"


if __name__ == "__main__":
    run()
