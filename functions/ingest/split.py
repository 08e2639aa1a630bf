"""Splitting the text of a page into passages that end where sentences end, in Chinese and in Latin scripts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documind.limits import CHUNK_CHARACTERS

OVERLAP_CHARACTERS = 100

CLOSING = r"[)）」』》〉】”’\"'\]]*"
# A sentence ends at full-width punctuation, at Latin punctuation before white space, and at a line's end.
SENTENCE_END = re.compile(rf"[。！？；…]+{CLOSING}\s*|[.!?;]+{CLOSING}\s+|\n+")
# Where a sentence longer than a passage may be cut, best first.
PAUSES = (re.compile(rf"[，、：,:]{CLOSING}\s*"), re.compile(r"\s+"))


@dataclass(frozen=True)
class Span:
    """The code points from `start` up to `end` of a page's text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


def split(text: str) -> list[Span]:
    """Return the passages of a page: at most `CHUNK_CHARACTERS` each, whole sentences where they fit.

    Neighbours share whole sentences of at most 100 characters; together the passages cover all but white space.
    """
    pieces = list(_pieces(text))
    passages: list[Span] = []
    first = 0
    while first < len(pieces):
        after = first + 1
        while after < len(pieces) and pieces[after].end - pieces[first].start <= CHUNK_CHARACTERS:
            after += 1
        passages.append(Span(pieces[first].start, pieces[after - 1].end))
        if after == len(pieces):
            break
        first = _overlapping(pieces, first, after)
    return passages


def _overlapping(pieces: list[Span], first: int, after: int) -> int:
    """Return the piece at which the next passage starts, so that it also holds the new piece `after`."""
    start = after
    while start - 1 > first:
        earlier = pieces[start - 1].start
        if pieces[after - 1].end - earlier > OVERLAP_CHARACTERS or pieces[after].end - earlier > CHUNK_CHARACTERS:
            break
        start -= 1
    return start


def _pieces(text: str) -> Iterator[Span]:
    """Yield the sentences, cut where they are longer than a passage, without the white space around them."""
    for sentence in _between(SENTENCE_END, text, Span(0, len(text))):
        for piece in _cut(text, sentence, 0):
            words = text[piece.start : piece.end]
            if words.strip():
                start = piece.start + len(words) - len(words.lstrip())
                yield Span(start, start + len(words.strip()))


def _cut(text: str, span: Span, level: int) -> Iterator[Span]:
    """Yield the parts of a span that is too long: cut at commas, at spaces, at last anywhere."""
    if len(span) <= CHUNK_CHARACTERS:
        yield span
    elif level == len(PAUSES):
        for start in range(span.start, span.end, CHUNK_CHARACTERS):
            yield Span(start, min(start + CHUNK_CHARACTERS, span.end))
    else:
        for part in _between(PAUSES[level], text, span):
            yield from _cut(text, part, level + 1)


def _between(separator: re.Pattern[str], text: str, span: Span) -> Iterator[Span]:
    """Yield the span's parts, each with the separator that ends it."""
    start = span.start
    for match in separator.finditer(text, span.start, span.end):
        yield Span(start, match.end())
        start = match.end()
    if start < span.end:
        yield Span(start, span.end)
