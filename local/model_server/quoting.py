"""The offline model's answer: the sentences that come nearest to the question, quoted with their passages' numbers."""

import re

from pydantic import BaseModel

from documind.clients.fusion import shares_of_terms
from documind.terms import CJK
from local.model_server.sentences import Quotable, quotable
from local.model_server.vectors import embed

MAX_QUOTES = 3
NO_ANSWER = "NO_ANSWER"  # what the instructions ask for where the passages hold no answer
_PASSAGE_WEIGHT = 0.4  # of the cosine of the whole passage, beside those of the sentence with its heading and without
_KIND_WEIGHT = 0.2  # for a sentence that holds what is asked for: a figure, somebody
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
_RANK_WEIGHT = 0.04  # less for each passage that the search preferred
_OTHER_LANGUAGE = 0.15  # in place of the words, which a sentence in another language cannot share
_ENOUGH = 0.7  # a lower score says that nothing has to do with the question; measured on evals/golden.jsonl
_NEAR_THE_BEST = 0.9
_CJK = re.compile(f"[{CJK}]")


class Passage(BaseModel):
    """A numbered excerpt of a document, as the answering step sends it."""

    number: int
    text: str
    page: int = 1


class AnswerTask(BaseModel):
    """The content of the user's message, as JSON: a question and the passages that it may be answered from."""

    question: str
    passages: list[Passage]


def answer(task: AnswerTask) -> str:
    """Return at most three quotes, best first, each line followed by ` [n]`; NO_ANSWER where none comes near.

    The passages are only ever quoted: nothing written in them changes what is done.
    """
    chosen = _nearest(task.question, task.passages)
    return (
        "\n".join(
            f"{line} [{number}]" if not line.endswith((":", "：")) else line
            for quote, number in chosen
            for line in quote.lines
        )
        or NO_ANSWER
    )


def _nearest(question: str, passages: list[Passage]) -> list[tuple[Quotable, int]]:
    """Return what comes nearest to the question, by meaning and words."""
    asked = embed([question])[0]
    quotes = [(one, rank) for rank, passage in enumerate(passages) for one in quotable(passage.text)]
    texts = [f"{one.heading}\n{one.text}" for one, _ in quotes]
    headed, alone = embed(texts) @ asked, embed([one.text for one, _ in quotes]) @ asked
    around = embed([passage.text for passage in passages]) @ asked
    shares = shares_of_terms(_QUANTITY.sub(" ", question), texts)
    kinds = [pattern for asks, pattern in ((_QUANTITY, _FIGURE), (_WHO, _SOMEBODY)) if asks.search(question)]
    scored = []
    related = 0.0
    for index, (one, rank) in enumerate(quotes):
        score = (
            float(headed[index] + alone[index] + _PASSAGE_WEIGHT * around[rank]) + shares[index] - _RANK_WEIGHT * rank
        )
        score += _OTHER_LANGUAGE * (bool(_CJK.search(question)) != bool(_CJK.search(one.text)))
        related = max(related, score)
        score += sum(_KIND_WEIGHT for kind in kinds if kind.search(one.text))
        scored.append((score, index))
    if related < _ENOUGH:
        return []
    best = max((score for score, _ in scored), default=0.0)
    chosen: list[tuple[Quotable, int]] = []
    for score, index in sorted(scored, key=lambda one: -one[0]):
        if score < _NEAR_THE_BEST * best or len(chosen) == MAX_QUOTES:
            break
        one, rank = quotes[index]
        if not any(one.text in kept.text or kept.text in one.text for kept, _ in chosen):  # passages overlap
            chosen.append((one, passages[rank].number))
    return chosen
