"""Assigns passages to the sentences of an answer: by the numbers in them, otherwise by the words that both share."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from answer.passages import Passage
from answer.support import Evidence
from documind.pages import PageText
from documind.sentences import Span, sentences
from documind.wire import Citation

# Escaped brackets too: Markdown shows them as [2], which looks like a citation. Some models write 【2】 or [^2].
OPEN = r"(?:(?:\\?\[|&(?:#0*91|#[xX]0*5[bB]|lsqb|lbrack);)\^?|【)"
CLOSE = r"(?:\\?\]|&(?:#0*93|#[xX]0*5[dD]|rsqb|rbrack);|】)"
MARK = re.compile(rf"(?<!\s)\s*+{OPEN}(?P<numbers>\d{{1,3}}(?:\s*[,，、]\s*\d{{1,3}})*){CLOSE}")
MAY_BECOME_A_MARK = re.compile(rf"(?<!\s)\s*+(?:\\|&[#\w]*|{OPEN}[\d\s,，、]*(?:\\|&[#\w]*)?)?$")
NUMBER = re.compile(r"\[(\d{1,3})\]")
_END = r"[\s.!?;:。！？；：…\"'”’」』)）*_|]"
ENDING = re.compile(rf"(?<!{_END}){_END}*+$")  # end of a sentence; its number is inserted before
# Headings, code fences, rules of tables, questions, lines that introduce a list.
NO_CLAIM = re.compile(r"^\s*(?:#|```|\|[\s:|-]+\|?$)|[:：?？](?:(?![:：?？])\W)*+$")
CODE = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)
CODE_OR_MARK = re.compile(f"{CODE.pattern}|{MARK.pattern}", CODE.flags)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
MIN_WORDS = 3  # of a claim: "Yes, it does." is one, "Yes." is not
MAX_COMPARED = 100  # sentences without a number; further ones count as unverified


@dataclass(frozen=True)
class Cited:
    """An answer with its numbers; `unverified` are the spans of `text` that no passage supports."""

    text: str
    passages: list[Passage]  # the cited ones, [1] first, each narrowed to the supporting sentences
    unverified: list[Span]

    def citations(self, pages: Mapping[tuple[str, int], PageText]) -> list[Citation]:
        """Return the citations, with rectangles where the page of the passage is among `pages`."""
        return [each.citation(number, pages.get(each.key)) for number, each in enumerate(self.passages, start=1)]


def cite(written: str, passages: Sequence[Passage]) -> Cited:
    """Return the answer with its citations numbered from 1, and with citations added to sentences without one.

    A sentence without a number gets that of the passage that supports it, and is unverified if none does. Numbers that
    have been posted stay the same; added ones follow them. A citation is narrowed to the sentences of its passage that
    share words with the claim; if they share too few, as across languages, it covers the whole passage.
    """
    by_number = {passage.number: passage for passage in passages}
    text, order = renumbered(written, by_number)
    evidence = Evidence(passages)
    grounds: dict[int, list[Span | None]] = {}  # spans of each passage by its number; None: all of it
    added: list[tuple[int, int]] = []  # positions in the text, and the numbers to insert
    unverified: list[Span] = []
    uncited = 0
    for sentence in _outside_code(text):
        claim = sentence.of(text)
        numbers = [order[number - 1] for number in map(int, NUMBER.findall(claim)) if 0 < number <= len(order)]
        for number in dict.fromkeys(numbers):  # a sentence may repeat one thousands of times
            grounds.setdefault(number, []).append(evidence.located(NUMBER.sub("", claim), number))
        if numbers or NO_CLAIM.search(claim):
            continue
        uncited += 1
        support = evidence.support(claim, order) if uncited <= MAX_COMPARED else None
        if support:
            grounds.setdefault(support.number, []).append(support.span)
            if support.number not in order:
                order.append(support.number)
            added.append((sentence.start + len(ENDING.sub("", claim)), order.index(support.number) + 1))
        elif len(WORD.findall(claim)) >= MIN_WORDS:
            unverified.append(sentence)
    return Cited(
        _with_added(text, added),
        [_narrowed(by_number[number], grounds.get(number, [None])) for number in order],
        _shifted(_joined(unverified, text), added),
    )


def without_marks(text: str) -> str:
    """Return a passage's text with `[2]` changed to `［2］`, so that a model that copies it makes no citation.

    Users are shown the unchanged text of the PDF.
    """
    return MARK.sub(lambda mark: f"{mark[0][: len(mark[0]) - len(mark[0].lstrip())]}［{mark[1]}］", text)


def renumbered(text: str, known: Collection[int]) -> tuple[str, list[int]]:
    """Return the text with citations numbered from 1 by first appearance, and the passages' numbers in that order.

    Numbers that name no passage are dropped; code keeps its brackets. The beginning of a text gives the beginning of
    the result, except for an incomplete citation at its end (`MAY_BECOME_A_MARK`).
    """
    shown: dict[int, int] = {}

    def counted(mark: re.Match[str]) -> str:
        if mark["numbers"] is None:
            return mark[0]
        numbers = [number for number in map(int, re.findall(r"\d+", mark["numbers"])) if number in known]
        return " " + "".join(f"[{shown.setdefault(number, len(shown) + 1)}]" for number in numbers) if numbers else ""

    return CODE_OR_MARK.sub(counted, text), list(shown)


def _outside_code(text: str) -> Iterator[Span]:
    code = set(chain.from_iterable(range(*match.span()) for match in CODE.finditer(text)))
    return (each for each in sentences(text) if each.start not in code)


def _with_added(text: str, added: Sequence[tuple[int, int]]) -> str:
    parts, copied = [], 0
    for position, number in added:
        parts.append(f"{text[copied:position]} [{number}]")
        copied = position
    return "".join([*parts, text[copied:]])


def _shifted(spans: Sequence[Span], added: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans moved by the numbers inserted before them; none is inserted inside a span."""

    def moved(span: Span) -> Span:
        shift = sum(len(f" [{number}]") for position, number in added if position <= span.start)
        return Span(span.start + shift, span.end + shift)

    return [moved(span) for span in spans]


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Return the spans, joined where only white space lies between them."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            span = Span(joined.pop().start, span.end)  # noqa: PLW2901
        joined.append(span)
    return joined


def _narrowed(passage: Passage, spans: Sequence[Span | None]) -> Passage:
    """Return the passage from the first to the last of the spans; all of it if one of them is None."""
    known = [span for span in spans if span]
    if len(known) < len(spans):
        return passage
    start, end = min(span.start for span in known), max(span.end for span in known)
    return replace(passage, start=passage.start + start, text=passage.text[start:end])
