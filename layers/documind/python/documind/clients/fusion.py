"""Scores the chunks of two searches by similarity of their vectors and by the words shared with the question."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from documind.sentences import sentences
from documind.terms import IS_CJK, folded, held, question_terms

# Added to the score of a passage in another language than the question: they share no words, and their vectors are less
# similar. Chinese passages are similar to questions in either language (docs/decisions/0011-fusion-by-scores.md).
LACKED_BY_OTHERS, LACKED_BY_CHINESE = 0.06, 0.02
WIDE_BYTES = 1.5  # average bytes of a character in UTF-8 if one in four is an ideograph


@dataclass(frozen=True)
class Candidate:
    """A chunk that either search found; `nearness` is None if its vector is that of another embedding model."""

    text: str
    nearness: float | None


def scores(question: str, candidates: Sequence[Candidate], vector_weight: float, searched: int) -> list[float]:
    """Return a score from 0 to 1 for each candidate, in their order; `searched` chunks were searched for them.

    The score is the weighted sum of nearness (`vector_weight`) and words (the rest). The score of the words is the mean
    of two squared shares of the question's terms: that in the chunk, and that in its best sentence. They are squared
    because a few shared words mean little: for a question in other words than the documents, or in another language,
    the vectors decide. A candidate without a nearness gets the mean of the others; to one in another language than the
    question a constant is added, times what its words score below 1. Reasons and alternatives:
    docs/decisions/0011-fusion-by-scores.md.
    """
    known = [candidate.nearness for candidate in candidates if candidate.nearness is not None]
    mean = math.fsum(known) / len(known) if known else 0.0
    words = _words(question, [candidate.text for candidate in candidates], searched)
    asked_in_cjk = IS_CJK.search(question) is not None
    lacked = LACKED_BY_OTHERS if asked_in_cjk else LACKED_BY_CHINESE

    def score(candidate: Candidate, words: float) -> float:
        nearness = mean if candidate.nearness is None else candidate.nearness
        own = vector_weight * max(nearness, 0.0) + (1 - vector_weight) * words
        return own if is_mostly_cjk(candidate.text) == asked_in_cjk else own + lacked * (1 - words)

    return [score(candidate, own) for candidate, own in zip(candidates, words, strict=True)]


def is_mostly_cjk(text: str) -> bool:
    """Return whether a text is in a CJK language, even if it contains code; by its bytes, which is fast."""
    return len(text.encode()) > WIDE_BYTES * len(text)


def _words(question: str, texts: Sequence[str], searched: int) -> list[float]:
    wanted = question_terms(question)
    folds = [folded(text) for text in texts]
    own = [held(wanted, fold) for fold in folds]
    weights = _weights(wanted, own, searched)
    return [
        (_share(terms, weights) ** 2 + _share_in_a_sentence(terms, text, fold, weights) ** 2) / 2
        for terms, text, fold in zip(own, texts, folds, strict=True)
    ]


def _share_in_a_sentence(own: frozenset[str], text: str, fold: str, weights: Mapping[str, float]) -> float:
    """Return the greatest share of a text's `own` terms in one sentence; a single term needs no search."""
    if len(own) <= 1:
        return _share(own, weights)
    aligned = len(fold) == len(text)  # nearly always; folding the sentences again would double the time
    parts = (span.of(fold) if aligned else folded(span.of(text)) for span in sentences(text))
    return max(_share(held(own, part), weights) for part in parts)


def shares_of_terms(question: str, texts: Sequence[str]) -> list[float]:
    """Return for each text the share of the question's terms in it, each weighted by its rarity in the texts."""
    wanted = question_terms(question)
    own = [held(wanted, folded(text)) for text in texts]
    weights = _weights(wanted, own, len(texts))
    return [_share(terms, weights) for terms in own]


def _weights(wanted: Iterable[str], texts: Sequence[frozenset[str]], total: int) -> dict[str, float]:
    """Return the weights of the terms, which add up to 1; a term that few of the `total` texts contain weighs more."""
    counts = Counter(term for terms in texts for term in terms)
    rarities = {term: _parts_of_word(term) * rarity(counts[term], max(total, len(texts))) for term in wanted}
    whole = math.fsum(rarities.values()) or 1.0  # of a question without any word
    return {term: one / whole for term, one in rarities.items()}


def _parts_of_word(term: str) -> int:
    """Return a term's weight: a word of two ideographs, as most have, makes three terms, a word of letters one."""
    return 1 if IS_CJK.match(term) else 3


def _share(terms: Iterable[str], weights: Mapping[str, float]) -> float:
    return math.fsum(weights[term] for term in terms)


def rarity(count: int, total: int) -> float:
    """Return the inverse document frequency as in BM25: https://en.wikipedia.org/wiki/Okapi_BM25"""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
