"""A line as it stands on the page, whatever its direction."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from documind.pages import Axis

Direction = Literal["right", "left", "down", "up", "upside_down"]


class Box(NamedTuple):
    """A rectangle of the displayed page in points; y grows downwards from its upper edge."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass
class VisualLine:
    """One line of a page with the box of each of its code points.

    Measured in points along the way it is read: `begin` to `end` in the line, and `depth` across the lines, which
    grows from each line to the next. `first_width` is the width of what cannot be broken at its start: a word, or an
    ideograph with its punctuation. `letter_width` is that of all its Latin letters, 0 where they differ; `various` says
    that they are different letters. `hyphenated` says that a hyphen for the break at its end has been taken off.
    """

    text: str
    boxes: list[Box]
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
    continues: bool = False  # the line before it: the value of a field, beside its name

    @property
    def axis(self) -> Axis:
        """Return along which axis of the page its characters stand."""
        return "y" if self.direction in {"down", "up"} else "x"
