"""Answers of the offline model: quotes the sentences most similar to the question, with their passages' numbers."""

import math
import re
import textwrap
from statistics import fmean

from pydantic import BaseModel

from documind.clients.fusion import is_mostly_cjk, shares_of_terms
from documind.sentences import sentences
from documind.terms import IS_CJK
from local.model_server.question_kinds import ASKS_FOR_FIGURE, ASKS_FOR_TITLE, ExpectedAnswer
from local.model_server.sentences import LEADS, Quotable, quotable
from local.model_server.vectors import embed

MAX_QUOTES = 3
MAX_TITLE_LINES, MAX_TITLE_BYTES, MAX_TITLE_PAGE = 4, 120, 3
ABSTRACT = re.compile(
    r"(?:\d+\.? )?(?:abstract|summary|executive summary|overview)\W*|摘\s?要|概\s?要|簡\s?介", re.IGNORECASE
)
NO_ANSWER = "NO_ANSWER"  # the reply that the instructions demand if the passages contain no answer
_FIRST_WEIGHT = 0.25  # of the first sentence under a heading, for the share of the question's terms in the heading
_RANK_WEIGHT = 0.1  # subtracted for each passage that the search ranked higher
_CUT_OFF = 0.2  # subtracted from a quote that begins or ends within a sentence; it is only used as the first one
# The thresholds below were measured on evals/golden.jsonl, and on questions of other sets put to its documents.
_ENOUGH = 0.47  # least relevance of the best quote; below it there is no answer
_CERTAIN = 1.1  # relevance from which the best quote is nearly always the right one
_SAME_PASSAGE = 0.2  # how much less than the best quote a second one of the same passage may score
_OTHER_PASSAGE, _OTHER_IF_UNCERTAIN = 0.35, 0.6  # the same for the first quote of another passage
_OTHER_LANGUAGE = 0.12  # added to the score of a text in another language than the question: they share no words


class Passage(BaseModel):
    """A numbered excerpt of a document, as the answering step sends it."""

    number: int
    text: str
    page: int = 1


class Turn(BaseModel):
    """A question that was answered."""

    question: str


class Task(BaseModel):
    """The JSON of the user's message; each task uses some of the fields."""

    question: str = ""
    parts: list[str] = []  # the single questions, if it has several
    turns: list[Turn] = []  # the last ones of the conversation, oldest first
    passages: list[Passage] = []  # for an answer: best first; for a summary: of one document, in order


def answer(task: Task) -> str:
    """Return at most three quotes, best first, each sentence followed by ` [n]`; NO_ANSWER if none is similar."""
    if ASKS_FOR_TITLE.search(task.question) and task.passages and task.passages[0].page <= MAX_TITLE_PAGE:
        return _title(task.passages[0]) or NO_ANSWER
    chosen = [each for part in task.parts for each in _nearest(part, task.passages)[:1]]
    chosen = chosen or _nearest(task.question, task.passages)
    quoted = [_quoted(quote, number) for quote, number in dict.fromkeys(chosen)]
    return ("\n\n" if any("\n" in each for each in quoted) else "\n").join(quoted) or NO_ANSWER


def _title(passage: Passage) -> str:
    """Return the lines above the abstract or the first paragraph of a document: usually title, authors and date."""
    lines = [line.replace("\t", " ").strip() for line in passage.text.splitlines() if line.strip()]
    is_below = (
        ABSTRACT.fullmatch(line) or (len(line.encode()) > MAX_TITLE_BYTES and (line.endswith(".") or "。" in line))
        for line in lines
    )
    count = max(next((at for at, below in enumerate(is_below) if below), MAX_TITLE_LINES), 1)
    return "\n".join(f"{line} [{passage.number}]" for line in lines[: min(count, MAX_TITLE_LINES)])


def _quoted(quote: Quotable, number: int) -> str:
    """Return the lines with the passage's number, and the code below them as a block."""
    leads = LEADS if not quote.code else ()
    lines = [line if line.endswith(leads) else _cited(line, number) for line in quote.lines]
    code = textwrap.dedent("\n".join(quote.code)).splitlines()
    return "\n".join([*lines, *(["```", *code, "```"] if code else [])])


def _cited(line: str, number: int) -> str:
    return " ".join(f"{span.of(line).strip()} [{number}]" for span in sentences(line))


def _nearest(question: str, passages: list[Passage]) -> list[tuple[Quotable, int]]:
    """Return the quotes that score best, best first, with the numbers of their passages; more if it is uncertain."""
    quotes = [(one, rank) for rank, passage in enumerate(passages) for one in without_title(passage)]
    scores, relevance = _scores(question, passages, quotes) if quotes else ([], 0.0)
    if relevance < _ENOUGH:
        return []
    other_passage = _OTHER_PASSAGE if relevance >= _CERTAIN else _OTHER_IF_UNCERTAIN
    chosen: list[tuple[Quotable, int]] = []
    ranked = sorted(zip(scores, quotes, strict=True), key=lambda each: -each[0])
    for score, (one, rank) in ranked:
        behind = ranked[0][0] - score
        number = passages[rank].number
        if behind > other_passage or len(chosen) == MAX_QUOTES:
            break
        if (chosen and one.is_cut) or (behind > _SAME_PASSAGE and any(number == other for _, other in chosen)):
            continue
        if not any(one.text in kept.text or kept.text in one.text for kept, _ in chosen):  # as passages overlap
            chosen.append((one, number))
    return chosen


def without_title(passage: Passage) -> list[Quotable]:
    """Return the quotes of a passage without the title of a first page: a line without a full stop or a comma."""
    quotes = quotable(passage.text)
    has_title = len(quotes) > 1 and passage.page == 1 and not quotes[0].is_whole and not {*",，"} & {*quotes[0].text}
    return quotes[has_title:]


def _scores(question: str, passages: list[Passage], quotes: list[tuple[Quotable, int]]) -> tuple[list[float], float]:
    """Return a score for each quote with its passage's rank, and the relevance of the best one to the question.

    The weights of the relevance are rounded from a logistic regression: of right answers against what is quoted when
    the right page is taken away, on questions that are not in evals/ (docs/decisions/0035-the-right-page-offline.md).
    """
    # The offline model rewrites a follow-up as the previous question and this one, whose weight is doubled here.
    said = [question, *[span.of(question) for span in sentences(question)][1:][-1:]]
    asked = embed(said).sum(axis=0) / len(said)
    texts = [f"{one.heading}\n{one.text}".strip() for one, _ in quotes]
    near = (embed(texts) + embed([one.text for one, _ in quotes])) @ asked / 2  # with its heading, and without
    worded = [f"{text}\n" + "\n".join(one.code) for text, (one, _) in zip(texts, quotes, strict=True)]
    shares = [shares_of_terms(ASKS_FOR_FIGURE.sub(" ", each), worded) for each in said]
    words = [fmean(own) for own in zip(*shares, strict=True)]
    around = embed([passage.text for passage in passages]) @ asked
    asked_in_cjk = IS_CJK.search(question) is not None
    is_foreign = [is_mostly_cjk(one.text) != asked_in_cjk for one, _ in quotes]
    expected = ExpectedAnswer(question)
    above = ["", *(one.heading for one, _ in quotes)]
    first = [one.heading * (one.heading != above[at] or len(one.lines) > 1) for at, (one, _) in enumerate(quotes)]
    leading = shares_of_terms(question, first)
    in_passage = shares_of_terms(question, [passage.text for passage in passages])
    scores = [
        2 * float(near[at])
        + words[at]
        + in_passage[rank]
        + float(around[rank]) / 2
        + expected.likeness(one.text)
        + _FIRST_WEIGHT * leading[at] * (1 + (expected.is_definition and one.heading != above[at]))
        - _CUT_OFF * one.is_cut
        + _OTHER_LANGUAGE * (1 - words[at]) * is_foreign[at]
        - _RANK_WEIGHT * rank
        for at, (one, rank) in enumerate(quotes)
    ]
    is_bare = not ASKS_FOR_FIGURE.sub(" ", question).strip()  # "How large, and ...?"
    best = max(range(len(scores)), key=scores.__getitem__)
    relevance = near[best] + 0.75 * around[quotes[best][1]] + 2.5 * words[best] ** 1.5 + 0.25 * is_foreign[best]
    return scores, math.inf if is_bare else float(relevance)
