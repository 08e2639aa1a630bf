"""Rows of a page: joins the pieces of each, such as superscripts, and sorts the lines of a column downwards."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import chain, pairwise
from math import ceil

from ingest.reader.paragraphs import ends_a_sentence
from ingest.reader.visual_line import VisualLine, coordinates, grouped

# Of the font size: greatest gap between two pieces of a row, and after a bullet or a number.
NEAR, NEAR_A_MARK = 1.0, 2.0
MARK_CHARACTERS = 3  # a longer text is no bullet or number
SPACE = 0.12  # of the font size: a wider gap is a space
MAX_LINES = 500  # of a page; longer pages are not sorted
STRIP = 20.0  # points: width of the vertical strips by which `_goes_up_in_a_column` compares lines
MAX_STRIPS = 1_000  # of a line: wider than any page, but a hostile file may spread a line over millions of strips


def rows_of(lines: Sequence[VisualLine]) -> Iterator[VisualLine]:
    """Return the lines of a page, with consecutive pieces of one row joined to one line."""
    return map(_whole, grouped(lines, _continues))


def from_top_to_bottom(lines: Sequence[VisualLine]) -> Sequence[VisualLine]:
    """Return the lines of a page in the order in which they are drawn, but none before one above it in its column.

    A footer drawn first or a value filled in later is moved to its place, provided that the lines then jump up less
    often and as many sentences continue as before: otherwise figures and footnotes would divide columns.
    """
    times_up = _times_up(lines)
    if not times_up or len(lines) > MAX_LINES or not _goes_up_in_a_column(lines):
        return lines
    below = [[index for index, other in enumerate(lines) if _is_above(line, other)] for line in lines]
    waits = Counter(chain.from_iterable(below))
    ready = [index for index in range(len(lines)) if not waits[index]]
    ordered: list[VisualLine] = []
    while ready:
        first = heappop(ready)
        ordered.append(lines[first])
        for index in below[first]:
            waits[index] -= 1
            if not waits[index]:
                heappush(ready, index)
    is_better = _times_up(ordered) < times_up and _times_continued(ordered) >= _times_continued(lines)
    return ordered if is_better else lines


def _goes_up_in_a_column(lines: Sequence[VisualLine]) -> bool:
    """Tell whether any line is above an earlier one in the same vertical strip of the page."""
    lowest: dict[tuple[str, int], float] = {}
    for line in lines:
        first = ceil(line.begin / STRIP)
        strips = [(line.direction, strip) for strip in range(first, min(int(line.end / STRIP), first + MAX_STRIPS))]
        if any(lowest.get(strip, line.depth) > line.depth + line.size for strip in strips):
            return True
        lowest.update(dict.fromkeys(strips, line.depth))
    return False


def _times_up(lines: Sequence[VisualLine]) -> int:
    return sum(
        following.depth < line.depth - line.size and line.direction == following.direction
        for line, following in pairwise(lines)
    )


def _times_continued(lines: Sequence[VisualLine]) -> int:
    pairs = pairwise(lines)
    return sum(following.text[0].islower() and not ends_a_sentence(line.text) for line, following in pairs)


def _is_above(line: VisualLine, other: VisualLine) -> bool:
    if other.depth - line.depth <= (line.size + other.size) / 2:
        return False
    shared = min(line.end, other.end) - max(line.begin, other.begin)
    return shared > min(line.end - line.begin, other.end - other.begin) / 2 and line.direction == other.direction


def _continues(line: VisualLine, following: VisualLine) -> bool:
    if following.continues:
        return line.axis == following.axis
    size = max(line.size, following.size)
    near = NEAR_A_MARK if len(line.text) <= MARK_CHARACTERS else NEAR
    is_mark = unicodedata.category(following.text[0]) == "Mn"  # of Thai: pdfium starts a line with it
    return (
        line.direction == following.direction
        and not line.hyphenated
        and abs(following.depth - line.depth) < size / 2
        and -size * (1 if is_mark else 1 / 3) < following.begin - line.end < near * size
    )


def _whole(row: list[VisualLine]) -> VisualLine:
    """Return one line made of several, with the position and size of the largest."""
    if len(row) == 1:
        return row[0]
    largest = max(row, key=lambda line: (line.size, len(line.text)))
    text, lows, highs, end = "", coordinates(()), coordinates(()), row[0].begin
    for line in row:
        if text and line.begin - end > SPACE * largest.size:
            text += " "
            has_room = line.lows[0] >= highs[-1]
            lows.append(highs[-1] if has_room else lows[-1])
            highs.append(line.lows[0] if has_room else highs[-1])
        text += line.text
        lows += line.lows
        highs += line.highs
        end = line.end
    return replace(
        largest,
        text=text,
        lows=lows,
        highs=highs,
        across=(min(line.across[0] for line in row), max(line.across[1] for line in row)),
        begin=min(line.begin for line in row),
        end=max(line.end for line in row),
        first_width=row[0].first_width,
        bold=all(line.bold for line in row),
        letter_width=largest.letter_width if all(line.letter_width for line in row) else 0.0,
        various=any(line.various for line in row),
        hyphenated=row[-1].hyphenated,
        gaps=[gap for line in row for gap in line.gaps],
    )
