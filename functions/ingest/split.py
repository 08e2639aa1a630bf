"""Splits the text of a page into passages of whole sentences, items and rows; a heading stays with its text."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from documind.limits import CHUNK_CHARACTERS
from documind.sentences import CLOSING, END, Span, stripped
from ingest.reader.blocks import Block, Kind, PageLayout
from ingest.reader.paragraphs import ends_a_sentence

OVERLAP_CHARACTERS = 100  # at most, of two neighbouring passages
ENOUGH_CHARACTERS = 300  # of a passage; from this length on it may end at a sentence although more would fit

LINE_END = re.compile(r"\n+")
# Where a sentence longer than a passage is cut, in order of preference.
PAUSES = (re.compile(rf"[，、：,:،]{CLOSING}\s*"), re.compile(r"\s+"))
LEADS = ":："  # ends of a line that introduces a list
NO_PASSAGE = {Kind.CONTENTS, Kind.FURNITURE}
WHOLE = {Kind.ITEM, Kind.ROW, Kind.HEADING}  # not split if they fit into a passage


def split(layout: PageLayout) -> list[Span]:
    """Return the passages of a page: at most 500 characters each, whole sentences if they fit.

    A heading begins a passage. Neighbours share whole sentences of at most 100 characters; together the passages cover
    all but white space, furniture, contents and headings at the end of the page.
    """
    sections = [section for section in _sections(layout) if section]
    kinds = [block.kind for block in layout.blocks if block.kind not in NO_PASSAGE]
    if len(sections) > 1 and kinds[-1] is Kind.HEADING:
        del sections[-1]  # headings whose text is on the next page
    return [passage for section in sections for passage in _packed(section, layout.content.text)]


def _sections(layout: PageLayout) -> Iterator[list[Span]]:
    """Yield the pieces of the page, sentences, items and rows, in groups that no passage crosses."""
    pieces: list[Span] = []
    before: Kind | None = None
    for block in layout.blocks:
        if (block.kind is Kind.HEADING and before is not Kind.HEADING) or block.kind in NO_PASSAGE:
            yield pieces
            pieces = []
        if block.kind not in NO_PASSAGE:
            pieces += _pieces(layout.content.text, block)
        before = block.kind
    yield pieces


def _packed(pieces: Sequence[Span], text: str) -> list[Span]:
    """Return passages of as many pieces as fit; a line that introduces a list is in one with its first item."""
    passages: list[Span] = []
    first = 0
    while first < len(pieces):
        after = first + 1
        while after < len(pieces) and pieces[after].end - pieces[first].start <= CHUNK_CHARACTERS:
            after += 1
        if after < len(pieces):
            after = _at_a_sentence(pieces, first, after, text)
        passages.append(Span(pieces[first].start, pieces[after - 1].end))
        if after == len(pieces):
            break
        first = _overlapping(pieces, first, after)
    return passages


def _at_a_sentence(pieces: Sequence[Span], first: int, after: int, text: str) -> int:
    """Return the index after a passage's last piece, which ends a sentence if long enough and introduces no list."""
    for stop in range(after, first, -1):
        last = pieces[stop - 1]
        if last.end - pieces[first].start < ENOUGH_CHARACTERS:
            break
        if ends_a_sentence(text[last.start : last.end]):
            return stop
    leads = after - 1 > first and text[pieces[after - 1].end - 1] in LEADS
    return after - 1 if leads else after


def _overlapping(pieces: Sequence[Span], first: int, after: int) -> int:
    """Return the index of the first piece of the next passage, which must have room for the new piece `after`."""
    start = after
    while start - 1 > first:
        earlier = pieces[start - 1].start
        if pieces[after - 1].end - earlier > OVERLAP_CHARACTERS or pieces[after].end - earlier > CHUNK_CHARACTERS:
            break
        start -= 1
    return start


def _pieces(text: str, block: Block) -> Iterator[Span]:
    """Yield the sentences of a block, cut if longer than a passage, without the white space around them."""
    whole = Span(block.start, block.end)
    ends = LINE_END if block.kind is Kind.CODE else END
    uncut = block.kind in WHOLE and block.end - block.start <= CHUNK_CHARACTERS
    for sentence in [whole] if uncut else _between(ends, text, whole):
        for piece in _cut(text, sentence, 0):
            if words := stripped(text, piece.start, piece.end):
                yield words


def _cut(text: str, span: Span, level: int) -> Iterator[Span]:
    """Yield the parts of a span, cut if too long for a passage: at commas, else at spaces, else anywhere."""
    if span.end - span.start <= CHUNK_CHARACTERS:
        yield span
    elif level == len(PAUSES):
        for start in range(span.start, span.end, CHUNK_CHARACTERS):
            yield Span(start, min(start + CHUNK_CHARACTERS, span.end))
    else:
        for part in _between(PAUSES[level], text, span):
            yield from _cut(text, part, level + 1)


def _between(separator: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    """Yield the parts of a span, each including the separator at its end."""
    ends = [match.end() for match in separator.finditer(text, span.start, span.end)]
    for start, end in pairwise([span.start, *ends, span.end]):
        if start < end:
            yield Span(start, end)
