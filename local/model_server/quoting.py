"""The offline model's answer: the sentences that come nearest to the question, quoted with their passages' numbers."""

import re

from pydantic import BaseModel

from documind.clients.fusion import shares_of_terms
from documind.terms import CJK
from local.model_server.sentences import LEADS, Quotable, quotable
from local.model_server.vectors import embed

MAX_QUOTES = 3
NO_ANSWER = "NO_ANSWER"  # what the instructions ask for where the passages hold no answer
_PASSAGE_WEIGHT = 0.4  # of the cosine of the whole passage, beside those of the sentence with its heading and without
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|large|big|often|old|far|wide|high|tall|fast|heavy|deep|soon|quickly)\b|\bsize\b"
    r"|多[少久長大高重遠寬深快]|幾",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d|[一二三四五六七八九十百千萬兩半]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|half)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho(?:m|se)?\b|誰|哪些人|什麼人", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(?:members?|people|persons?|anyone|everyone|everybody|nobody|somebody|someone|staff|owners?|users?|[a-z]+ists?)\b"
    r"|[a-z] (?:[A-Z][a-z]+ ){2}|人|成員|[員者師長]",
)
_RANK_WEIGHT = 0.05  # less for each passage that the search preferred
# What a question asks for, what holds it, and what that adds to a score; twice as much in a row of a table.
_KINDS = ((_QUANTITY, _FIGURE, 0.25), (_WHO, _SOMEBODY, 0.5))
_OTHER_LANGUAGE = 0.15  # in place of the words, which a sentence in another language cannot share
_ENOUGH = 0.6  # a lower score says that nothing has to do with the question; measured on evals/golden.jsonl
_NEAR_THE_BEST = 0.9
_COMMA = re.compile("[,，]")
_CJK = re.compile(f"[{CJK}]")


class Passage(BaseModel):
    """A numbered excerpt of a document, as the answering step sends it."""

    number: int
    text: str
    page: int = 1


class AnswerTask(BaseModel):
    """The content of the user's message, as JSON: a question and the passages that it may be answered from."""

    question: str
    parts: list[str] = []  # the questions that it asks at once
    passages: list[Passage]


def answer(task: AnswerTask) -> str:
    """Return at most three quotes, best first, each line followed by ` [n]`; NO_ANSWER where none comes near.

    The passages are only ever quoted: nothing written in them changes what is done.
    """
    chosen = [each for part in task.parts for each in _nearest(part, task.passages)[:1]]
    chosen = chosen or _nearest(task.question, task.passages)
    quoted = ["\n".join(_cited(line, number) for line in quote.lines) for quote, number in dict.fromkeys(chosen)]
    return ("\n\n" if any("\n" in each for each in quoted) else "\n").join(quoted) or NO_ANSWER


def _cited(line: str, number: int) -> str:
    return line if line.endswith(LEADS) else f"{line} [{number}]"


def _nearest(question: str, passages: list[Passage]) -> list[tuple[Quotable, int]]:
    """Return what comes nearest to the question, best first, with the numbers of its passages."""
    quotes = [(one, rank) for rank, passage in enumerate(passages) for one in without_title(passage)]
    related, scores = _scores(question, passages, quotes)
    if max(related, default=0.0) < _ENOUGH:
        return []
    asked_for = [(held, weight) for asks, held, weight in _KINDS if asks.search(question)]
    held = [sum(weight * (1 + one.is_row) for kind, weight in asked_for if kind.search(one.text)) for one, _ in quotes]
    ranked = sorted(zip(map(sum, zip(scores, held, strict=True)), quotes, strict=True), key=lambda each: -each[0])
    chosen: list[tuple[Quotable, int]] = []
    for score, (one, rank) in ranked:
        if score < _NEAR_THE_BEST * ranked[0][0] or len(chosen) == MAX_QUOTES:
            break
        if not any(one.text in kept.text or kept.text in one.text for kept, _ in chosen):  # passages overlap
            chosen.append((one, passages[rank].number))
    return chosen


def without_title(passage: Passage) -> list[Quotable]:
    """Return what can be quoted, but the title on a first page: a line without a full stop or a comma."""
    quotes = quotable(passage.text)
    has_title = quotes and passage.page == 1 and not quotes[0].is_whole and not _COMMA.search(quotes[0].text)
    return quotes[1:] if has_title else quotes


def _scores(
    question: str, passages: list[Passage], quotes: list[tuple[Quotable, int]]
) -> tuple[list[float], list[float]]:
    """Return how much each quote has to do with the question, and how well it answers; each with its passage's rank."""
    asked = embed([question])[0]
    texts = [f"{one.heading}\n{one.text}" for one, _ in quotes]
    headed, alone = embed(texts) @ asked, embed([one.text for one, _ in quotes]) @ asked
    around = embed([passage.text for passage in passages]) @ asked
    words, named = shares_of_terms(question, texts), shares_of_terms(_QUANTITY.sub(" ", question), texts)
    is_cjk = _CJK.search(question) is not None
    related, scores = [], []
    for index, (one, rank) in enumerate(quotes):
        other = _OTHER_LANGUAGE if is_cjk != (_CJK.search(one.text) is not None) else 0.0
        related.append(float(headed[index] + around[rank]) + words[index] + other)
        near = float(headed[index] + alone[index] + _PASSAGE_WEIGHT * around[rank])
        scores.append(near + named[index] - _RANK_WEIGHT * rank)
    return related, scores
