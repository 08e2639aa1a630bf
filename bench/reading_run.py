"""Reads one PDF by one method in this process: `python -m bench.reading_run ours|peer FILE` prints a JSON object.

A short document is read first, so that the seconds exclude imports and the start of a process, as in a warm worker.
The fastest of several runs counts, since other work on the machine can only slow a run down.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ingest.reader import child

SHORT = Path(__file__).parents[1] / "local" / "samples" / "welcome-en.pdf"

MOST_RUNS, LONG_S = 5, 10.0  # no further run once MOST_RUNS have been made or all have taken LONG_S

Read = Callable[[Path], tuple[list[str], list[str]]]


def ours() -> Read:
    """Return the product's reading and splitting, which gives texts of pages, and passages."""
    read, split = import_module("ingest.reader.read"), import_module("ingest.split")

    def work(path: Path) -> tuple[list[str], list[str]]:
        texts: list[str] = []
        passages: list[str] = []
        for page in read.read_pages(path):
            texts.append(page.text)
            passages += [page.text[span.start : span.end] for span in split.split(page.layout)]
        return texts, passages

    return work


def peer() -> Read:
    """Return the tutorial's reading and splitting."""
    reading = import_module("bench.peer.reading")

    def work(path: Path) -> tuple[list[str], list[str]]:
        texts = reading.read(path)
        return texts, [passage for text in texts for passage in reading.split(text)]

    return work


def processor_s() -> float:
    """Return the processor time of this process and of its children that have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(of.ru_utime + of.ru_stime for of in used)


def main(way: str, path: Path) -> None:
    """Read a file several times and write the result to stdout."""
    work = {"ours": ours, "peer": peer}[way]()
    work(SHORT)
    child.end_waiting()  # processor time counts once a child ends: from here on only that of new ones
    before, seconds = processor_s(), list[float]()
    while len(seconds) < MOST_RUNS and sum(seconds) < LONG_S:
        started = time.monotonic()
        texts, passages = work(path)
        seconds.append(time.monotonic() - started)
    child.end_waiting()
    used = (processor_s() - before) / len(seconds)
    result = {"texts": texts, "passages": passages, "seconds": min(seconds), "processor_s": used}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
