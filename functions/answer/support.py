"""Finds the sentences of the passages that support a sentence of an answer, by the words that they share."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from answer.passages import Passage
from documind.clients.fusion import rarity
from documind.sentences import Span, sentences
from documind.terms import question_terms, terms

# Least share of a sentence's terms, weighted by rarity, that a passage must contain to support it. On evals/ true
# answers have 0.9 or more, and answers to other questions less than 0.44, with one exception.
SUPPORTED = 0.45
LOCATED = 0.3  # least share from which a citation is narrowed to the sentences with the claim's terms
ADDED = 0.15  # least share that a further sentence of the passage must add to be included
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Support:
    """A passage that may support a claim: the `span` of its text that contains `share` of the claim's terms."""

    number: int  # of the passage
    span: Span
    share: float


@dataclass(frozen=True)
class _Sentence:
    number: int
    span: Span
    terms: frozenset[str]


class Evidence:
    """The sentences of the passages that the model was given."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._texts = {passage.number: passage.text for passage in passages}
        self._sentences = [
            _Sentence(passage.number, span, frozenset(terms(span.of(passage.text))))
            for passage in passages
            for span in sentences(passage.text)
        ]
        self._counts = Counter(term for sentence in self._sentences for term in sentence.terms)

    def support(self, claim: str, cited: Collection[int]) -> Support | None:
        """Return the best support of a claim without a citation; None if no passage contains enough of its terms.

        A passage with other figures than the claim does not support it. Passages overlap: of equally good ones, one
        that is already cited is preferred.
        """
        found = [each for each in self._covers(claim) if each.share >= SUPPORTED and self._agrees(claim, each)]
        return max(found, key=lambda each: (round(each.share, 2), each.number in cited), default=None)

    def located(self, claim: str, number: int) -> Span | None:
        """Return the span of a cited passage that supports a claim; None if they share too few terms."""
        found = next(self._covers(claim, number), None)
        return found.span if found and found.share >= LOCATED else None

    def _covers(self, claim: str, only: int | None = None) -> Iterator[Support]:
        """Yield for each passage, or the one with the number `only`, a span whose sentences contain the terms."""
        wanted = question_terms(claim)
        weights = {term: rarity(self._counts[term], len(self._sentences)) for term in wanted}
        whole = math.fsum(weights.values())
        for number, own in groupby(self._sentences, lambda sentence: sentence.number):
            chosen, share = _cover(list(own), weights, whole) if only in {None, number} else ([], 0.0)
            if chosen:
                span = Span(min(one.span.start for one in chosen), max(one.span.end for one in chosen))
                yield Support(number, span, share)

    def _agrees(self, claim: str, support: Support) -> bool:
        claimed, given = _figures(claim), _figures(support.span.of(self._texts[support.number]))
        return not given or claimed <= given


def _cover(own: list[_Sentence], weights: dict[str, float], whole: float) -> tuple[list[_Sentence], float]:
    """Choose sentences greedily, each for the terms that it adds; return them and the share of the terms they hold."""

    def added(sentence: _Sentence) -> float:
        return _weight(sentence.terms - held, weights) / whole

    held: set[str] = set()
    chosen: list[_Sentence] = []
    while whole and (best := max(own, key=added)) and added(best) >= ADDED:
        chosen.append(best)
        held |= best.terms
    return chosen, _weight(held, weights) / whole if whole else 0.0


def _weight(held: Iterable[str], weights: dict[str, float]) -> float:
    return math.fsum(weights.get(term, 0.0) for term in held)


def _figures(text: str) -> frozenset[str]:
    """Return the numbers in digits, without the commas of thousands."""
    found = NUMBER.findall(unicodedata.normalize("NFKC", text))
    return frozenset(figure.replace(",", "").rstrip(".") for figure in found)
