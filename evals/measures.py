"""Measures of a ranking, and means with bootstrap confidence intervals."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SAMPLES = 1000  # resamples of the bootstrap: https://en.wikipedia.org/wiki/Bootstrapping_(statistics)
DEPTH = 10  # hits that are examined


@dataclass(frozen=True)
class Ranked:
    """The rank (from 1) of the right page among the hits for one question; None: not among the first DEPTH."""

    rank: int | None

    def at(self, depth: int) -> float:
        """Return recall at `depth`: 1 if the page is among the first `depth` hits, else 0."""
        return float(self.rank is not None and self.rank <= depth)

    @property
    def reciprocal(self) -> float:
        return 1 / self.rank if self.rank else 0.0


def rank_of(right: set[tuple[str, int]], found: Sequence[tuple[str, int]]) -> Ranked:
    """Return the rank of the first right (document, page) among the hits."""
    return Ranked(next((rank for rank, page in enumerate(found[:DEPTH], start=1) if page in right), None))


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of the values with its bootstrap interval; the same values give the same interval."""
    dice = random.Random(0)  # noqa: S311
    means = sorted(statistics.fmean(dice.choices(values, k=len(values))) for _ in range(SAMPLES))
    return Mean(statistics.fmean(values), means[SAMPLES // 40], means[-SAMPLES // 40])
