"""Marks of list items that a page draws and does not write: the discs, circles and squares of HTML lists."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import compress, islice, repeat
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.reader.turn import Place
from ingest.reader.visual_line import Box, VisualLine

MAX_OBJECTS = 20_000  # of a page that are looked at: maps have more, pages with lists have not
MAX_MARKS = 300
MIN_SIDE, MAX_SIDE = 0.15, 0.8  # of the size of the text
SQUARE = 0.25  # of its longer side: how much the shorter one may lack
DISTANCE = 2.0  # of the size: how far before its line a mark stands at most


def _quick(function: Any, *arguments: Any) -> Any:
    """Return a function of pdfium that takes addresses as numbers: a page has hundreds of objects."""
    result, *taken = arguments
    return ctypes.PYFUNCTYPE(result, *taken)(ctypes.cast(function, ctypes.c_void_p).value or 0)


GET_OBJECT = _quick(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
GET_TYPE = _quick(raw.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)
GET_BOUNDS = _quick(raw.FPDFPageObj_GetBounds, ctypes.c_int, *[ctypes.c_void_p] * 5)


def with_marks(lines: Sequence[VisualLine], page: pypdfium2.PdfPage, place: Place) -> list[VisualLine]:
    """Return the lines; `marked` are those that have a drawn mark in front of them."""
    marks = list(islice(_squares(page, place), MAX_MARKS))
    return [replace(line, marked=True) if any(_marks(mark, line) for mark in marks) else line for line in lines]


def _marks(mark: Box, line: VisualLine) -> bool:
    """Tell whether a small square stands in front of a line."""
    return (
        line.direction == "right"
        and 0 <= line.begin - mark.right <= DISTANCE * line.size
        and line.across[0] < (mark.top + mark.bottom) / 2 < line.across[1]
        and MIN_SIDE * line.size <= mark.bottom - mark.top <= MAX_SIDE * line.size
    )


def _squares(page: pypdfium2.PdfPage, place: Place) -> Iterator[Box]:
    """Yield where the paths of a page are that are about as wide as high."""
    count = min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    address = ctypes.cast(page.raw, ctypes.c_void_p).value
    objects = [*map(GET_OBJECT, repeat(address), range(count))]
    sides = left, bottom, right, top = [ctypes.c_float() for _ in range(4)]
    for drawn in compress(objects, map(raw.FPDF_PAGEOBJ_PATH.__eq__, map(GET_TYPE, objects))):
        if GET_BOUNDS(drawn, *map(ctypes.byref, sides)):
            width, height = right.value - left.value, top.value - bottom.value
            if abs(width - height) <= SQUARE * max(width, height):
                yield place.box(left.value, bottom.value, right.value, top.value)
