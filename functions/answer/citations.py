"""From an answer's sentences to the passages they stand on: by the numbers in them, else by their words."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from answer.passages import Passage
from answer.support import Evidence
from documind.pages import Rectangle
from documind.sentences import Span, sentences
from documind.wire import Citation

# Escaped ones, too: what Markdown shows as [2] looks like a citation.
OPEN = r"(?:\\?\[|&(?:#0*91|#[xX]0*5[bB]|lsqb|lbrack);)"
CLOSE = r"(?:\\?\]|&(?:#0*93|#[xX]0*5[dD]|rsqb|rbrack);)"
MARK = re.compile(rf"\s*{OPEN}(\d{{1,3}}(?:\s*[,，、]\s*\d{{1,3}})*){CLOSE}")
NUMBER = re.compile(r"\[(\d{1,3})\]")
ENDING = re.compile(r"[\s.!?;:。！？；：…\"'”’」』)）*_|]*$")  # of a sentence: its number stands before
NO_CLAIM = re.compile(r"^\s*(?:#|```|\|[\s:|-]+\|?$)|[:：?？]\W*$")  # headings, fences, rules, what leads to a list
CODE = re.compile(r"^```.*?(?:^```|\Z)", re.MULTILINE | re.DOTALL)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")
MIN_WORDS = 3  # "Yes, it does." is a claim, "Yes." none
MAX_COMPARED = 100  # sentences of an answer; what follows counts as unverified: its frame has 32 KB


@dataclass(frozen=True)
class Cited:
    """An answer with its numbers; `unverified` are the spans of `text` that no passage supports."""

    text: str
    passages: list[Passage]  # that are cited, narrowed to the sentences that support, in the order they first appear
    unverified: list[Span]

    def citations(self, rectangles: Mapping[int, list[Rectangle]]) -> list[Citation]:
        """Return the citations, with the rectangles under each by the number of its passage."""
        return [
            Citation(
                number=passage.number,
                document_id=passage.document_id,
                page=passage.page,
                start=passage.start,
                end=passage.end,
                score=passage.score,
                rects=rectangles.get(passage.number, []),
                quote=passage.text,
            )
            for passage in self.passages
        ]


def cite(written: str, passages: Sequence[Passage]) -> Cited:
    """Return the answer without numbers that name no passage, and with those of what supports its other sentences.

    A sentence without a number is compared with the passages: what one of them supports gets its number, what none
    does is unverified. Each citation is narrowed to the sentences of its passage that the answer stands on, where
    their words tell; across languages they do not.
    """
    by_number = {passage.number: passage for passage in passages}
    text = _with_known_numbers(written, by_number)
    evidence = Evidence(passages)
    grounds: dict[int, list[Span | None]] = {}  # where in each passage, by its number; None: all of it
    added: list[tuple[int, int]] = []  # positions in the text, and the numbers that belong there
    unverified: list[Span] = []
    uncited = 0
    for sentence in _outside_code(text):
        claim = sentence.of(text)
        numbers = [number for number in map(int, NUMBER.findall(claim)) if number in by_number]
        for number in numbers:
            grounds.setdefault(number, []).append(evidence.located(NUMBER.sub("", claim), number))
        if numbers or NO_CLAIM.search(claim):
            continue
        uncited += 1
        support = evidence.support(claim) if uncited <= MAX_COMPARED else None
        if support:
            grounds.setdefault(support.number, []).append(support.span)
            added.append((sentence.start + len(ENDING.sub("", claim)), support.number))
        elif len(WORD.findall(claim)) >= MIN_WORDS:
            unverified.append(sentence)
    return Cited(
        _with_added(text, added),
        [_narrowed(by_number[number], spans) for number, spans in grounds.items()],
        _shifted(_joined(unverified, text), added),
    )


def without_marks(text: str) -> str:
    """Return a passage's text with its own `[2]` as `［2］`: a model that repeats it cites nothing by it.

    What is quoted to people is the passage as it stands in the PDF.
    """
    return MARK.sub(lambda mark: f"{mark[0][: len(mark[0]) - len(mark[0].lstrip())]}［{mark[1]}］", text)


def _with_known_numbers(text: str, known: Collection[int]) -> str:
    def kept(mark: re.Match[str]) -> str:
        numbers = [number for number in map(int, re.findall(r"\d+", mark[1])) if number in known]
        return " " + "".join(f"[{number}]" for number in numbers) if numbers else ""

    return MARK.sub(kept, text)


def _outside_code(text: str) -> Iterator[Span]:
    code = [match.span() for match in CODE.finditer(text)]
    return (each for each in sentences(text) if not any(start <= each.start < end for start, end in code))


def _with_added(text: str, added: Sequence[tuple[int, int]]) -> str:
    parts, copied = [], 0
    for position, number in added:
        parts.append(f"{text[copied:position]} [{number}]")
        copied = position
    return "".join([*parts, text[copied:]])


def _shifted(spans: Sequence[Span], added: Sequence[tuple[int, int]]) -> list[Span]:
    """Return the spans as they stand once the numbers have been added; none is added inside of one."""

    def moved(span: Span) -> Span:
        shift = sum(len(f" [{number}]") for position, number in added if position <= span.start)
        return Span(span.start + shift, span.end + shift)

    return [moved(span) for span in spans]


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Return the spans with neighbours as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            span = Span(joined.pop().start, span.end)  # noqa: PLW2901
        joined.append(span)
    return joined


def _narrowed(passage: Passage, spans: Sequence[Span | None]) -> Passage:
    """Return the passage from the first to the last of the spans; whole where one of them is not known."""
    known = [span for span in spans if span]
    if len(known) < len(spans):
        return passage
    start, end = min(span.start for span in known), max(span.end for span in known)
    within = {"start": passage.start + start, "end": passage.start + end, "text": passage.text[start:end]}
    return passage.model_copy(update=within)
