"""Joins PNGs of the same kind to one animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation)."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Frame:
    """A PNG that is drawn over the frame before with its top left corner at `x`, `y`, for `ms` milliseconds."""

    png: bytes
    ms: int
    x: int = 0
    y: int = 0


def animated_png(frames: list[Frame]) -> bytes:
    """Return an endless animation; the first frame has its full size, and all have the same colour type and depth."""
    header = next(data for name, data in _chunks(frames[0].png) if name == b"IHDR")
    parts = [SIGNATURE, _chunk(b"IHDR", header), _chunk(b"acTL", struct.pack(">II", len(frames), 0))]
    sequence = 0
    for index, frame in enumerate(frames):
        chunks = list(_chunks(frame.png))
        size = struct.unpack(">II", chunks[0][1][:8])
        control = struct.pack(">IIIIIHHBB", sequence, *size, frame.x, frame.y, frame.ms, 1000, 0, 0)
        parts.append(_chunk(b"fcTL", control))
        sequence += 1
        for data in (data for name, data in chunks if name == b"IDAT"):
            if index == 0:
                parts.append(_chunk(b"IDAT", data))
                continue
            parts.append(_chunk(b"fdAT", struct.pack(">I", sequence) + data))
            sequence += 1
    return b"".join([*parts, _chunk(b"IEND", b"")])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
