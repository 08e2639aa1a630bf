"""Reading and splitting PDFs: speed, memory, accuracy and joined lines, compared with the tutorial's method.

A browser prints documents with known text; `PDFS=FOLDER` adds the PDFs of a folder, for speed and memory only.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.documents import Language, Printed, Style, document, print_pdf
from bench.layouts import layouts
from bench.reading_measures import characters, ending_at_a_sentence, ending_whole, holding, joins
from ingest.reader.read import read_pages

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT, ROOT / "functions", ROOT / "layers" / "documind" / "python")
DOCUMENTS: tuple[tuple[Language, Style, int], ...] = (
    ("en", "paper", 18),
    ("zh-TW", "thesis", 16),
    ("ja", "report", 16),
    ("zh-TW", "report", 340),
)

SPEED = (
    "document",
    "pages",
    "pages a second, ours",
    "peer",
    "times",
    "pages a second of the processor, ours",
    "peer",
    "times",
    "peak MB, ours",
    "peer",
)
EXACTNESS = (
    "document",
    "by",
    "characters wrong",
    "missing",
    "passages that end at a sentence",
    "at a sentence or another whole unit",
    "that hold the header",
    "lines joined of those that go on",
    "wrongly of those that do not",
)


@dataclass(frozen=True)
class Reading:
    """The result of one file: texts of its pages, passages, seconds of wall and processor time, peak memory in MB."""

    texts: list[str]
    passages: list[str]
    seconds: float
    processor_s: float
    peak_mb: float


def run() -> None:
    """Print a table of speed and memory, and one of accuracy."""
    print(f"| {' | '.join(SPEED)} |\n|{'---|' * len(SPEED)}")
    exactness = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        for language, style, chapters in DOCUMENTS:
            name, printed = f"{style}, {language}", document(language, style, chapters=chapters)
            print_pdf(printed.markup, path)
            ours, peer = compared(name, path)
            exactness.append(exactness_row(f"{name} | ours", ours, printed) + joins_row(path, printed))
            exactness.append(exactness_row(f"{name} | peer", peer, printed) + "| | |")
        for name, printed in layouts():
            print_pdf(printed.markup, path)
            exactness.append(exactness_row(f"{name} | ours", reading("ours", path), printed) + joins_row(path, printed))
        for path in sorted(Path(os.environ["PDFS"]).glob("*.pdf")) if "PDFS" in os.environ else ():
            compared(path.name, path)
    print(f"\n| {' | '.join(EXACTNESS)} |\n|{'---|' * len(EXACTNESS)}")
    print("\n".join(exactness))


def compared(name: str, path: Path) -> tuple[Reading, Reading]:
    """Read a file by our method and by the peer's, and print a row."""
    ours, peer = reading("ours", path), reading("peer", path)
    pages = len(ours.texts)
    rates = f"{pages / ours.seconds:.1f} | {pages / peer.seconds:.1f} | {peer.seconds / ours.seconds:.1f}"
    used = (
        f"{pages / ours.processor_s:.1f} | {pages / peer.processor_s:.1f} | {peer.processor_s / ours.processor_s:.1f}"
    )
    print(f"| {name} | {pages} | {rates} | {used} | {ours.peak_mb:.0f} | {peer.peak_mb:.0f} |", flush=True)
    return ours, peer


def reading(way: str, path: Path) -> Reading:
    """Read a file in a new process; the memory is that of its largest process. Raises RuntimeError if it fails."""
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


def exactness_row(name: str, read: Reading, printed: Printed) -> str:
    """Return the first cells of the accuracy row of a document with known text."""
    wrong, missing = characters("\n".join(read.texts), printed, len(read.texts))
    sentences, whole = ending_at_a_sentence(read.passages), ending_whole(read.passages, printed)
    headers = holding(read.passages, printed.header) if printed.header else 0.0
    return f"| {name} | {wrong} | {missing} | {sentences:.0%} | {whole:.0%} | {headers:.0%} "


def joins_row(path: Path, printed: Printed) -> str:
    """Return the cells about joined lines."""
    found = joins(read_pages(path), printed)
    return f"| {found.joined} of {found.continuing} | {found.wrong} of {found.between} |"


if __name__ == "__main__":
    run()
