"""The text of a page with the position of each character; turns spans of code points into rectangles."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isfinite
from typing import Literal

UNITS_PER_POINT = 10.0  # rectangles are rounded to tenths of a point, which is less than an eye can see
PLACE_BYTES = 8  # for each character: two floats of 4 bytes

Rectangle = tuple[float, float, float, float]
Edge = tuple[float, float]
LineRecord = list[int]
Axis = Literal["x", "y"]


@dataclass(frozen=True)
class PageLine:
    """One line: the code points of its page's text from `start` on, and the box of each.

    The line runs along `axis` and lies between `low` and `high` on the other one, in tenths of a point from the top
    left corner of the displayed page. `places` holds the begin of each character on the axis and then the end of each,
    in points, as little-endian 4-byte floats (IEEE 754) from pdfium. They are decoded only for lines that are shown.
    """

    start: int
    axis: Axis
    low: int
    high: int
    places: bytes

    @classmethod
    def of_edges(
        cls, start: int, axis: Axis, across: Edge, lows: Sequence[float], highs: Sequence[float]
    ) -> "PageLine":
        """Return a line, given in points: its edges `across` the axis, and the edges of each character along it."""
        low, high = across
        places = array("f", lows).tobytes() + array("f", highs).tobytes()
        return cls(start, axis, round(low * UNITS_PER_POINT), round(high * UNITS_PER_POINT), places)

    @property
    def end(self) -> int:
        """Return where the line ends in the page's text."""
        return self.start + len(self.places) // PLACE_BYTES

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Return where each character begins and ends, in tenths of a point."""
        points = array("f", self.places)
        tenths = [round(point * UNITS_PER_POINT) if isfinite(point) else 0 for point in points]
        middle = len(tenths) // 2
        return list(zip(tenths[:middle], tenths[middle:], strict=True))


@dataclass(frozen=True)
class PageText:
    """The cleaned text of one page; spans of chunks and citations count its code points.

    `lines` holds the positions, in the order of the text, and is empty for a page whose boxes are not known.
    """

    text: str
    lines: tuple[PageLine, ...] = ()

    @classmethod
    def of_records(cls, text: str, records: Sequence[LineRecord], places: BytesIO) -> "PageText":
        """Return the page whose `records` these are, and whose `places` come next."""
        lines = [
            PageLine(start, "y" if upright else "x", low, high, places.read(characters * PLACE_BYTES))
            for start, upright, low, high, characters in records
        ]
        return cls(text, tuple(lines))

    @property
    def records(self) -> list[LineRecord]:
        """Return the lines as numbers, without their places: start, is vertical, low, high, characters."""
        return [
            [line.start, int(line.axis == "y"), line.low, line.high, len(line.places) // PLACE_BYTES]
            for line in self.lines
        ]

    @property
    def places(self) -> bytes:
        """Return the places of all lines, one after the other."""
        return b"".join([line.places for line in self.lines])


def rectangles(page: PageText, start: int, end: int) -> list[Rectangle]:
    """Return the boxes `(x0, y0, x1, y1)` under the code points from `start` up to `end`, one or more for each line.

    In points (1/72 inch) of the page as it is displayed, rotated and cropped; the origin is its top left corner and
    y grows downwards. White space at the ends of a line is left out.
    """
    return [rectangle for line in page.lines for rectangle in _of_line(page.text, line, start, end)]


def _of_line(text: str, line: PageLine, start: int, end: int) -> Iterator[Rectangle]:
    """Yield the boxes of a span in a line; a line with left-to-right and right-to-left text may need several."""
    first, last = max(start, line.start), min(end, line.end)
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    if first >= last:
        return
    chosen = range(first - line.start, last - line.start)
    for left, right in _merged(line, chosen):
        box = (left, line.low, right, line.high) if line.axis == "x" else (line.low, left, line.high, right)
        x0, y0, x1, y1 = (value / UNITS_PER_POINT for value in box)
        yield x0, y0, x1, y1


def _merged(line: PageLine, chosen: range) -> Iterator[tuple[int, int]]:
    """Yield the intervals on the axis that contain the chosen characters and no others."""
    stretch: tuple[int, int] | None = None
    edges = line.edges
    for index in sorted(range(len(edges)), key=edges.__getitem__):
        left, right = edges[index]
        if index in chosen:
            stretch = (min(stretch[0], left), max(stretch[1], right)) if stretch else (left, right)
        elif stretch and right > left:
            yield stretch
            stretch = None
    if stretch:
        yield stretch
