"""The lines of one page with the box of each character, as pdfium finds them."""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from math import hypot
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.page_lines import Run, line_of_run
from ingest.visual_line import Box, VisualLine

MAX_PAGE_CHARACTERS = 500_000  # a page full of tiny print has 20,000
SEMIBOLD = 600
BOLD_NAME = re.compile(r"bold|black|heavy|semib|demi|cmbx|[a-z]bx\d", re.IGNORECASE)
NAME_BYTES = 128
LINE_HYPHENS = {0x02, 0xFFFE}  # so pdfium marks a hyphen at a line's end; it puts no line break there
LINE_BREAKS = {0x0A, 0x0D}
HIGH_SURROGATES, LOW_SURROGATES = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
QUARTERS = 4

Place = Callable[[float, float, float, float], Box]


class TooComplexError(Exception):
    """A page holds more than any honest page does."""


class PdfiumPage:
    """One loaded page; `index` counts from 0. Raises PdfiumError when pdfium cannot load it."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int) -> None:
        self.page = document[index]
        turns = self.page.get_rotation() // 90 % QUARTERS
        crop = self._visible_area()
        self.place = placed_on_display(crop, turns)
        width, height = crop[2] - crop[0], crop[3] - crop[1]
        self.width, self.height = (height, width) if turns % 2 else (width, height)
        self.page.set_rotation(0)  # pdfium looks for lines along the page before it is turned
        self._text = self.page.get_textpage()
        self._box = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()

    def close(self) -> None:
        """Free what pdfium holds."""
        self._text.close()
        self.page.close()

    def _visible_area(self) -> tuple[float, float, float, float]:
        """Return the crop box within the media box, as left, bottom, right, top."""
        media, crop = self.page.get_mediabox(), self.page.get_cropbox()
        area = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
        return area if area[0] < area[2] and area[1] < area[3] else media

    def lines(self) -> list[VisualLine]:
        """Return the lines that a person sees, in the order of reading.

        Raises TooComplexError.
        """
        count = self._text.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise TooComplexError
        handle, get = self._text.raw, raw.FPDFText_GetUnicode
        units = [get(handle, index) for index in range(count)]
        runs = (self._run(units, start, end, hyphenated) for start, end, hyphenated in spans_of_lines(units))
        lines = (line_of_run(run) for run in runs if run.characters)
        return [line for line in lines if line and self._is_visible(line)]

    def share_without_unicode(self) -> float:
        """Return which share of a sample of the characters has no known meaning: their font does not tell."""
        count = self._text.count_chars()
        sample = range(0, count, max(count // 100, 1))
        unknown = sum(raw.FPDFText_HasUnicodeMapError(self._text.raw, index) == 1 for index in sample)
        return unknown / len(sample) if sample else 0.0

    def _is_visible(self, line: VisualLine) -> bool:
        """Tell whether any of the line lies on the displayed page: printers' marks and hidden notes do not."""
        first, last = line.boxes[0], line.boxes[-1]
        left, right = min(first.left, last.left), max(first.right, last.right)
        top, bottom = min(first.top, last.top), max(first.bottom, last.bottom)
        return right > 0 and left < self.width and bottom > 0 and top < self.height

    def _run(self, units: Sequence[int], start: int, end: int, hyphenated: bool) -> Run:
        """Return the characters of a line with their boxes; a pair of surrogates is one character."""
        box, at, handle = self._box, ctypes.byref(self._box), self._text.raw
        get, place = raw.FPDFText_GetLooseCharBox, self.place
        characters = []
        index = start
        while index < end:
            unit = units[index]
            get(handle, index, at)
            step = 1
            if unit in HIGH_SURROGATES and index + 1 < end and units[index + 1] in LOW_SURROGATES:
                unit = 0x10000 + ((unit - 0xD800) << 10) + units[index + 1] - 0xDC00
                step = 2
            characters.append((chr(unit), place(box.left, box.bottom, box.right, box.top)))
            index += step
        sample = sorted({start, (start + end) // 2, end - 1}) if end > start else []
        sizes = sorted((self._size(index), index) for index in sample)
        size, typical = sizes[len(sizes) // 2] if sizes else (0.0, start)  # not that of a superscript
        return Run(
            characters=characters,
            origin=self._origin(typical),
            size=size,
            bold=bool(sample) and all(self._is_bold(index) for index in sample),
            hyphenated=hyphenated,
        )

    def _origin(self, index: int) -> tuple[float, float]:
        """Return where a character stands on its line, on the displayed page."""
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._text.raw, index, ctypes.byref(x), ctypes.byref(y))
        box = self.place(x.value, y.value, x.value, y.value)
        return box.left, box.top

    def _size(self, index: int) -> float:
        """Return the size of a character's font in points of the page; 0 for what pdfium makes up."""
        size = raw.FPDFText_GetFontSize(self._text.raw, index)
        if size <= 0 or not raw.FPDFText_GetMatrix(self._text.raw, index, ctypes.byref(self._matrix)):
            return 0.0
        if raw.FPDFText_GetFontWeight(self._text.raw, index) < 0:
            return 0.0
        return float(size) * hypot(self._matrix.c, self._matrix.d)

    def _is_bold(self, index: int) -> bool:
        if raw.FPDFText_GetFontWeight(self._text.raw, index) >= SEMIBOLD:
            return True
        name = ctypes.create_string_buffer(NAME_BYTES)
        raw.FPDFText_GetFontInfo(self._text.raw, index, name, NAME_BYTES, ctypes.byref(ctypes.c_int()))
        return bool(BOLD_NAME.search(name.value.decode("latin-1")))


def placed_on_display(area: tuple[float, float, float, float], turns: int) -> Place:
    """Return what maps a box of the page (left, bottom, right, top) to the display, turned clockwise by quarters."""
    left, bottom, right, top = area
    new = tuple.__new__  # a named tuple's own takes twice the time, and this happens for each character
    maps: list[Any] = [
        lambda x0, y0, x1, y1: new(Box, (x0 - left, top - y1, x1 - left, top - y0)),
        lambda x0, y0, x1, y1: Box(y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        lambda x0, y0, x1, y1: Box(right - x1, y0 - bottom, right - x0, y1 - bottom),
        lambda x0, y0, x1, y1: Box(top - y1, right - x1, top - y0, right - x0),
    ]
    place: Place = maps[turns]
    return place


def spans_of_lines(units: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield where the lines of a page lie, and whether a hyphen broke a word at their end."""
    start = 0
    for index, unit in enumerate(units):
        if unit in LINE_BREAKS or unit in LINE_HYPHENS:
            if index > start:
                yield start, index, unit in LINE_HYPHENS
            start = index + 1
    if start < len(units):
        yield start, len(units), False
