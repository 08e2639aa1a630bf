"""List markers that a page draws instead of writing them: the discs, circles and squares of HTML lists."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress, islice, repeat
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.reader.turn import Place
from ingest.reader.visual_line import Box, VisualLine

MAX_OBJECTS = 20_000  # per page that are examined: maps have more, pages with lists do not
MAX_MARKS = 300
MIN_SIDE, MAX_SIDE = 0.15, 0.8  # of the font size
SQUARE = 0.25  # of the longer side: greatest difference between the two sides
DISTANCE = 2.0  # of the font size: greatest distance between a mark and its line


def _quick(function: Any, *arguments: Any) -> Any:
    """Return a pdfium function that takes addresses as integers: faster, and a page has hundreds of objects."""
    result, *taken = arguments
    return ctypes.PYFUNCTYPE(result, *taken)(ctypes.cast(function, ctypes.c_void_p).value or 0)


GET_OBJECT = _quick(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
GET_TYPE = _quick(raw.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)
GET_BOUNDS = _quick(raw.FPDFPageObj_GetBounds, ctypes.c_int, *[ctypes.c_void_p] * 5)


def with_marks(lines: Sequence[VisualLine], page: pypdfium2.PdfPage, place: Place) -> list[VisualLine]:
    """Return the lines; `marked` is set on those with a drawn mark in front of them."""
    marks = list(islice(_squares(page, place), MAX_MARKS))
    return [replace(line, marked=True) if any(_marks(mark, line) for mark in marks) else line for line in lines]


def _marks(mark: Box, line: VisualLine) -> bool:
    """Tell whether a drawn square is in front of a line, at its height, and as large as a list marker."""
    return (
        line.direction == "right"
        and 0 <= line.begin - mark.right <= DISTANCE * line.size
        and line.across[0] < (mark.top + mark.bottom) / 2 < line.across[1]
        and MIN_SIDE * line.size <= mark.bottom - mark.top <= MAX_SIDE * line.size
    )


def _squares(page: pypdfium2.PdfPage, place: Place) -> Iterator[Box]:
    """Yield the bounding boxes of a page's paths that are about as wide as high."""
    count = min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    address = ctypes.cast(page.raw, ctypes.c_void_p).value
    objects = [*map(GET_OBJECT, repeat(address), range(count))]
    sides = left, bottom, right, top = [ctypes.c_float() for _ in range(4)]
    for drawn in compress(objects, map(raw.FPDF_PAGEOBJ_PATH.__eq__, map(GET_TYPE, objects))):
        if GET_BOUNDS(drawn, *map(ctypes.byref, sides)):
            width, height = right.value - left.value, top.value - bottom.value
            if abs(width - height) <= SQUARE * max(width, height):
                yield place.box(left.value, bottom.value, right.value, top.value)
