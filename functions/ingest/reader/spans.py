"""Where the lines of a page lie in its text: mostly as pdfium breaks them, but for what it has cut or run together."""

import re
from collections.abc import Iterator, Sequence

from ingest.reader.page_lines import spaces_in
from ingest.reader.page_text import UNSPACED
from ingest.reader.visual_line import Boxes, grouped

LINE_HYPHENS = {"\x02", "\ufffe"}  # so pdfium marks a hyphen at a line's end; it puts no line break there
LINE_END = re.compile("[\n\r\x02\ufffe]")
LONG = 160  # characters: of a longer line it is looked whether it is several
PIECE = 5  # characters of a vertical line that are found together at most: one with punctuation
PITCH = 1.25  # of the width of an ideograph: how far below the one before it stands
WIDE = 1.4  # of it: a vertical line is narrower
MIN_PIECES = 3  # of a vertical line: fewer may be the cells of a table

Span = tuple[int, int, bool]  # where a line of the page's text begins and ends, and whether a hyphen ends it


def spans_of_lines(text: str, boxes: Boxes) -> list[Span]:
    """Return where the lines of a page lie."""
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
    """Yield the lines that pdfium has run together: one that begins further left, on turned pages also rows."""
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
    """Yield the spans, those of ideographs that stand below each other as one."""
    for pieces in grouped(spans, lambda span, following: _stands_below(text, boxes, span, following)):
        yield from pieces if len(pieces) < MIN_PIECES else [(pieces[0][0], *pieces[-1][1:])]


def _stands_below(text: str, boxes: Boxes, span: Span, following: Span) -> bool:
    """Tell whether an ideograph, with its punctuation, stands below another as in a vertical line."""
    (start, end, _), (below, stop, _) = span, following
    if max(end - start, stop - below) > PIECE or not UNSPACED.match(text[below]):
        return False
    width = boxes.rights[below] - boxes.lefts[below]
    down = boxes.tops[start] - boxes.tops[below]
    left, right = min(boxes.lefts[start], boxes.lefts[below]), max(boxes.rights[end - 1], boxes.rights[stop - 1])
    return right - left < WIDE * width and 0 < down <= PITCH * width * (end - start)
