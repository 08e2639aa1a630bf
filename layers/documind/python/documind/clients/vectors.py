"""Vectors of chunks and of their sentences: how they are made, kept beside the chunks, and compared with a question."""

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
LEAST_CHARACTERS = 4  # of a sentence that gets a vector
INT8_MAX = 127


@dataclass(frozen=True, eq=False)
class ChunkVectors:
    """The vector of a chunk as a whole, and that of each of its sentences, one a row, where it has several."""

    whole: Numbers | Vector
    sentences: Numbers | Sequence[Vector] = ()


def chunk_vectors(embed: Callable[[Sequence[str]], Sequence[Vector]], texts: Sequence[str]) -> list[ChunkVectors]:
    """Return the vectors of each text, of which only the sentences are embedded, the same one once.

    That of the whole is the mean of theirs, weighted by their characters: it finds as much as one that is embedded for
    itself, which takes twice the time of the model (docs/decisions/0011-fusion-by-scores.md).
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


def unit(vector: Numbers | Vector, dimensions: int) -> Numbers:
    """Return the vector with length one; raises ValueError for one of another length, or of zeros."""
    numbers = np.asarray(vector, np.float32)
    length = np.linalg.norm(numbers)
    if numbers.shape != (dimensions,) or not length:
        raise ValueError(f"an embedding has {numbers.shape} dimensions and length {length}")
    return numbers / length


def as_json(vector: Numbers) -> str:
    """Return a vector of length one to six digits, which `json` takes four times as long to write in full."""
    return f"[{', '.join(['%.6f'] * len(vector)) % tuple(vector.tolist())}]"


def packed(vectors: ChunkVectors) -> str:
    """Return the vectors one after the other in base64, as 8-bit integers behind the length of these, a 32-bit float.

    A cosine with one of them is exact to about 0.003; it takes an eighth of their JSON.
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
        """Return how near a packed chunk comes, -1 to 1.

        The mean of two cosines: that of the chunk as a whole, which tells what it is about, and that of its nearest
        sentence, which answers.
        """
        packs = np.frombuffer(binascii.a2b_base64(kept), self._packed)  # in two thirds of the time of `base64`
        whole, *parts = (packs["numbers"] @ self.vector / packs["length"]).tolist()
        return float(whole + max(parts, default=whole)) / 2
