"""Running headers, footers and page numbers: lines at the edge of a page that recur on its neighbours."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.reader.visual_line import VisualLine

EDGE = 0.13  # of the page's height: greatest distance of furniture from the page's edge
MARGIN = 0.25  # of the page's height: the same for the outermost row, on a page much larger than its text
MAX_EDGE_LINES = 12  # on each side
SAME_PLACE = 4.0  # points: baselines that differ by less are at the same place
REPEATS = 2  # least number of neighbouring pages with the same line
LARGE = 1.3  # of the page's median font size: a larger line must be on one neighbour more
LONE = 2.0  # of the font size: least distance between a page number and the next row
PAGE_NUMBER = re.compile(
    r"[-–—\s\[(|·第]*(?:(?:page|p\.|頁|页|ページ)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|共|之)\s*\d{1,4})?[-–—\s\])|·頁页]*",
    re.IGNORECASE,
)
CAPTION = re.compile(r"(?:table|figure|fig\.|表|圖|図|图)\s?\d", re.IGNORECASE)
DIGITS = re.compile(r"\d+|\s+")
OUTER_NUMBER = re.compile(r"^(\d{1,4})(?!\S)|(?<!\S)(\d{1,4})$")


@dataclass(frozen=True)
class Edges:
    """The rows at the upper and the lower edge of page `number`, from the edge inwards, as indices of lines."""

    number: int
    lines: Sequence[VisualLine]
    upper: list[list[int]]
    lower: list[list[int]]
    places: dict[str, list[float]]  # baselines of the lines with certain words (see `keys`)
    numbers: list[tuple[float, int]]  # baseline and value of each possible page number
    keys: dict[int, str]  # the words of each line without digits and spaces
    size: float  # median font size of the page's lines

    @classmethod
    def of_page(cls, number: int, lines: Sequence[VisualLine], height: float) -> "Edges":
        """Find the edges of page `number` (from 1), which is `height` points high."""
        baselines = [_baseline(line) for line in lines]
        order = sorted(range(len(lines)), key=baselines.__getitem__)
        first, last = (baselines[order[0]], baselines[order[-1]]) if order else (0.0, height)
        edge = max(EDGE * height, min(first + SAME_PLACE, MARGIN * height))
        upper = [index for index in order if baselines[index] < edge][:MAX_EDGE_LINES]
        edge = max(EDGE * height, min(height - last + SAME_PLACE, MARGIN * height))
        lower = [index for index in reversed(order) if baselines[index] > height - edge][:MAX_EDGE_LINES]
        places: dict[str, list[float]] = defaultdict(list)
        numbers = []
        keys = {index: DIGITS.sub("", lines[index].text).casefold() for index in {*upper, *lower}}
        for index, key in keys.items():
            places[key].append(baselines[index])
            numbers += [(baselines[index], value) for value in _numbers(lines[index])]
        size = median([line.size for line in lines]) if lines else 0.0
        return cls(number, lines, _rows(upper, baselines), _rows(lower, baselines), places, numbers, keys, size)


def furniture_of(page: Edges, others: Sequence[Edges]) -> set[int]:
    """Return the indices of the lines of a page that are furniture, given the edges of neighbouring pages."""
    found: set[int] = set()
    for side in (page.upper, page.lower):
        for position, row in enumerate(side):
            known = any(_is_repeated(page, index, others) or _counts_pages(page, index, others) for index in row)
            is_caption = any(CAPTION.match(page.lines[index].text) for index in row)
            if is_caption or not (known or (position == 0 and _is_lone_number(page, side, others))):
                break  # rows further inside are not furniture
            found |= {*row}
    return found


def _is_repeated(page: Edges, index: int, others: Sequence[Edges]) -> bool:
    """Tell whether neighbours have the line at the same place, ignoring its numbers."""
    key, baseline = page.keys[index], _baseline(page.lines[index])
    if not any(map(str.isalpha, key)):
        return False  # numbers alone could be the last row of a table
    same = sum(any(abs(place - baseline) < SAME_PLACE for place in other.places.get(key, ())) for other in others)
    is_large = page.lines[index].size > LARGE * page.size  # such as a title that a few slides share
    return 0 < min(REPEATS + 1 if is_large else REPEATS, len(others)) <= same


def _counts_pages(page: Edges, index: int, others: Sequence[Edges]) -> bool:
    """Tell whether the line begins or ends with a number that grows with the page number; other words may differ."""
    line = page.lines[index]
    baseline = _baseline(line)
    expected = {value - page.number for value in _numbers(line)}
    same = sum(
        any(abs(place - baseline) < SAME_PLACE and value - other.number in expected for place, value in other.numbers)
        for other in others
    )
    return 0 < min(REPEATS, len(others)) <= same


def _is_lone_number(page: Edges, side: list[list[int]], others: Sequence[Edges]) -> bool:
    """Tell whether the outermost row is a page number with space around it, as on the first page of a chapter.

    Plain digits could be a result: if there are neighbours, they must equal the page's number, or differ from it by as
    much as a number on a neighbour differs from that page's number.
    """
    first, *inside = (page.lines[row[0]] for row in side)
    if len(side[0]) > 1 or not PAGE_NUMBER.fullmatch(first.text):
        return False
    if first.text.isdecimal() and others:
        ahead = int(first.text) - page.number
        if ahead and not any(value - other.number == ahead for other in others for _, value in other.numbers):
            return False
    return not inside or abs(_baseline(inside[0]) - _baseline(first)) > LONE * first.size


def _rows(indices: Sequence[int], baselines: Sequence[float]) -> list[list[int]]:
    """Group the indices of lines, sorted by baseline, into rows."""
    rows: list[list[int]] = []
    for index in indices:
        if rows and abs(baselines[rows[-1][0]] - baselines[index]) < SAME_PLACE:
            rows[-1].append(index)
        else:
            rows.append([index])
    return rows


def _numbers(line: VisualLine) -> list[int]:
    """Return the numbers at the beginning and the end of a line."""
    return [int(match[1] or match[2]) for match in OUTER_NUMBER.finditer(line.text)]


def _baseline(line: VisualLine) -> float:
    return line.depth if line.direction in {"right", "left"} else min(line.box(0).top, line.box(-1).top)
