"""Quarters of a turn: from the page to where its text stands upright, and from there to the display."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest.visual_line import Box

QUARTERS = 4

Place = Callable[[float, float, float, float], Box]


def placed(area: tuple[float, float, float, float], turns: int) -> Place:
    """Return what maps a box (left, bottom, right, top) of a page to where it is once turned clockwise by quarters."""
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


@dataclass(frozen=True)
class Turn:
    """How a page of some width and height is displayed whose text was read upright: turned clockwise by quarters."""

    quarters: int = 0
    width: float = 0.0
    height: float = 0.0

    def boxes(self, boxes: list[Box]) -> list[Box]:
        """Return boxes where they are displayed."""
        if not self.quarters:
            return boxes
        place = placed((0.0, 0.0, self.width, self.height), self.quarters)
        return [place(left, self.height - bottom, right, self.height - top) for left, top, right, bottom in boxes]
