"""A line of a page with the positions of its characters, in any direction."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from documind.pages import Axis

Coordinates = array[float]
Direction = Literal["right", "left", "down", "up", "upside_down"]
T = TypeVar("T")


class Box(NamedTuple):
    """A rectangle of the displayed page in points; y grows downwards from its upper edge."""

    left: float
    top: float
    right: float
    bottom: float


class Boxes(NamedTuple):
    """The boxes of some characters as parallel arrays: a page has thousands, and an object for each would be slow.

    For the same reason y is as in the file, growing upwards; `upper` is y of the page's upper edge.
    """

    lefts: Coordinates
    bottoms: Coordinates
    rights: Coordinates
    tops: Coordinates
    upper: float = 0.0

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> "Boxes":
        """Return the arrays of one box or more."""
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return cls(coordinates(lefts), negative(bottoms), coordinates(rights), negative(tops))

    def at(self, index: int) -> Box:
        """Return the box at an index."""
        lefts, bottoms, rights, tops, upper = self
        return Box(lefts[index], upper - tops[index], rights[index], upper - bottoms[index])

    def part(self, start: int, stop: int) -> "Boxes":
        """Return a copy of the boxes from `start` up to `stop`."""
        lefts, bottoms, rights, tops, upper = self
        return Boxes(lefts[start:stop], bottoms[start:stop], rights[start:stop], tops[start:stop], upper)

    def chosen(self, indices: Sequence[int]) -> "Boxes":
        """Return a copy of the boxes at some indices."""
        *sides, upper = self
        lefts, bottoms, rights, tops = (coordinates([side[index] for index in indices]) for side in sides)
        return Boxes(lefts, bottoms, rights, tops, upper)

    def along(self, axis: Axis) -> tuple[Coordinates, Coordinates, tuple[float, float]]:
        """Return the start and end of each box on an axis of the displayed page, and the range of all on the other."""
        lefts, bottoms, rights, tops, upper = self
        if axis == "x":
            return lefts, rights, (upper - max(tops), upper - min(bottoms))
        return negative(tops, upper), negative(bottoms, upper), (min(lefts), max(rights))


def coordinates(values: Iterable[float]) -> Coordinates:
    """Return numbers as an array of 4-byte floats, the precision of pdfium."""
    return array("f", values)


def negative(values: Iterable[float], offset: float = 0.0) -> Coordinates:
    """Return `offset` minus each number."""
    return coordinates([offset - value for value in values])


def grouped(items: Iterable[T], belong: Callable[[T, T], bool]) -> Iterator[list[T]]:
    """Yield the items in groups of neighbours; `belong` tells of two neighbours whether they are in one group."""
    group: list[T] = []
    for item in items:
        if group and not belong(group[-1], item):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


@dataclass(slots=True)
class VisualLine:
    """One line of a page with the position of each of its code points, in points.

    The line runs along `axis` of the page: `lows` and `highs` are the edges of its characters on this axis, `across`
    those of the whole line on the other one. Other positions grow in the direction of reading: `begin` and `end` along
    the line, and `depth` from each line to the next. `first_width` is the width of the unbreakable unit at its start: a
    word, or an ideograph with its punctuation. `letter_width` is the width of all its Latin letters, 0 if they differ;
    `various` says that these are enough different letters to tell a fixed-width font. `hyphenated` says that a hyphen
    at its end, made by the line break, was removed.
    """

    text: str
    lows: Coordinates
    highs: Coordinates
    across: tuple[float, float]
    direction: Direction
    begin: float
    end: float
    depth: float
    size: float  # of the font
    first_width: float
    bold: bool = False
    letter_width: float = 0.0
    various: bool = False
    hyphenated: bool = False
    gaps: list[tuple[float, float]] = field(default_factory=list)  # wide ones, as in the rows of tables
    marked: bool = False  # a drawn mark is in front of it, as of a list item
    continues: bool = False  # the row of the line before it, as the value of a field beside its name

    @property
    def axis(self) -> Axis:
        """Return the axis of the page along which it runs."""
        return axis_of(self.direction)

    def box(self, index: int) -> Box:
        """Return the box of a character, extended across the axis to the height or width of the line."""
        low, high = self.lows[index], self.highs[index]
        first, last = self.across
        return Box(low, first, high, last) if self.axis == "x" else Box(first, low, last, high)


def axis_of(direction: Direction) -> Axis:
    """Return the axis along which lines of a direction run."""
    return "y" if direction in {"down", "up"} else "x"
