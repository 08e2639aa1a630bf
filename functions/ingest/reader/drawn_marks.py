"""Marks of list items that a page draws and does not write: the discs, circles and squares of HTML lists."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.reader.turn import Place
from ingest.reader.visual_line import Box, VisualLine

MAX_OBJECTS = 20_000  # of a page that are looked at: maps have more, pages with lists have not
MAX_MARKS = 300
MIN_SIDE, MAX_SIDE = 0.15, 0.8  # of the size of the text
SQUARE = 0.25  # of its longer side: how much the shorter one may lack
DISTANCE = 2.0  # of the size: how far before its line a mark stands at most


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
    sides = left, bottom, right, top = [ctypes.c_float() for _ in range(4)]
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
        drawn = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPageObj_GetBounds(drawn, *sides):
            width, height = right.value - left.value, top.value - bottom.value
            if abs(width - height) <= SQUARE * max(width, height):
                yield place.box(left.value, bottom.value, right.value, top.value)
