"""The child process that reads a PDF with pdfium: hostile files end here, not in the function.

`python -m ingest.reader_process FILE` writes JSON, one object a line: `{"pages": n}`, then for each page
`{"page": n, "lines": [...]}` with its visual lines, or `{"page": n, "lost": true}` when pdfium cannot load it.
`{"failure": code}` ends the reading. A file that takes too much memory or time kills this process by a signal.
"""

import ctypes
import json
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from documind.errors import Code
from ingest.visual_line import VisualLine

MEMORY_BYTES = 800 * 1024 * 1024  # address space; a plain 250-page manual takes a tenth of it
CPU_S = 60
HEIGHT_SAMPLES = 8  # characters of a line: the boxes of single ones are too small in the fonts that browsers print
MAX_PAGE_CHARACTERS = 500_000  # a page full of tiny print has 20,000

# What a line break keeps together: a word, or one ideograph, with the brackets before and the punctuation after it.
UNBREAKABLE = re.compile(
    r"[(（「『《〈【“‘]*(?:[!-~\u00a1-\u2017\u2026-\u2e7f]+|.)[)）」』》〉】”’。，、；：！？!?,.;:]*"
)
LINE_BREAK = re.compile(r"[\r\n]+")


class TooComplexError(Exception):
    """A page holds more than any honest page does."""


def read(path: Path) -> Iterator[dict[str, object]]:
    """Yield the objects to be written for the PDF at `path`."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        encrypted = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        yield {"failure": Code.PDF_ENCRYPTED if encrypted else Code.PDF_INVALID}
        return
    yield {"pages": len(document)}
    for index in range(len(document)):
        try:
            yield {"page": index + 1, "lines": lines_of_page(document, index)}
        except pypdfium2.PdfiumError:
            yield {"page": index + 1, "lost": True}


def lines_of_page(document: pypdfium2.PdfDocument, index: int) -> list[VisualLine]:
    """Return the lines that a person sees on the page (from 0), in the order of reading."""
    page = document[index]
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise TooComplexError
        units = "".join([chr(raw.FPDFText_GetUnicode(text_page, number)) for number in range(count)])
        return [visual_line(text_page, units, start, end) for start, end in spans_of_lines(units)]
    finally:
        text_page.close()
        page.close()


def spans_of_lines(units: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a page lie, without the white space around them."""
    start = 0
    for end in [*(match.start() for match in LINE_BREAK.finditer(units)), len(units)]:
        line = units[start:end].strip()
        if line:
            left = units.index(line, start)
            yield left, left + len(line)
        start = end


def visual_line(text_page: pypdfium2.PdfTextPage, units: str, start: int, end: int) -> VisualLine:
    """Return the line whose characters pdfium counts from `start` to `end`; it counts in UTF-16 units."""
    first, last = box_of(text_page, start), box_of(text_page, end - 1)
    sample = [box_of(text_page, index) for index in range(start, end, max((end - start) // HEIGHT_SAMPLES, 1))]
    unit = UNBREAKABLE.match(units, start, end)
    unit_end = box_of(text_page, unit.end() - 1) if unit else first
    return VisualLine(
        text=units[start:end].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"),
        left=min(first.left, last.left),  # text that runs from right to left begins at its right
        right=max(first.right, last.right),
        baseline=baseline_of(text_page, start),
        height=max(box.top - box.bottom for box in sample),
        start_width=abs(unit_end.right - first.left),
    )


def box_of(text_page: pypdfium2.PdfTextPage, index: int) -> raw.FS_RECTF:
    """Return the box of a character by its font's measures, in PDF points; all zeros where pdfium has none."""
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
    return box


def baseline_of(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """Return how high the line of a character stands, in PDF points."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
    return y.value


def main(path: str) -> None:
    """Read under limits and write the result."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for record in read(Path(path)):
            print(json.dumps(record), flush=True)
    except (MemoryError, TooComplexError):
        print(json.dumps({"failure": Code.PDF_TOO_COMPLEX}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
