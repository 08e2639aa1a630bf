"""Splits an answer or a passage into sentences, as spans of its text."""

import re
from dataclasses import dataclass
from itertools import pairwise

CLOSING = r"[)）」』》〉】”’\"'\]*_]*+"
NUMBERS = r"(?:[ \t]*\[\d{1,3}\])*+"  # citations after a full stop belong to the sentence before them
ABBREVIATIONS = "[A-Za-z] Dr Mr Mrs Ms Prof St Nr No Fig Sec Art Vol al vs cf ext Esq"  # the first: initials ("U.S.")
FULL_STOP = r"\." + "".join(rf"(?<!\b{word}\.)" for word in ABBREVIATIONS.split())
# A sentence ends at full-width punctuation, at a line's end, and at other punctuation before white space unless a
# lower-case letter follows (another abbreviation).
END = re.compile(
    rf"[。！？；]+{CLOSING}{NUMBERS}\s*"
    rf"|(?:{FULL_STOP}|[!?;])[.!?;]*{CLOSING}{NUMBERS}(?:[ \t]++(?![a-z])|\s*\n\s*)|\n+"
)


@dataclass(frozen=True)
class Span:
    """The code points from `start` up to `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def sentences(text: str) -> list[Span]:
    """Return the sentences in order, without the white space around them."""
    ends = [0, *(match.end() for match in END.finditer(text)), len(text)]
    return [span for start, end in pairwise(ends) if (span := stripped(text, start, end))]


def stripped(text: str, start: int, end: int) -> Span | None:
    """Return the span without the white space at its ends; None if it contains only white space."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
