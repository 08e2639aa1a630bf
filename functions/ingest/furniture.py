"""Running headers, footers and page numbers: what stands at the edge of a page as it does on its neighbours."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.visual_line import VisualLine

EDGE = 0.13  # of the page's height: where furniture stands
MAX_EDGE_LINES = 12  # on each side
SAME_PLACE_POINTS = 4.0
REPEATS = 2  # other pages that have it, of those looked at
LONE = 2.0  # of the size: the space around a page number
PAGE_NUMBER = re.compile(
    r"[-–—\s\[(|·第]*(?:page|p\.|頁|页|ページ)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:/|of|共|之)\s*\d{1,4})?[-–—\s\])|·頁页]*",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+|\s+")


@dataclass(frozen=True)
class Edges:
    """What stands at the upper and at the lower edge of a page, from the edge inwards: lines by their index."""

    lines: Sequence[VisualLine]
    upper: list[int]
    lower: list[int]
    places: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # from the page's upper edge

    @classmethod
    def of_page(cls, lines: Sequence[VisualLine], height: float) -> "Edges":
        """Find them on a page of `height` points."""
        tops = {index: _top(line) for index, line in enumerate(lines)}
        upper = sorted((top, index) for index, top in tops.items() if top < EDGE * height)
        lower = sorted((-top, index) for index, top in tops.items() if top > (1 - EDGE) * height)
        edges = cls(
            lines, [index for _, index in upper[:MAX_EDGE_LINES]], [index for _, index in lower[:MAX_EDGE_LINES]]
        )
        for index in edges.upper + edges.lower:
            edges.places[_key(lines[index])].append(tops[index])
        return edges


def furniture_of(page: Edges, others: Sequence[Edges]) -> set[int]:
    """Return which lines of a page are furniture, given the edges of pages around it."""
    found: set[int] = set()
    for side in (page.upper, page.lower):
        row: float | None = None
        for index in side:
            top = _top(page.lines[index])
            if _is_repeated(page.lines[index], others) or (row is None and _is_lone_number(page, side)):
                found.add(index)
                row = top
            elif row is None or abs(top - row) > SAME_PLACE_POINTS:
                break  # what stands further inside is no furniture
    return found


def _is_repeated(line: VisualLine, others: Sequence[Edges]) -> bool:
    """Tell whether neighbours have the line at the same place, whatever its numbers."""
    key, top = _key(line), _top(line)
    if key != "#" and not any(character.isalpha() for character in key):
        return False  # numbers alone could be the last row of a table
    same = sum(any(abs(place - top) < SAME_PLACE_POINTS for place in page.places.get(key, ())) for page in others)
    return 0 < min(REPEATS, len(others)) <= same


def _is_lone_number(page: Edges, side: list[int]) -> bool:
    """Tell whether the outermost line is a page number with space around it, as on the first page of a chapter."""
    line = page.lines[side[0]]
    if not PAGE_NUMBER.fullmatch(line.text):
        return False
    return len(side) == 1 or abs(_top(page.lines[side[1]]) - _top(line)) > LONE * line.size


def _key(line: VisualLine) -> str:
    """Return the words of a line, whatever numbers stand in it."""
    text = line.text
    return "#" if PAGE_NUMBER.fullmatch(text) else DIGITS.sub("#", text).replace("#", "").casefold()


def _top(line: VisualLine) -> float:
    return min(line.boxes[0].top, line.boxes[-1].top)
