"""Reading a PDF page by page, in a child process that can be killed."""

import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from documind.errors import Code, UnreadableDocumentError
from documind.limits import MAX_PDF_PAGES
from ingest.clean import page_text
from ingest.visual_line import VisualLine

PAGE_TIMEOUT_S = 20.0
DOCUMENT_TIMEOUT_S = 60.0  # spent waiting for the child; what is done with the pages in between does not count
MAX_LINE_BYTES = 64 * 1024 * 1024  # of one page's JSON
INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG")  # and no credentials: the child reads what a stranger wrote

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """Page `number` of `total` (from 1) with its cleaned text, which is empty when there is none to read."""

    number: int
    total: int
    text: str


def read_pages(path: Path) -> Generator[Page, None, None]:
    """Yield the pages of the PDF at `path`, in order, as they are read; closing the generator ends the child.

    Raises UnreadableDocumentError with PDF_INVALID, PDF_ENCRYPTED, PDF_TOO_LONG or PDF_TOO_COMPLEX.
    """
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    command = [sys.executable, "-m", "ingest.reader_process", str(path.absolute())]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment) as child:  # noqa: S603
        try:
            with closing(_records(child)) as records:
                yield from _pages(records)
        finally:
            child.kill()


def _pages(records: Iterator[dict[str, object]]) -> Iterator[Page]:
    """Yield the pages that the child's records describe."""
    total = 0
    for record in records:
        match record:
            case {"failure": str(code)}:
                raise UnreadableDocumentError(Code(code))
            case {"pages": int(total)}:
                if total > MAX_PDF_PAGES:
                    raise UnreadableDocumentError(Code.PDF_TOO_LONG, limit=MAX_PDF_PAGES)
            case {"page": int(number), "lines": list(lines)}:
                yield Page(number, total, page_text([VisualLine(*line) for line in lines]))
            case {"page": int(number)}:
                logger.warning("a page could not be loaded", extra={"page": number})
                yield Page(number, total, "")


def _records(child: "subprocess.Popen[bytes]") -> Generator[dict[str, object], None, None]:
    """Yield what the child writes, as long as it keeps to its time.

    Raises UnreadableDocumentError(PDF_TOO_COMPLEX) when it does not, or dies by a signal: its limits work so.
    """
    buffer = bytearray()
    left_s = DOCUMENT_TIMEOUT_S
    while True:
        started = time.monotonic()
        data = _read(child, min(left_s, PAGE_TIMEOUT_S))
        left_s -= time.monotonic() - started
        if not data:
            break
        *lines, rest = (buffer + data).split(b"\n") if b"\n" in data else [buffer + data]
        yield from map(json.loads, lines)
        buffer = rest
        if len(buffer) > MAX_LINE_BYTES:
            raise UnreadableDocumentError(Code.PDF_TOO_COMPLEX)
    status = child.wait()
    if status < 0:
        logger.warning("the reader was ended by a signal", extra={"signal": -status})
        raise UnreadableDocumentError(Code.PDF_TOO_COMPLEX)
    if status > 0:
        raise RuntimeError(f"the reader ended with status {status}")


def _read(child: "subprocess.Popen[bytes]", timeout_s: float) -> bytes:
    """Return what the child has written next, nothing at its end."""
    assert child.stdout  # noqa: S101
    ready, _, _ = select.select([child.stdout], [], [], max(timeout_s, 0))
    if not ready:
        logger.warning("the reader is out of time")
        raise UnreadableDocumentError(Code.PDF_TOO_COMPLEX)
    return os.read(child.stdout.fileno(), 1 << 20)
