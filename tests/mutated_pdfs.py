"""Real PDFs with random damage to bytes, numbers, references or pieces, in the file or in a compressed stream."""

import random
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile_pdfs import GOOD, encrypted
from tests.plain_pdf import form_pdf, xfa_pdf

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tests/data", "tests/data/printed", "local/samples")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
NUMBER = re.compile(rb"\d+")
REFERENCE = re.compile(rb"\d+(?= 0 R)")
MAX_CHANGES = 8
INSIDE = 0.6  # share of files that are changed in a compressed stream, where most of a PDF is

Mutate = Callable[[bytearray, random.Random], None]


def originals() -> list[bytes]:
    """Return the repository's PDFs and those that tests make."""
    files = [path.read_bytes() for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.pdf"))]
    return [*files, GOOD, form_pdf(), xfa_pdf("false"), encrypted("AES-256", to_open="")]


def mutated_pdfs(count: int) -> Iterator[bytes]:
    """Yield `count` files, the same ones in each run."""
    sources = originals()
    for seed in range(count):
        yield mutated(sources[seed % len(sources)], random.Random(seed))  # noqa: S311


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Return a file with one to eight changes of one kind."""
    mutate = dice.choice(MUTATIONS)
    streams = [match for match in STREAM.finditer(content) if _unpacked(match[1])]
    if streams and dice.random() < INSIDE:
        chosen = dice.choice(streams)
        unpacked = bytearray(_unpacked(chosen[1]))
        _change(unpacked, mutate, dice)
        # Padded to the old length if possible, so that the cross-reference table stays valid.
        packed = zlib.compress(bytes(unpacked), 9).ljust(len(chosen[1]), b"\0")
        return content[: chosen.start(1)] + packed + content[chosen.end(1) :]
    changed = bytearray(content)
    _change(changed, mutate, dice)
    return bytes(changed)


def _change(content: bytearray, mutate: Mutate, dice: random.Random) -> None:
    for _ in range(dice.randint(1, MAX_CHANGES)):
        if content:
            mutate(content, dice)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def _flip(content: bytearray, dice: random.Random) -> None:
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def _set_number(content: bytearray, dice: random.Random) -> None:
    found = _any(NUMBER, content, dice)
    if found:
        other = dice.choice(
            [b"0", b"-1", b"7", b"65536", b"2147483647", b"99999999999", b"1e38", b"%d" % dice.randrange(99)]
        )
        content[found.start() : found.end()] = other


def _swap_references(content: bytearray, dice: random.Random) -> None:
    one, other = _any(REFERENCE, content, dice), _any(REFERENCE, content, dice)
    if one and other:
        content[one.start() : one.end()] = other[0]


def _any(pattern: re.Pattern[bytes], content: bytearray, dice: random.Random) -> re.Match[bytes] | None:
    """Return the first match after a random position, None if there is none."""
    return pattern.search(bytes(content), dice.randrange(len(content)))


def _piece(content: bytearray, dice: random.Random) -> slice:
    start = dice.randrange(len(content))
    return slice(start, start + dice.randint(1, max(len(content) // 10, 1)))


def _cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content)) :]


def _take_out(content: bytearray, dice: random.Random) -> None:
    del content[_piece(content, dice)]


def _repeat(content: bytearray, dice: random.Random) -> None:
    piece = _piece(content, dice)
    content[piece.start : piece.start] = content[piece] * dice.randint(1, 3)


def _move(content: bytearray, dice: random.Random) -> None:
    moved = content[piece := _piece(content, dice)]
    del content[piece]
    content[(at := dice.randrange(len(content) + 1)) : at] = moved


MUTATIONS: tuple[Mutate, ...] = (_flip, _flip, _set_number, _swap_references, _cut, _take_out, _repeat, _move)
