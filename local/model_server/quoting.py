"""The offline model's answer: the sentences that share most with the question, quoted with their passages' numbers."""

import math
import re
from collections import Counter
from dataclasses import dataclass

from pydantic import BaseModel

from local.model_server.sentences import sentences
from local.model_server.terms import CJK, terms

MAX_SENTENCES = 3
_WORTH_QUOTING = 0.5  # of the best sentence's score
_LENGTH_WEIGHT = 0.2  # how much a sentence longer than the average loses, as `b` in BM25
_RANK_WEIGHT = 0.3  # the best passages come first
_FRONT_WEIGHT = 0.4  # what a sentence is about stands near its front

_LEAD_ZH = "（離線模型，僅摘錄原文）"
_LEAD_EN = "(Offline model, only quoting the documents.) "
_NOTHING_ZH = "這些段落裡沒有與問題相關的句子。"
_NOTHING_EN = "No sentence in these passages has to do with the question."

_ASKED = ("?", "？")  # a question is no answer
_SAID = (".", "!", "。", "！")
_ASKING_ZH = re.compile(
    "請問|這個|那個|什麼時候|什麼|甚麼|怎麼樣|怎麼|怎樣|如何|為何|哪一個|哪一|哪些|哪裡|哪個|哪|誰|多少|多久|幾"
    "|是否|是不是|有沒有|可不可以|可以|需要|應該|嗎|呢|吧|的|了|是|在|有|我|你|您"
)
_ASKING_EN = frozenset(
    terms(
        "a about an and are as at be been by can could do does did for from had has have how i if in into is it its "
        "me my of on or our please should tell than that the their them then there these they this to was we were "
        "what when where which who whom whose why will with would you your"
    )
)
_WHOLE_ZH = re.compile("這份|文件|檔案|內容|重點|主要|重要|談")
_WHOLE_EN = frozenset(terms("document file text main most important point points"))


class Passage(BaseModel):
    """A numbered excerpt of a document, as the answering step sends it."""

    number: int
    text: str


class AnswerTask(BaseModel):
    """The content of the user's message, as JSON: a question and the passages that it may be answered from."""

    question: str
    passages: list[Passage]


@dataclass(frozen=True)
class _Candidate:
    number: int
    rank: int
    text: str
    terms: tuple[str, ...]


def answer(task: AnswerTask) -> str:
    """Return an answer in the language of the question: at most three sentences, best first, each followed by ` [n]`.

    The passages are only ever quoted: nothing written in them changes what is done. A question about the document as
    a whole gets the passages' first sentences. One that shares no term with any of them gets a sentence that says so,
    without a citation.
    """
    in_chinese = re.search(f"[{CJK}]", task.question) is not None
    quotes = [f"{quote.text} [{quote.number}]" for quote in _best(task)]
    if in_chinese:
        return _LEAD_ZH + ("\n".join(quotes) or _NOTHING_ZH)
    return _LEAD_EN + ("\n".join(quotes) or _NOTHING_EN)


def question_terms(question: str) -> frozenset[str]:
    """Return what the question asks about, without the words of asking; those too when there is nothing else."""
    wanted = frozenset(terms(_ASKING_ZH.sub(" ", question))) - _ASKING_EN
    return wanted or frozenset(terms(question))


def _is_about_the_whole(question: str) -> bool:
    """Tell whether a question names the document, and nothing that could stand in it."""
    unnamed = _WHOLE_ZH.sub(" ", question)
    rest = frozenset(terms(_ASKING_ZH.sub(" ", unnamed))) - _ASKING_EN
    return rest <= _WHOLE_EN and (bool(rest) or unnamed != question)


def _best(task: AnswerTask) -> list[_Candidate]:
    asked = frozenset(terms(task.question))
    candidates = [candidate for candidate in _candidates(task.passages) if not _is_heading(candidate, asked)]
    if _is_about_the_whole(task.question):
        return _openings(candidates)
    scores = _scores(question_terms(task.question), candidates)
    ranked = sorted(candidates, key=lambda candidate: -scores[candidate])  # stable: ties keep the passages' order
    chosen: list[_Candidate] = []
    for candidate in ranked:
        too_weak = scores[candidate] < _WORTH_QUOTING * scores[ranked[0]] or scores[candidate] == 0.0
        if too_weak or len(chosen) == MAX_SENTENCES:
            break
        chosen.append(candidate)
    return chosen


def _openings(candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the first whole sentence of each of the best passages."""
    firsts: dict[int, _Candidate] = {}
    for candidate in candidates:
        if candidate.text.endswith(_SAID) and not candidate.text[0].islower():
            firsts.setdefault(candidate.number, candidate)
    return list(firsts.values())[:MAX_SENTENCES]


def _candidates(passages: list[Passage]) -> list[_Candidate]:
    """Return the statements of all passages; of what overlapping passages share, the longest version only."""
    found: dict[str, _Candidate] = {}
    for rank, passage in enumerate(passages, start=1):
        for text in sentences(passage.text):
            if text.endswith(_ASKED) or any(text in kept for kept in found):
                continue
            for shorter in [kept for kept in found if kept in text]:
                del found[shorter]
            found[text] = _Candidate(passage.number, rank, text, tuple(terms(text)))
    return list(found.values())


def _is_heading(candidate: _Candidate, asked: frozenset[str]) -> bool:
    """Tell whether a line only repeats the question, and is not a sentence that answers it with yes."""
    return asked.issuperset(candidate.terms) and not candidate.text.endswith(_SAID)


def _scores(wanted: frozenset[str], candidates: list[_Candidate]) -> dict[_Candidate, float]:
    """Score each sentence by the wanted terms in it; rare ones, early ones and the best passages' count more."""
    matches = {candidate: _matched(wanted, candidate) for candidate in candidates}
    frequency = Counter(term for matched in matches.values() for term in matched)
    rarity = {term: math.log(1 + len(candidates) / count) for term, count in frequency.items()}
    average = sum(len(candidate.terms) for candidate in candidates) / max(len(candidates), 1)

    def score(candidate: _Candidate) -> float:
        if not matches[candidate]:
            return 0.0
        own = sum(rarity[term] for term in matches[candidate])
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * max(len(candidate.terms) / average, 1)
        first = min(candidate.terms.index(term) for term in matches[candidate])
        return own / length * (1 + _FRONT_WEIGHT / (1 + first)) * (1 + _RANK_WEIGHT / candidate.rank)

    return {candidate: score(candidate) for candidate in candidates}


def _matched(wanted: frozenset[str], candidate: _Candidate) -> frozenset[str]:
    """Return the wanted terms in a sentence, none when single characters are all that it shares with longer ones."""
    matched = wanted.intersection(candidate.terms)
    by_chance = max(map(len, matched), default=0) < min(max(map(len, wanted)), 2)
    return frozenset() if by_chance else matched
