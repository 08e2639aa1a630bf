"""Embeddings without a model: hashed n-grams, so that texts that share words or characters lie close together."""

import hashlib
import math
from collections import Counter
from functools import lru_cache

from local.model_server.terms import n_grams, runs

DEFAULT_DIMENSIONS = 1024
_LATIN_GRAM_CHARS = 4


def embed(text: str, dimensions: int = DEFAULT_DIMENSIONS) -> list[float]:
    """Return a vector of length 1 with `dimensions` numbers; a text without any word still gets one of its own."""
    vector = [0.0] * dimensions
    for feature, count in _features(text).items():
        _add(vector, feature, 1.0 + math.log(count))
    length = math.hypot(*vector)
    if length == 0.0:  # no word at all, or features that cancelled each other: k-NN refuses a zero vector
        _add(vector, f"\0{text}", 1.0)
        return vector
    return [value / length for value in vector]


def _features(text: str) -> Counter[str]:
    """Count single characters and pairs of CJK runs, words and their four-character parts elsewhere."""
    features: Counter[str] = Counter()
    for run, is_cjk in runs(text):
        features.update(run if is_cjk else (run,))
        if is_cjk:
            features.update(n_grams(run, 2))
        elif len(run) > _LATIN_GRAM_CHARS:
            features.update(n_grams(run, _LATIN_GRAM_CHARS))
    return features


def _add(vector: list[float], feature: str, weight: float) -> None:
    value = _hash(feature)
    vector[(value >> 1) % len(vector)] += weight if value & 1 else -weight


@lru_cache(maxsize=200_000)
def _hash(feature: str) -> int:
    return int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
