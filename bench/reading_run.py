"""One reading of one PDF in a process of its own: `python -m bench.reading_run ours|peer FILE` prints a JSON object.

Both have read a short document before, as a worker has: imports and the start of a process are left out of the seconds.
The fastest of some runs counts, since other work on the machine only ever slows one down.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.blocks import Heading

SHORT = Path(__file__).parents[1] / "local" / "samples" / "welcome-en.pdf"

MOST_RUNS, LONG_S = 5, 10.0  # runs of which the fastest counts; less often where they take long

Read = Callable[[Path], tuple[list[str], list[str]]]


def ours() -> Read:
    """Return the product's own reading and splitting: texts of pages, and passages."""
    read, split = import_module("ingest.read"), import_module("ingest.split")

    def work(path: Path) -> tuple[list[str], list[str]]:
        texts: list[str] = []
        passages: list[str] = []
        above: tuple[Heading, ...] = ()
        for page in read.read_pages(path):
            texts.append(page.text)
            passages += [page.text[span.start : span.end] for span in split.split(page.layout, above)]
            above = split.headings_after(page.layout, above)
        return texts, passages

    return work


def peer() -> Read:
    """Return the tutorial's."""
    reading = import_module("bench.peer.reading")

    def work(path: Path) -> tuple[list[str], list[str]]:
        texts = reading.read(path)
        return texts, [passage for text in texts for passage in reading.split(text)]

    return work


if __name__ == "__main__":
    work = {"ours": ours, "peer": peer}[sys.argv[1]]()
    work(SHORT)
    seconds: list[float] = []
    while len(seconds) < MOST_RUNS and sum(seconds) < LONG_S:
        started = time.monotonic()
        texts, passages = work(Path(sys.argv[2]))
        seconds.append(time.monotonic() - started)
    sys.stdout.write(json.dumps({"texts": texts, "passages": passages, "seconds": min(seconds)}))
