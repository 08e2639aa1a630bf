"""One order from two searches: what meaning and words say of a chunk, added up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from documind.terms import question_terms, terms

# Tuned on evals/golden.jsonl; the figures stand in docs/benchmarks.md.
SHARE_WEIGHT = 0.6  # of what the words say: the share of the question's terms; the rest is BM25
ENOUGH_TERMS = 2 / 3  # the share of the best chunk from which on the words count fully


@dataclass(frozen=True)
class Candidate:
    """A chunk that either search found.

    `cosine` is that of its own vector and the question's, None for one that was read with another embedding model;
    `bm25` is 0 where the words did not find it.
    """

    text: str
    cosine: float | None
    bm25: float


def scores(question: str, candidates: Sequence[Candidate], vector_weight: float) -> list[float]:
    """Return a score from 0 to 1 for each candidate, in their order.

    It is `vector_weight` of the cosine, and the rest of what the words say: the share of the question's terms that
    stands in the chunk, each weighed by its rarity among the candidates, and BM25 beside the best chunk's. The fewer
    of its terms stand in any chunk, the less the words count: the question is put in other words than the documents,
    or in another language. A candidate whose cosine is unknown takes the mean of the others.
    """
    shares = shares_of_terms(question, [candidate.text for candidate in candidates])
    best_share = max(shares, default=0.0)
    best_bm25 = max((candidate.bm25 for candidate in candidates), default=0.0) or 1.0
    words_weight = (1 - vector_weight) * min(1.0, best_share / ENOUGH_TERMS)
    known = [candidate.cosine for candidate in candidates if candidate.cosine is not None]
    mean = math.fsum(known) / len(known) if known else 0.0

    def score(candidate: Candidate, share: float) -> float:
        cosine = mean if candidate.cosine is None else candidate.cosine
        words = SHARE_WEIGHT * share + (1 - SHARE_WEIGHT) * best_share * candidate.bm25 / best_bm25
        return vector_weight * max(cosine, 0.0) + words_weight * words

    return [score(candidate, share) for candidate, share in zip(candidates, shares, strict=True)]


def shares_of_terms(question: str, texts: Sequence[str]) -> list[float]:
    """Return for each text the share of the question's terms that it holds, each weighed by its rarity in the texts."""
    wanted = question_terms(question)
    held = [wanted.intersection(terms(text)) for text in texts]
    weights = {term: rarity(sum(term in own for own in held), len(texts)) for term in wanted}
    whole = math.fsum(weights.values())
    return [math.fsum(weights[term] for term in own) / whole if whole else 0.0 for own in held]


def rarity(count: int, total: int) -> float:
    """Return the inverse document frequency as BM25 has it: https://en.wikipedia.org/wiki/Okapi_BM25"""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
