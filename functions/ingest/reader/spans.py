"""The spans of a page's lines in its text: pdfium's, after correction of lines that it has split or joined."""

import re
from collections.abc import Iterator, Sequence

from ingest.reader.page_lines import spaces_in
from ingest.reader.page_text import UNSPACED
from ingest.reader.visual_line import Boxes, grouped

LINE_HYPHENS = {"\x02", "\ufffe"}  # pdfium writes one of these for a hyphen at a line's end, and no line break
LINE_END = re.compile("[\n\r\x02\ufffe]")
LONG = 160  # characters: only longer lines are split at jumps to the right (see `_rows`)
PIECE = 5  # characters: longest piece of a vertical line, an ideograph with punctuation
PITCH = 1.25  # of the width of an ideograph: greatest distance to the one below
WIDE = 1.4  # of the width of an ideograph: a vertical line is narrower
MIN_PIECES = 3  # of a vertical line: fewer may be the cells of a table

Span = tuple[int, int, bool]  # start and end of a line in the page's text, and whether a hyphen followed


def spans_of_lines(text: str, boxes: Boxes) -> list[Span]:
    """Return the spans of the lines of a page."""
    spans = [part for span in _between_breaks(text) for part in _rows(text, boxes, span)]
    return spans if text.isascii() else list(_with_vertical_lines(text, boxes, spans))


def _between_breaks(text: str) -> Iterator[Span]:
    start = 0
    for match in LINE_END.finditer(text):
        if match.start() > start:
            yield start, match.start(), match[0] in LINE_HYPHENS
        start = match.end()
    if start < len(text):
        yield start, len(text), False


def _rows(text: str, boxes: Boxes, span: Span) -> Iterator[Span]:
    """Split a line that pdfium joined from several rows: at a jump to the left or, in long lines, to the right."""
    start, end, hyphenated = span
    tops, is_long = boxes.tops[start:end], end - start > LONG
    if max(tops) - min(tops) > boxes.tops[start] - boxes.bottoms[start]:
        for at in spaces_in(text, start, end):
            height = boxes.tops[at - 1] - boxes.bottoms[at - 1]
            along, across = boxes.lefts[at + 1] - boxes.lefts[at - 1], boxes.tops[at + 1] - boxes.tops[at - 1]
            if abs(across) > height and (along < -height or (is_long and along > height)) and at > start:
                yield start, at, False
                start = at + 1
    yield start, end, hyphenated


def _with_vertical_lines(text: str, boxes: Boxes, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans, with ideographs that are below each other joined to one vertical line."""
    for pieces in grouped(spans, lambda span, following: _stands_below(text, boxes, span, following)):
        yield from pieces if len(pieces) < MIN_PIECES else [(pieces[0][0], *pieces[-1][1:])]


def _stands_below(text: str, boxes: Boxes, span: Span, following: Span) -> bool:
    """Tell whether an ideograph, with its punctuation, is below another as in a vertical line."""
    (start, end, _), (below, stop, _) = span, following
    if max(end - start, stop - below) > PIECE or not UNSPACED.match(text[below]):
        return False
    width = boxes.rights[below] - boxes.lefts[below]
    down = boxes.tops[start] - boxes.tops[below]
    left, right = min(boxes.lefts[start], boxes.lefts[below]), max(boxes.rights[end - 1], boxes.rights[stop - 1])
    return right - left < WIDE * width and 0 < down <= PITCH * width * (end - start)
