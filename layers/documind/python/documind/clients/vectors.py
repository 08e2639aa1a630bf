"""Vectors of chunks and of their sentences: how they are made, kept beside the chunks, and compared with a question."""

import base64
import binascii
import math
import operator
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from documind.sentences import sentences

Vector = Sequence[float]
LEAST_CHARACTERS = 4  # of a sentence that gets a vector
INT8_MAX = 127
LENGTH = struct.Struct("<f")
# Bytes of signed numbers are made of, and read as, those of the numbers and 128 in two thirds of the time: Python keeps
# the integers from 0 to 255 at hand.
SHIFT = 128
ROUNDING = SHIFT + 0.5  # `int` cuts off what is above zero; `round` takes twice as long
SHIFTED = bytes((byte + SHIFT) % 256 for byte in range(256))


@dataclass(frozen=True)
class ChunkVectors:
    """The vector of a chunk as a whole, and that of each of its sentences, `as_int8`, where it has several."""

    whole: Vector
    sentences: Sequence[bytes] = ()


def chunk_vectors(embed: Callable[[Sequence[str]], Sequence[Vector]], texts: Sequence[str]) -> list[ChunkVectors]:
    """Return the vectors of each text, of which only the sentences are embedded, the same one once.

    That of the whole is the mean of theirs, weighted by their characters: it finds as much as one that is embedded for
    itself, which takes twice the time of the model (docs/decisions/0011-fusion-by-scores.md).
    """
    parts = [list(_sentences(text)) or [text] for text in texts]
    distinct = list(dict.fromkeys(chain.from_iterable(parts)))
    # Lists, since the numbers of an array are made anew at each step.
    known = dict(zip(distinct, map(list, embed(distinct)), strict=True))
    # Neighbours share sentences, each of which is packed once.
    shared = dict.fromkeys(chain.from_iterable(own for own in parts if len(own) > 1))
    packs = {sentence: as_int8(known[sentence]) for sentence in shared}
    return [
        ChunkVectors(_mean(own, known), [packs[sentence] for sentence in own])
        if len(own) > 1
        else ChunkVectors(known[own[0]])
        for own in parts
    ]


def _mean(texts: Sequence[str], known: Mapping[str, Vector]) -> Vector:
    """Return the mean of the vectors of texts, weighted by their characters."""
    weights = [float(len(text)) for text in texts]
    return [_dot(weights, numbers) for numbers in zip(*[known[text] for text in texts], strict=True)]


def _sentences(text: str) -> Iterator[str]:
    for span in sentences(text):
        if span.end - span.start >= LEAST_CHARACTERS:
            yield span.of(text)


def unit(vector: Vector, dimensions: int) -> list[float]:
    """Return the vector with length one; raises ValueError for one of another length, or of zeros."""
    length = math.hypot(*vector)
    if len(vector) != dimensions or not length:
        raise ValueError(f"an embedding has {len(vector)} dimensions and length {length}")
    return [x / length for x in vector]


def as_json(vector: Vector) -> str:
    """Return a vector of length one to six digits, which `json` takes four times as long to write in full."""
    return f"[{', '.join(['%.6f'] * len(vector)) % tuple(vector)}]"


def packed(vectors: ChunkVectors) -> str:
    """Return the vectors one after the other in base64, as 8-bit integers behind the length of these, a 32-bit float.

    A cosine with one of them is exact to about 0.003; it takes an eighth of their JSON.
    """
    return base64.b64encode(b"".join((as_int8(vectors.whole), *vectors.sentences))).decode()


class Asked:
    """A question's vector of length one, with which packed chunks are compared."""

    def __init__(self, vector: Vector) -> None:
        self.vector = vector
        self._shift = SHIFT * math.fsum(vector)
        self._step = LENGTH.size + len(vector)

    def nearness(self, kept: str) -> float:
        """Return how near a packed chunk comes, -1 to 1.

        The mean of two cosines: that of the chunk as a whole, which tells what it is about, and that of its nearest
        sentence, which answers.
        """
        packs = binascii.a2b_base64(kept)  # in two thirds of the time of `base64`
        numbers = packs.translate(SHIFTED)
        whole, *parts = [self._cosine(packs, numbers, start) for start in range(0, len(packs), self._step)]
        return (whole + max(parts, default=whole)) / 2

    def _cosine(self, packs: bytes, numbers: bytes, start: int) -> float:
        length: float = LENGTH.unpack_from(packs, start)[0]
        return (_dot(self.vector, numbers[start + LENGTH.size : start + self._step]) - self._shift) / length


def as_int8(vector: Vector) -> bytes:
    """Return a vector as 8-bit integers behind their length, a 32-bit float."""
    scale = INT8_MAX / (max(*vector, -min(vector)) or 1.0)
    numbers = bytes([int(x * scale + ROUNDING) for x in vector])
    return LENGTH.pack(math.hypot(*vector) * scale or 1.0) + numbers.translate(SHIFTED)


def _slow_dot(one: Iterable[float], other: Iterable[float]) -> float:
    return math.fsum(map(operator.mul, one, other))


# Python 3.12 and later have one of their own, twice as fast; a local run may be on 3.11.
_dot: Callable[[Iterable[float], Iterable[float]], float] = getattr(math, "sumprod", _slow_dot)
