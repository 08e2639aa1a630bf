"""Vectors as they are kept beside their chunks: of length one, packed small enough to come back with a hit."""

import base64
import math
import operator
import struct
from collections.abc import Sequence


def unit(vector: Sequence[float], dimensions: int) -> list[float]:
    """Return the vector with length one; raises ValueError for one of another length, or of zeros."""
    length = math.hypot(*vector)
    if len(vector) != dimensions or not length:
        raise ValueError(f"an embedding has {len(vector)} dimensions and length {length}")
    return [round(x / length, 7) for x in vector]  # the index keeps 32-bit floats


def packed(vector: Sequence[float]) -> str:
    """Return a vector as 16-bit floats in base64: a quarter of its JSON, and exact to three digits."""
    return base64.b64encode(struct.pack(f"<{len(vector)}e", *vector)).decode()


def cosine(vector: Sequence[float], other: str) -> float:
    """Return the cosine of two vectors of length one, the other one packed."""
    return math.fsum(map(operator.mul, vector, struct.unpack(f"<{len(vector)}e", base64.b64decode(other))))
