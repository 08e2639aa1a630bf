"""The offline model's answer: the sentences that come nearest to the question, quoted with their passages' numbers."""

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel

from documind.clients.fusion import shares_of_terms
from documind.terms import CJK
from local.model_server.sentences import quotable
from local.model_server.vectors import embed

if TYPE_CHECKING:
    from local.model_server.vectors import Vectors

MAX_SENTENCES = 3
_WORDS_WEIGHT = 0.5  # of the share of the question's terms, beside the cosines of the sentence and of its passage
_OPENING_WEIGHT = 0.3  # of the cosine of its heading, for the first sentence of a section
_FIGURE_WEIGHT = 0.3  # for a sentence with a figure, where a quantity is asked for
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|large|big|often|old|far|wide|high|tall|fast|heavy|deep|soon)\b"
    r"|多[少久長大高重遠寬深快]|幾",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d|[一二三四五六七八九十百千萬兩半]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|half)\b"
)
_ENOUGH = 0.55  # a lower score says that nothing has to do with the question; both measured on evals/golden.jsonl
_NEAR_THE_BEST = 0.9
_ABOUT_THE_WHOLE = (
    "What is this document about?",
    "Summarise the document.",
    "這份文件在談什麼？",
    "這份文件的重點是什麼？",
)
_SAME_QUESTION = 0.75

_NOTHING_ZH = "這些段落裡沒有與問題相關的句子。"
_NOTHING_EN = "No sentence in these passages has to do with the question."


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
    """Return at most three sentences, best first, each followed by ` [n]`.

    The passages are only ever quoted: nothing written in them changes what is done. A question about the document as
    a whole gets the passages' first sentences. Where nothing comes near the question, a sentence says so in its
    language, without a citation.
    """
    asked = embed([task.question])[0]
    if (embed(_ABOUT_THE_WHOLE) @ asked).max() >= _SAME_QUESTION:
        chosen = _openings(task.passages)
    else:
        chosen = _nearest(task, asked)
    if chosen:
        return "\n".join(f"{text} [{number}]" for text, number in chosen)
    return _NOTHING_ZH if re.search(f"[{CJK}]", task.question) else _NOTHING_EN


def _openings(passages: list[Passage]) -> list[tuple[str, int]]:
    """Return the first sentence of each passage, in the order of their pages."""
    in_order = sorted(passages, key=lambda passage: passage.page)
    firsts = [(sentences[0].text, one.number) for one in in_order if (sentences := quotable(one.text))]
    return firsts[:MAX_SENTENCES]


def _nearest(task: AnswerTask, asked: "Vectors") -> list[tuple[str, int]]:
    """Return the sentences that come nearest to the question, by meaning and words together with their headings."""
    sentences = [(one, rank) for rank, passage in enumerate(task.passages) for one in quotable(passage.text)]
    texts = [f"{one.heading}\n{one.text}" for one, _ in sentences]
    near = embed(texts) @ asked
    above = embed([one.heading for one, _ in sentences]) @ asked
    around = embed([passage.text for passage in task.passages]) @ asked
    shares = shares_of_terms(task.question, texts)
    figure = _FIGURE_WEIGHT if _QUANTITY.search(task.question) else 0.0
    scored = []
    related = 0.0
    for index, (one, rank) in enumerate(sentences):
        opening = _OPENING_WEIGHT * max(float(above[index]), 0.0) if one.is_first else 0.0
        score = float(near[index] + around[rank]) + _WORDS_WEIGHT * shares[index] + opening
        related = max(related, score)
        score += figure if _FIGURE.search(one.text) else 0.0
        scored.append((score, one.text, task.passages[rank].number))
    if related < _ENOUGH:
        return []
    best = max((score for score, _, _ in scored), default=0.0)
    chosen: list[tuple[str, int]] = []
    for score, text, number in sorted(scored, key=lambda one: -one[0]):
        if score < _NEAR_THE_BEST * best or len(chosen) == MAX_SENTENCES:
            break
        if not any(text in kept or kept in text for kept, _ in chosen):  # passages overlap
            chosen.append((text, number))
    return chosen
