"""Quarters of a turn: from the page to where its text stands upright, and from there to the display."""

from dataclasses import dataclass

from ingest.reader.visual_line import Box, Boxes, Coordinates, coordinates, negative

QUARTERS = 4


@dataclass(frozen=True)
class Place:
    """Maps boxes (left, bottom, right, top) of a page to where they are once it is turned.

    `sides` tells for left, top, right and bottom of the result which of the four it comes from, with which sign, and
    what is added.
    """

    sides: tuple[tuple[int, int, float], ...]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a box is."""
        corners = (left, bottom, right, top)
        return Box(*[offset + sign * corners[side] for side, sign, offset in self.sides])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is."""
        (side, sign, offset), (other_side, other_sign, other_offset), *_ = self.sides
        return offset + sign * (y if side % 2 else x), other_offset + other_sign * (y if other_side % 2 else x)

    def boxes(self, *columns: Coordinates) -> Boxes:
        """Return where many are, given all their left sides, all their bottoms, and so on."""
        lefts, rights = (
            columns[side]
            if sign > 0 and not offset
            else negative(columns[side], offset)
            if sign < 0
            else coordinates([offset + value for value in columns[side]])
            for side, sign, offset in self.sides[::2]
        )
        tops, bottoms = (columns[side] if sign < 0 else negative(columns[side]) for side, sign, _ in self.sides[1::2])
        return Boxes(lefts, bottoms, rights, tops, upper=self.sides[1][2])


def placed(area: tuple[float, float, float, float], turns: int) -> Place:
    """Return what maps boxes of a page, shown as far as `area`, to where they are once it is turned clockwise."""
    left, bottom, right, top = area
    x0, y0, x1, y1 = range(4)
    maps = (
        ((x0, 1, -left), (y1, -1, top), (x1, 1, -left), (y0, -1, top)),
        ((y0, 1, -bottom), (x0, 1, -left), (y1, 1, -bottom), (x1, 1, -left)),
        ((x1, -1, right), (y0, 1, -bottom), (x0, -1, right), (y1, 1, -bottom)),
        ((y1, -1, top), (x1, -1, right), (y0, -1, top), (x0, -1, right)),
    )
    return Place(maps[turns])


@dataclass(frozen=True)
class Turn:
    """How a page of some width and height is displayed whose text was read upright: turned clockwise by quarters."""

    quarters: int = 0
    width: float = 0.0
    height: float = 0.0

    def boxes(self, boxes: Boxes) -> Boxes:
        """Return boxes where they are displayed."""
        place = placed((0.0, 0.0, self.width, self.height), self.quarters)
        up = self.height - boxes.upper
        bottoms, tops = (coordinates([up + value for value in side]) for side in (boxes.bottoms, boxes.tops))
        return place.boxes(boxes.lefts, bottoms, boxes.rights, tops)
