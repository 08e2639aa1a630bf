"""What is measured of a ranking, and how far chance may move it."""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SAMPLES = 1000  # of the bootstrap: https://en.wikipedia.org/wiki/Bootstrapping_(statistics)
DEPTH = 10


@dataclass(frozen=True)
class Ranked:
    """Where the right page came for one question, counted from 1 among the hits; None: not among the first ten."""

    rank: int | None

    def at(self, depth: int) -> float:
        """Return recall at a depth: 1 if the page is among so many hits."""
        return float(self.rank is not None and self.rank <= depth)

    @property
    def reciprocal(self) -> float:
        return 1 / self.rank if self.rank else 0.0


def rank_of(right: set[tuple[str, int]], found: Sequence[tuple[str, int]]) -> Ranked:
    """Return where the first right (document, page) stands among the hits."""
    return Ranked(next((rank for rank, page in enumerate(found[:DEPTH], start=1) if page in right), None))


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of the values, with the interval of their bootstrap; the same values give the same interval."""
    dice = random.Random(0)  # noqa: S311
    means = sorted(statistics.fmean(dice.choices(values, k=len(values))) for _ in range(SAMPLES))
    return Mean(statistics.fmean(values), means[SAMPLES // 40], means[-SAMPLES // 40])
