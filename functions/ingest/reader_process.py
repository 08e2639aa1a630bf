"""The child process that reads a PDF: hostile files end here, not in the function.

`python -m ingest.reader_process FILE FIRST LOST...` writes JSON, one object a line: `{"pages": n}`; `{"reading": n}`
before page n is looked at; then for each page from FIRST on `{"page": n, ...}` with its text, lines and blocks, or with
`"loss"`, which says why there is no text. Pages count from 1; those named LOST killed an earlier process and are left
out. `{"failure": code}` ends the reading. A file that takes too much memory or time kills this process by a signal.
"""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from documind.errors import Code, UnreadableDocumentError
from ingest.document_pages import DocumentPages

MEMORY_BYTES = 800 * 1024 * 1024  # address space; a plain 250-page manual takes a tenth of it
PAGE_CPU_S = 10  # a dense page takes 0.02


def read(path: Path, first: int, lost: frozenset[int]) -> Iterator[dict[str, object]]:
    """Yield the objects to be written for the PDF at `path`."""
    try:
        document = DocumentPages(path, lost)
    except UnreadableDocumentError as error:
        yield {"failure": error.code}
        return
    yield {"pages": document.total}
    for event in document.read(first):
        _allow(PAGE_CPU_S)
        yield event


def _allow(cpu_s: int) -> None:
    """Give the process more time of the processor from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def main(path: str, first: str, *lost: str) -> None:
    """Read under limits and write the result."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow(PAGE_CPU_S)
    try:
        for record in read(Path(path), int(first), frozenset(map(int, lost))):
            sys.stdout.write(json.dumps(record, separators=(",", ":")) + "\n")
            sys.stdout.flush()
    except MemoryError:
        sys.stdout.write(json.dumps({"failure": Code.PDF_TOO_COMPLEX}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
