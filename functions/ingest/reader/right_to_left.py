"""Converts the visual order of the characters of a line to the order in which Arabic and Hebrew are read.

A PDF holds glyphs at positions. Producers write them in either order, and brackets mirrored or not; only positions are
reliable. This is the inverse, for one line, of the Unicode bidirectional algorithm (https://unicode.org/reports/tr9/)
without its explicit controls.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise

from ingest.reader.visual_line import Box

RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufefc]")
LATIN = re.compile("[A-Za-z]")
STRONG = {"R": "R", "AL": "R", "L": "L", "EN": "L", "AN": "L"}
NUMBERS = {"EN", "AN"}
BETWEEN_DIGITS = {"CS", "ES"}
# Of the font size: a gap wider than SPACE is a space, or than NARROW_SPACE between two neighbours of the file's spaces.
SPACE, NARROW_SPACE = 0.24, 0.1
PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
OPENING = {closing: opening for opening, closing in PAIRS.items()}

Placed = tuple[str, Box]


def is_right_to_left(text: str) -> bool:
    """Tell whether a line has characters of a script that is written from right to left."""
    return not text.isascii() and bool(RIGHT_TO_LEFT.search(text))


def is_mostly_right_to_left(text: str) -> bool:
    """Tell whether a page has more letters of such a script than Latin ones."""
    return not text.isascii() and len(RIGHT_TO_LEFT.findall(text)) > len(LATIN.findall(text))


def logical_order(characters: Sequence[Placed], size: float, *, is_right: bool = False) -> list[Placed]:
    """Return the characters of a line, given in any order, in reading order, with spaces in the gaps.

    A line begins on the right if most of its letters are right-to-left, or if `is_right`: most of its page's are.
    """
    seen = [placed for placed in characters if not placed[0].isspace()]  # pdfium inserts spaces in wrong places
    visual = _with_spaces(_from_left(seen), _beside_spaces(characters), size)
    kinds = [unicodedata.bidirectional(character) for character, _ in visual]
    strong = [STRONG.get(kind, "") for kind in kinds]
    base = "R" if is_right or strong.count("R") >= sum(kind == "L" for kind in kinds) else "L"
    sides = _resolved(kinds, strong, base)
    read = [index for run in _runs(sides, base) for index in run]
    return _paired([visual[index] for index in read], [sides[index] for index in read])


def _from_left(characters: list[Placed]) -> list[Placed]:
    """Return the characters from left to right, each combining mark before its letter, so that it follows when read."""
    letters = sorted(_centre(placed) for placed in characters if not unicodedata.combining(placed[0]))

    def place(placed: Placed) -> tuple[float, bool]:
        if not letters or not unicodedata.combining(placed[0]):
            return _centre(placed), True
        near = bisect(letters, _centre(placed))
        return min(letters[max(near - 1, 0) : near + 1], key=lambda centre: abs(centre - _centre(placed))), False

    return sorted(characters, key=place)


def _centre(placed: Placed) -> float:
    return (placed[1].left + placed[1].right) / 2


def _beside_spaces(characters: Sequence[Placed]) -> set[Box]:
    """Return the boxes of spaces and of the characters before and after them in the file."""
    spaces = [at for at, (character, _) in enumerate(characters) if character.isspace()]
    return {box for at in spaces for _, box in characters[max(at - 1, 0) : at + 2]}


def _with_spaces(visual: list[Placed], beside_spaces: set[Box], size: float) -> list[Placed]:
    placed: list[Placed] = visual[:1]
    for (_, before), (character, box) in pairwise(visual):
        least = NARROW_SPACE if {before, box} <= beside_spaces else SPACE
        if box.left - before.right > least * size:
            placed.append((" ", Box(before.right, box.top, box.left, box.bottom)))
        placed.append((character, box))
    return placed


def _resolved(kinds: list[str], strong: list[str], base: str) -> list[str]:
    """Return each character's direction, "L" or "R": punctuation has that of both its neighbours, else the line's."""
    sides = list(strong)
    for index in range(1, len(kinds) - 1):
        if kinds[index] in BETWEEN_DIGITS and {kinds[index - 1], kinds[index + 1]} <= NUMBERS:
            sides[index] = "L"
    for index, (kind, following) in enumerate(pairwise(kinds)):
        if kind == "ES" and following in NUMBERS and (not index or kinds[index - 1] == "WS"):
            sides[index] = "L"  # the sign of a number
    index = 0
    while index < len(sides):
        end = index
        while end < len(sides) and not sides[end]:
            end += 1
        if end > index:
            before = sides[index - 1] if index else base
            after = sides[end] if end < len(sides) else base
            sides[index:end] = [before if before == after else base] * (end - index)
        index = end + 1
    return sides


def _runs(sides: list[str], base: str) -> list[range]:
    """Return the runs of one direction in reading order, each as the indices of its characters in reading order."""
    starts = [index for index in range(len(sides)) if not index or sides[index] != sides[index - 1]]
    spans = list(pairwise([*starts, len(sides)]))
    runs = [range(start, end) if sides[start] == "L" else range(end - 1, start - 1, -1) for start, end in spans]
    return runs[::-1] if base == "R" else runs


def _paired(characters: list[Placed], sides: list[str]) -> list[Placed]:
    """Return the characters, with each right-to-left bracket made opening or closing, alternately for each kind."""
    is_open = dict.fromkeys(PAIRS, False)
    turned = []
    for (character, box), side in zip(characters, sides, strict=True):
        opening = OPENING.get(character, character)
        if opening in PAIRS and side == "R":
            turned.append((PAIRS[opening] if is_open[opening] else opening, box))
            is_open[opening] = not is_open[opening]
        else:
            turned.append((character, box))
    return turned
