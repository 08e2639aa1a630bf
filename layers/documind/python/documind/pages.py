"""The text of a page and where it stands: code points in, rectangles on the page as it is displayed out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import sub
from typing import Literal

UNITS_PER_POINT = 10.0  # positions are whole tenths of a point: below what an eye tells apart

Rectangle = tuple[float, float, float, float]
Edge = tuple[float, float]
LineRecord = list[int]
Axis = Literal["x", "y"]


@dataclass(frozen=True)
class PageLine:
    """One line: the code points from `start` on of its page's text, and the box of each.

    The line runs along `axis` and lies between `low` and `high` on the other one. `steps` holds for each character the
    distance from the end of the one before (from 0 for the first) to its begin, and its width: numbers that compress
    well. All in tenths of a point from the top left corner of the displayed page.
    """

    start: int
    axis: Axis
    low: int
    high: int
    steps: tuple[int, ...]

    @classmethod
    def of_edges(
        cls, start: int, axis: Axis, across: Edge, lows: Sequence[float], highs: Sequence[float]
    ) -> "PageLine":
        """Return the line of characters with these edges, in points: across the line, and of each along it."""
        values = [0.0] * (2 * len(lows))
        values[::2], values[1::2] = lows, highs
        scaled = [value * UNITS_PER_POINT for value in (*across, *values)]
        low, high, *edges = map(float.__round__, scaled)  # `round` takes twice the time
        return cls(start, axis, low, high, tuple(map(sub, edges, [0, *edges])))

    @property
    def end(self) -> int:
        """Return where the line ends in the page's text."""
        return self.start + len(self.steps) // 2

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Return where each character begins and ends."""
        bounds = list(accumulate(self.steps))
        return list(zip(bounds[::2], bounds[1::2], strict=True))

    def to_record(self) -> LineRecord:
        """Return the line as numbers."""
        return [self.start, int(self.axis == "y"), self.low, self.high, *self.steps]

    @classmethod
    def from_record(cls, record: Sequence[int]) -> "PageLine":
        """Return the line that `to_record` has written."""
        start, upright, low, high, *steps = record
        return cls(start, "y" if upright else "x", low, high, tuple(steps))


@dataclass(frozen=True)
class PageText:
    """The cleaned text of one page: what every span of a chunk or a citation counts in, by code points.

    `lines` says where it stands, in the order of the text; a page whose boxes are not known has none. `from_picture`
    says that a model has read it from a picture of the page.
    """

    text: str
    lines: tuple[PageLine, ...] = ()
    from_picture: bool = False


def rectangles(page: PageText, start: int, end: int) -> list[Rectangle]:
    """Return the boxes `(x0, y0, x1, y1)` under the code points from `start` up to `end`, one or more for each line.

    In points (1/72 inch) of the page as it is displayed, rotated and cropped; the origin is its top left corner and
    y grows downwards. White space at the ends of a line is left out.
    """
    return [rectangle for line in page.lines for rectangle in _of_line(page.text, line, start, end)]


def _of_line(text: str, line: PageLine, start: int, end: int) -> Iterator[Rectangle]:
    """Yield the boxes of what is chosen of a line; in a line of two directions that can be several."""
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
    """Yield the stretches of the line that hold the chosen characters and none of the others."""
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
