"""Puts columns of running text into reading order if the file draws them row by row, across all columns.

Most files draw one column after the other, and pdfium keeps that order. If a file draws them row by row, pdfium reports
each row across all columns as one line.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple

from ingest.reader.page_lines import spaces_in
from ingest.reader.spans import Span
from ingest.reader.visual_line import Boxes, grouped

WIDE_GAP = 0.8  # of a character's height: least gap between two columns
ANY_GAP = 0.4  # of a character's height: least gap before text that begins at a column's edge
SAME_EDGE = 2.0  # points: greatest difference of x coordinates that are one edge
MIN_WIDTH = 60.0  # points: least width of a column; an edge nearer to the one before or to x = 0 is an indent
MIN_ROWS = 10  # least number of lines that begin at an edge, and of lines in a column
MOST_ACROSS = 0.2  # greatest share of all lines that cross an edge
# Least share of the lines of running text that continue a sentence, i.e. begin with a small letter; hardly any table
# cell does. FILLED is the least share of lines that fill their column, used for scripts without capitals.
CONTINUING = 0.35
FULL = 1.5  # of a character's height: a full line is at most this much narrower than the second widest one
FILLED = 0.5
MOST_BESIDE = 0.1  # greatest share of a column's lines that are beside another of its lines
MIN_WORDS, MIN_IDEOGRAPHS = 4, 8  # least median length of the lines of running text, in words or in characters


class Piece(NamedTuple):
    """A part of a line with its text and position, in points."""

    span: Span
    text: str
    left: float
    right: float
    depth: float  # y of its lower edge, growing downwards
    height: float


def in_reading_order(text: str, boxes: Boxes, spans: Sequence[Span]) -> list[Span]:
    """Return the spans split at column edges, one column after the other; unchanged if there are no columns.

    Lines that do not run from left to right come last.
    """
    edges = _edges(text, boxes, spans)
    if not edges:
        return list(spans)
    upright = {span for span in spans if _is_upright(boxes, span)}
    pieces = [piece for span in spans if span in upright for piece in _pieces(text, boxes, span, edges)]
    columns: list[list[Piece]] = [[] for _ in range(len(edges) + 1)]
    for piece in pieces:
        if not _crosses(piece, edges):
            columns[_column(piece, edges)].append(piece)
    across = len(pieces) - sum(map(len, columns))
    if across > MOST_ACROSS * len(pieces) or not _are_running_text(columns):
        return list(spans)
    return [piece.span for piece in _ordered(pieces, edges)] + [span for span in spans if span not in upright]


def _is_upright(boxes: Boxes, span: Span) -> bool:
    first, last = span[0], span[1] - 1
    down, along = abs(boxes.tops[last] - boxes.tops[first]), abs(boxes.lefts[last] - boxes.lefts[first])
    return down <= along or down <= _height(boxes, first)


def _height(boxes: Boxes, at: int) -> float:
    return boxes.tops[at] - boxes.bottoms[at]


def _edges(text: str, boxes: Boxes, spans: Sequence[Span]) -> list[float]:
    """Return the left edges of all columns but the first: x coordinates at which many wide gaps end."""
    begins = sorted(boxes.lefts[at + 1] for span in spans for at in _wide_gaps(text, boxes, span))
    edges: list[float] = []
    for near in grouped(begins, lambda begin, following: following - begin <= SAME_EDGE):
        if len(near) >= MIN_ROWS and near[0] > (edges[-1] if edges else 0) + MIN_WIDTH:
            edges.append(near[0])
    return edges


def _wide_gaps(text: str, boxes: Boxes, span: Span) -> Iterator[int]:
    for at in spaces_in(text, *span[:2]):
        if boxes.lefts[at + 1] - boxes.rights[at - 1] > WIDE_GAP * _height(boxes, at - 1):
            yield at


def _pieces(text: str, boxes: Boxes, span: Span, edges: Sequence[float]) -> Iterator[Piece]:
    """Yield the parts of a span, split between columns and between rows that pdfium has joined."""
    start, end, hyphenated = span
    for at in spaces_in(text, start, end):
        if at > start + 1 and _is_between(boxes, at, edges):
            is_broken = text[at - 1] == "-"
            yield _piece(text, boxes, (start, at - 1 if is_broken else at, is_broken))
            start = at + 1
    yield _piece(text, boxes, (start, end, hyphenated))


def _is_between(boxes: Boxes, at: int, edges: Sequence[float]) -> bool:
    """Tell whether the space at an index separates two columns or two rows."""
    before, after, height = boxes.rights[at - 1], boxes.lefts[at + 1], _height(boxes, at - 1)
    if after < boxes.lefts[at - 1] or abs(boxes.tops[at + 1] - boxes.tops[at - 1]) > height:
        return True
    gap = after - before
    return any(
        before < edge <= after + SAME_EDGE
        and (gap > WIDE_GAP * height or (gap > ANY_GAP * height and after - edge < SAME_EDGE))
        for edge in edges
    )


def _piece(text: str, boxes: Boxes, span: Span) -> Piece:
    start, end, _ = span
    bottom, top = median(boxes.bottoms[start:end]), median(boxes.tops[start:end])
    left, right = min(boxes.lefts[start:end]), max(boxes.rights[start:end])
    return Piece(span, text[start:end], left, right, -bottom, top - bottom)


def _crosses(piece: Piece, edges: Sequence[float]) -> bool:
    return any(piece.left < edge - piece.height and piece.right > edge + piece.height for edge in edges)


def _column(piece: Piece, edges: Sequence[float]) -> int:
    return sum(piece.left > edge - SAME_EDGE - piece.height / 2 for edge in edges)


def _are_running_text(columns: Sequence[Sequence[Piece]]) -> bool:
    """Tell whether the lines of all columns are sentences that continue from line to line."""
    whole = [piece for column in columns for piece in column]
    are_long = all(len(column) >= MIN_ROWS for column in columns)
    return (
        are_long
        and _goes_on(whole, CONTINUING, MIN_WORDS)
        and all(
            _goes_on(column, CONTINUING / 2, MIN_WORDS - 1) and _side_by_side(column) <= MOST_BESIDE * len(column)
            for column in columns
        )
    )


def _goes_on(lines: Sequence[Piece], least: float, min_words: int) -> bool:
    """Tell whether the share `least` of the lines continues a sentence, or FILLED of them fill the column."""
    if any(line.text[:1].isupper() for line in lines):
        words = median(len(line.text.split()) for line in lines)
        return words >= min_words and sum(line.text[0].islower() for line in lines) >= least * len(lines)
    widest = sorted(line.right - line.left for line in lines)[-2]
    full = sum(line.right - line.left > widest - FULL * line.height for line in lines)
    return median(len(line.text) for line in lines) >= MIN_IDEOGRAPHS and full >= FILLED * len(lines)


def _side_by_side(column: Sequence[Piece]) -> int:
    """Return how many lines are beside another one, as in two columns between which no edge was found."""
    ordered = sorted(column, key=lambda piece: piece.depth)
    return sum(
        abs(piece.depth - other.depth) < piece.height / 2
        and max(piece.left, other.left) > min(piece.right, other.right) + piece.height
        for piece, other in pairwise(ordered)
    )


def _ordered(pieces: Sequence[Piece], edges: Sequence[float]) -> list[Piece]:
    """Return the columns from left to right, separately above and below each line that crosses them."""
    rows = sorted(pieces, key=lambda piece: (piece.depth, piece.left))
    crosses = [_crosses(piece, edges) for piece in rows]
    order = [
        (band, -1 if across else _column(piece, edges))
        for piece, across, band in zip(rows, crosses, accumulate(crosses), strict=True)
    ]
    return [rows[at] for at in sorted(range(len(rows)), key=order.__getitem__)]
