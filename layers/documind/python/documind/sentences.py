"""Splits an answer or a passage into sentences, as spans of its text."""

import re
from dataclasses import dataclass
from itertools import pairwise

CLOSING = r"[)）」』》〉】”’\"'\]*_]*+"
NUMBERS = r"(?:[ \t]*\[\d{1,3}\])*+"  # citations after a full stop belong to the sentence before them
LETTER = "[A-Za-zÀ-ɏ]"
CONSONANT = "[b-df-hj-np-tv-xzß]"
# An initial ("U.S.", "z. B."), a word without a vowel ("Dr", "bzw", "Sr"), and some that have one.
ABBREVIATIONS = [
    LETTER,
    *(f"{LETTER}(?<![AEIOUYaeiouyÀ-ɏ]){CONSONANT}{{{more}}}" for more in (1, 2, 3)),
    "Prof",
    "al",
    "Esq",
]
# The number of an article, a page or a volume follows a short word ("Art. 3"), a German month an ordinal ("31. Mai").
BEFORE_A_NUMBER = rf"(?:(?<=\b{LETTER}{{2}}\.)|(?<=\b{LETTER}{{3}}\.))\s+\d"
BEFORE_A_MONTH = r"(?:(?<=\b\d\.)|(?<=\b\d\d\.)) (?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
# A German number with a full stop is an ordinal after an article, or a preposition with one ("im 19. Jahrhundert").
ARTICLES = ["[Ii]m|(?<!I )[Aa]m", "[Dd](?:er|e[smn]|ie|as)|[Vv]om|[Zz]u[mr]"]
ORDINALS = [f"(?:{articles}) {digits}" for articles in ARTICLES for digits in (r"\d", r"\d\d")]
FULL_STOP = (
    r"\."
    + "".join(rf"(?<!\b{word}\.)" for word in [*ABBREVIATIONS, *ORDINALS])
    + f"(?!{BEFORE_A_NUMBER})(?!{BEFORE_A_MONTH})"
)
# A sentence ends at full-width punctuation, at a line's end, and at other punctuation before white space unless a
# lower-case letter follows (another abbreviation).
END = re.compile(
    rf"[。！？；]+{CLOSING}{NUMBERS}\s*"
    rf"|(?:{FULL_STOP}|[!?;؟۔।])[.!?;؟۔।]{{0,9}}+{CLOSING}{NUMBERS}(?:[ \t]++(?![a-z])|\s*\n\s*)|\n+"
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
