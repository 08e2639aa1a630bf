"""Turns by quarters: from the page to the page with upright text, and from there to the displayed page."""

from dataclasses import dataclass

from ingest.reader.visual_line import Box, Boxes, Coordinates, coordinates, negative

QUARTERS = 4


@dataclass(frozen=True)
class Place:
    """Maps boxes (left, bottom, right, top) of a page to boxes of the turned page.

    `sides` gives for left, top, right and bottom of the result the index of the side that it comes from, the sign, and
    the offset to add.
    """

    sides: tuple[tuple[int, int, float], ...]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box on the turned page."""
        corners = (left, bottom, right, top)
        return Box(*[offset + sign * corners[side] for side, sign, offset in self.sides])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point on the turned page."""
        (side, sign, offset), (other_side, other_sign, other_offset), *_ = self.sides
        return offset + sign * (y if side % 2 else x), other_offset + other_sign * (y if other_side % 2 else x)

    def boxes(self, *columns: Coordinates) -> Boxes:
        """Return many boxes on the turned page, given all left sides, all bottoms, all right sides and all tops."""
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
    """Return the mapping from a page, of which `area` is shown, to the page turned clockwise by `turns` quarters."""
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
    """The clockwise turn from the page with upright text, of this width and height in points, to the display."""

    quarters: int = 0
    width: float = 0.0
    height: float = 0.0

    def boxes(self, boxes: Boxes) -> Boxes:
        """Return the boxes on the displayed page."""
        place = placed((0.0, 0.0, self.width, self.height), self.quarters)
        up = self.height - boxes.upper
        bottoms, tops = (coordinates([up + value for value in side]) for side in (boxes.bottoms, boxes.tops))
        return place.boxes(boxes.lefts, bottoms, boxes.rights, tops)
