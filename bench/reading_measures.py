"""How well a document with known paragraphs was read: characters, joined lines, passages."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.documents import Printed
from ingest.blocks import Kind
from ingest.read import Page

SENTENCE_END = re.compile(r"[。！？.!?][」』”’\"')]*$")
LEADERS = re.compile(r"\.{4,}")
UNCOUNTED = re.compile(r"[\s.\d-]")  # dot leaders, page numbers, and hyphens at the ends of lines


@dataclass(frozen=True)
class Joins:
    """Line ends that continue a sentence, and how many were joined; line ends between paragraphs, and wrong joins."""

    continuing: int
    joined: int
    between: int
    wrong: int


def characters(text: str, printed: Printed, pages: int) -> tuple[int, int]:
    """Return how many characters are wrong (not in the document) and how many are missing."""
    truth = "".join(words for _, words in printed.paragraphs) + printed.header * pages
    expected, found = Counter(UNCOUNTED.sub("", truth)), Counter(UNCOUNTED.sub("", text))
    return (found - expected).total(), (expected - found).total()


def ending_at_a_sentence(passages: Sequence[str]) -> float:
    """Return the share of passages whose last character ends a sentence."""
    return sum(bool(SENTENCE_END.search(passage[-4:])) for passage in passages) / max(len(passages), 1)


def holding(passages: Sequence[str], header: str) -> float:
    """Return the share of passages that hold the running header, the title left out."""
    return sum(header in passage for passage in passages[1:]) / max(len(passages) - 1, 1)


def joins(pages: Iterable[Page], printed: Printed) -> Joins:
    """Compare where lines were joined with where the document's paragraphs end.

    Raises ValueError when the text is another one, or in another order.
    """
    read = _Read()
    for page in pages:
        read.add(page)
    text, place_of = _without_leaders(read.text)
    truth, ends = "", set()
    for _, words in printed.paragraphs:
        truth += "".join(words.split())
        ends.add(len(truth))
    if text != truth:
        raise ValueError(f"the text differs near {_first_difference(text, truth)!r}")
    kept = {place_of[place] for place in read.breaks}
    lines = [place_of[place] for place in read.line_starts]
    inside = [place for place in lines if place not in ends and not SENTENCE_END.search(text[place - 2 : place])]
    between = [place for place in lines if place in ends]
    return Joins(len(inside), sum(at not in kept for at in inside), len(between), sum(at not in kept for at in between))


class _Read:
    """The text of all pages without white space and furniture, and where in it lines begin and line breaks stand."""

    def __init__(self) -> None:
        self.text = ""
        self.breaks: set[int] = set()
        self.line_starts: list[int] = []

    def add(self, page: Page) -> None:
        end = max((block.end for block in page.layout.blocks if block.kind is not Kind.FURNITURE), default=0)
        places = []
        for character in page.text[:end]:
            places.append(len(self.text))
            if character == "\n":
                self.breaks.add(len(self.text))
            if not character.isspace():
                self.text += character
        starts = [places[line.start] for line in page.layout.content.lines if line.start < end]
        self.line_starts += starts[1:]


def _without_leaders(text: str) -> tuple[str, list[int]]:
    """Return a text without dot leaders, and for each place in the text where it is then."""
    dotted = {place for match in LEADERS.finditer(text) for place in range(*match.span())}
    places, kept = [], 0
    for place in range(len(text)):
        places.append(kept)
        kept += place not in dotted
    return "".join(text[place] for place in range(len(text)) if place not in dotted), [*places, kept]


def _first_difference(text: str, truth: str) -> str:
    place = next((index for index, pair in enumerate(zip(text, truth, strict=False)) if pair[0] != pair[1]), 0)
    return text[max(place - 10, 0) : place + 20]
