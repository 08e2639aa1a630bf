"""The text of a page and where it stands: code points in, rectangles on the page as it is displayed out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Literal

UNITS_PER_POINT = 10  # positions are whole tenths of a point: below what an eye tells apart

Rectangle = tuple[float, float, float, float]
LineRecord = list[int]
Axis = Literal["x", "y"]


@dataclass(frozen=True)
class PageLine:
    """One line: the code points from `start` on of its page's text, and the box of each.

    The line runs along `axis` and lies between `low` and `high` on the other one; character i lies between
    `edges[i][0]` and `edges[i][1]` along it. All in tenths of a point from the top left corner of the displayed page.
    """

    start: int
    axis: Axis
    low: int
    high: int
    edges: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """Return where the line ends in the page's text."""
        return self.start + len(self.edges)

    def to_record(self) -> LineRecord:
        """Return the line as numbers that compress well: of each character the distance to the last, and its width."""
        befores = [0, *(right for _, right in self.edges)]
        steps = [(left - before, right - left) for before, (left, right) in zip(befores, self.edges, strict=False)]
        return [self.start, int(self.axis == "y"), self.low, self.high, *chain.from_iterable(steps)]

    @classmethod
    def from_record(cls, record: Sequence[int]) -> "PageLine":
        """Return the line that `to_record` has written."""
        start, upright, low, high, *steps = record
        bounds = list(accumulate(steps))
        edges = zip(bounds[::2], bounds[1::2], strict=True)
        return cls(start, "y" if upright else "x", low, high, tuple(edges))


@dataclass(frozen=True)
class PageText:
    """The cleaned text of one page: what every span of a chunk or a citation counts in, by code points.

    `lines` says where it stands, in the order of the text; a page whose boxes are not known has none.
    """

    text: str
    lines: tuple[PageLine, ...] = ()


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
    for index in sorted(range(len(line.edges)), key=lambda index: line.edges[index]):
        left, right = line.edges[index]
        if index in chosen:
            stretch = (min(stretch[0], left), max(stretch[1], right)) if stretch else (left, right)
        elif stretch and right > left:
            yield stretch
            stretch = None
    if stretch:
        yield stretch
