"""Measures of how well a document with known paragraphs was read: characters, joined lines, passages."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bench.documents import Printed
from ingest.reader.blocks import Kind
from ingest.reader.read import Page

SENTENCE_END = re.compile(r"[。！？.!?][」』”’\"')]*$")
LEADERS = re.compile(r"\.{4,}")
UNCOUNTED = re.compile(r"[\s.\d-]")  # dot leaders, page numbers, and hyphens at the ends of lines
TAIL = 24  # characters of a passage's end by which it is found in the document


@dataclass
class Joins:
    """Counts of line ends within sentences and of the joined ones; of line ends between paragraphs and of wrong joins.

    `unknown` counts lines that are not in the document as they were read.
    """

    continuing: int = 0
    joined: int = 0
    between: int = 0
    wrong: int = 0
    unknown: int = 0


def characters(text: str, printed: Printed, pages: int) -> tuple[int, int]:
    """Return how many characters are wrong (not in the document) and how many are missing."""
    truth = "".join(words for _, words in printed.paragraphs) + printed.header * pages
    expected, found = Counter(UNCOUNTED.sub("", truth)), Counter(UNCOUNTED.sub("", text))
    return (found - expected).total(), (expected - found).total()


def ending_at_a_sentence(passages: Sequence[str]) -> float:
    """Return the share of passages whose last character ends a sentence."""
    return sum(bool(SENTENCE_END.search(passage[-4:])) for passage in passages) / max(len(passages), 1)


def ending_whole(passages: Sequence[str], printed: Printed) -> float:
    """Return the share of passages that end where a sentence, a heading, an item, a row or a line of code ends."""
    truth, ends = _known(printed)
    whole = 0
    for passage in passages:
        tail = _squeezed(passage)[-TAIL:]
        whole += bool(SENTENCE_END.search(passage[-4:])) or truth.find(tail) + len(tail) in ends
    return whole / max(len(passages), 1)


def holding(passages: Sequence[str], header: str) -> float:
    """Return the share of passages that contain the running header, without the first, which has it as its title."""
    return sum(header in passage for passage in passages[1:]) / max(len(passages) - 1, 1)


def joins(pages: Iterable[Page], printed: Printed) -> Joins:
    """Count which lines of the pages were joined, compared with the ends of the document's paragraphs."""
    truth, ends = _known(printed)
    found, expected = Joins(), 0
    for page in pages:
        body = max((block.end for block in page.layout.blocks if block.kind is not Kind.FURNITURE), default=0)
        lines = [line for line in page.layout.content.lines if line.start < body]
        for index, line in enumerate(lines):
            words = LEADERS.sub("", _squeezed(page.text[line.start : line.end]))
            place = max(truth.find(words, expected), truth.find(words) if truth.find(words, expected) < 0 else -1)
            found.unknown += place < 0
            if index and place >= 0:
                is_joined = "\n" not in page.text[lines[index - 1].end : line.start]
                goes_on = place == expected and place not in ends
                _count(found, truth[:place], goes_on=goes_on, is_joined=is_joined)
            expected = place + len(words) if place >= 0 else expected
    return found


def _count(found: Joins, before: str, *, goes_on: bool, is_joined: bool) -> None:
    if not goes_on:
        found.between += 1
        found.wrong += is_joined
    elif not SENTENCE_END.search(before[-2:]):
        found.continuing += 1
        found.joined += is_joined


def _known(printed: Printed) -> tuple[str, set[int]]:
    """Return the document's text without white space, and the positions of its paragraphs' ends."""
    paragraphs = [_squeezed(words) for _, words in printed.paragraphs]
    return "".join(paragraphs), {*accumulate(map(len, paragraphs))}


def _squeezed(text: str) -> str:
    return "".join(text.split())
