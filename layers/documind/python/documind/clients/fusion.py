"""One order from two searches: how near a chunk comes in meaning, and how many of the question's words it holds."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from documind.terms import IS_CJK, folded, held, question_terms


@dataclass(frozen=True)
class Candidate:
    """A chunk that either search found; `nearness` is None where its vector is that of another embedding model."""

    text: str
    nearness: float | None


def scores(question: str, candidates: Sequence[Candidate], vector_weight: float, searched: int) -> list[float]:
    """Return a score from 0 to 1 for each candidate, in their order; `searched` chunks were searched for them.

    It is `vector_weight` of the nearness, and the rest of the squared share of the question's terms that the chunk
    holds. Squared, because a few words in common say next to nothing: of a question in other words than the documents,
    or in another language, the vectors decide alone. How this was chosen, and what else was tried:
    docs/decisions/0011-fusion-by-scores.md. A candidate whose nearness is unknown takes the mean of the others.
    """
    known = [candidate.nearness for candidate in candidates if candidate.nearness is not None]
    mean = math.fsum(known) / len(known) if known else 0.0
    shares = shares_of_terms(question, [candidate.text for candidate in candidates], searched)

    def score(candidate: Candidate, share: float) -> float:
        nearness = mean if candidate.nearness is None else candidate.nearness
        return vector_weight * max(nearness, 0.0) + (1 - vector_weight) * share**2

    return [score(candidate, share) for candidate, share in zip(candidates, shares, strict=True)]


def shares_of_terms(question: str, texts: Sequence[str], total: int = 0) -> list[float]:
    """Return for each text the share of the question's terms that it holds, each weighed by its rarity.

    `total` texts were searched for these: a rare term stands in none of the others.
    """
    wanted = question_terms(question)
    own = [held(wanted, folded(text)) for text in texts]
    counts = Counter(term for terms in own for term in terms)
    rarities = {term: _parts_of_word(term) * rarity(counts[term], max(total, len(texts))) for term in wanted}
    whole = math.fsum(rarities.values()) or 1.0  # of a question without any word
    return [math.fsum(rarities[term] for term in terms) / whole for terms in own]


def _parts_of_word(term: str) -> int:
    """Return how many terms of a word in ideographs a term weighs as much as: most have two, which make three terms."""
    return 1 if IS_CJK.match(term) else 3


def rarity(count: int, total: int) -> float:
    """Return the inverse document frequency as BM25 has it: https://en.wikipedia.org/wiki/Okapi_BM25"""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
