"""Vectors of chunks and of their sentences: makes them, packs them for the index, compares them with a question."""

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from documind.sentences import sentences

Vector = Sequence[float]
Numbers = NDArray[np.float32]
LEAST_CHARACTERS = 4  # a shorter sentence gets no vector
INT8_MAX = 127


@dataclass(frozen=True, eq=False)
class ChunkVectors:
    """The vector of a whole chunk, and a row for each of its sentences if it has several."""

    whole: Numbers | Vector
    sentences: Numbers | Sequence[Vector] = ()


def chunk_vectors(embed: Callable[[Sequence[str]], Sequence[Vector]], texts: Sequence[str]) -> list[ChunkVectors]:
    """Return the vectors of each text; only the sentences are embedded, equal ones once.

    The vector of the whole is the mean of theirs, weighted by their characters. It finds as much as a vector of the
    whole text, for which the model takes twice the time (docs/decisions/0011-fusion-by-scores.md).
    """
    parts = [list(_sentences(text)) or [text] for text in texts]
    rows = {sentence: row for row, sentence in enumerate(dict.fromkeys(chain.from_iterable(parts)))}
    known = np.array(embed(list(rows)), np.float32)
    return [_combined(known[[rows[sentence] for sentence in own]], own) for own in parts]


def _combined(vectors: Numbers, own: Sequence[str]) -> ChunkVectors:
    whole = np.average(vectors, axis=0, weights=[len(sentence) for sentence in own])
    return ChunkVectors(whole, vectors if len(own) > 1 else ())


def _sentences(text: str) -> Iterator[str]:
    for span in sentences(text):
        if span.end - span.start >= LEAST_CHARACTERS:
            yield span.of(text)


def are_usable(vectors: Sequence[Vector], count: int, dimensions: int) -> bool:
    """Return whether these are `count` vectors of as many finite 32-bit numbers."""
    try:
        with np.errstate(over="ignore"):
            numbers = np.array(vectors, np.float32)
    except (TypeError, ValueError):  # not numbers, or vectors of different lengths
        return False
    return numbers.shape == (count, dimensions) and bool(np.isfinite(numbers).all())


def unit(vector: Numbers | Vector, dimensions: int) -> Numbers:
    """Return the vector scaled to length 1; raises ValueError for other dimensions or a vector of zeros."""
    numbers = np.asarray(vector, np.float32)
    length = np.linalg.norm(numbers)
    if numbers.shape != (dimensions,) or not length:
        raise ValueError(f"an embedding has {numbers.shape} dimensions and length {length}")
    return numbers / length


def as_json(vector: Numbers) -> str:
    """Return a vector as JSON with six digits; `json` writes all digits and takes four times as long."""
    return f"[{', '.join(['%.6f'] * len(vector)) % tuple(vector.tolist())}]"


def packed(vectors: ChunkVectors) -> str:
    """Return the vectors in base64, each as its length (a 32-bit float) and 8-bit integers.

    Cosines are exact to about 0.003; the size is an eighth of that of JSON.
    """
    numbers = np.array([vectors.whole, *vectors.sentences], np.float32)
    largest = np.abs(numbers).max(axis=1, keepdims=True)
    integers = np.rint(numbers * (INT8_MAX / np.where(largest, largest, 1)))
    lengths = np.linalg.norm(integers, axis=1)
    packs = np.empty(len(numbers), _packed(numbers.shape[1]))
    packs["numbers"], packs["length"] = integers, np.where(lengths, lengths, 1)
    return base64.b64encode(packs.tobytes()).decode()


def _packed(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("length", "<f4"), ("numbers", "i1", (dimensions,))])


class Asked:
    """A question's vector of length one, with which packed chunks are compared."""

    def __init__(self, vector: Numbers) -> None:
        self.vector = vector
        self._packed = _packed(len(vector))

    def nearness(self, kept: str) -> float:
        """Return how similar a packed chunk is, from -1 to 1.

        It is the mean of two cosines: of the whole chunk, for its topic, and of its most similar sentence, which may
        be the answer.
        """
        packs = np.frombuffer(binascii.a2b_base64(kept), self._packed)  # in two thirds of the time of `base64`
        whole, *parts = (packs["numbers"] @ self.vector / packs["length"]).tolist()
        return float(whole + max(parts, default=whole)) / 2
