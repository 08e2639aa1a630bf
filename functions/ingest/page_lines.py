"""From the characters of a line to the line: its direction, its order of reading and its measures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.right_to_left import Placed, is_right_to_left, logical_order
from ingest.visual_line import Box, Direction, VisualLine

# What a line break keeps together: a word, or one ideograph, with the brackets before it and what may begin no line.
UNBREAKABLE = re.compile(
    r"[(（「『《〈【“‘]*(?:[!-~\u00a1-\u2017\u2026-\u2e7f\uac00-\ud7af]+|.)[)）」』》〉】”’。，、；：！？!?,.;:々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ]*"
)
REPLACED = {0xA0: " ", 0x09: " ", 0x3000: " "}
# What makes a line go through `_cleaned` character by character.
UNCLEAN = re.compile("[\x00-\x1f\x7f-\xa0\xad\u200b\u3000\ud800-\udfff\ufb00-\ufb06\ufeff\ufffe\uffff]|  |^ | $")
REMOVED = (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
CHARACTERS: dict[int, str | None] = dict.fromkeys(REMOVED) | REPLACED
# Pages set with a Latin ligature for each pair mean the letters: a search for "office" must find them.
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}

SPACE = re.compile(" ")

WIDE_GAP = 1.0  # of the size: rare between words, even of a justified line; usual between the cells of a row
ONE_BELOW_ANOTHER = 0.9  # of a character's side: the next one, in a line that runs along y
VARIOUS_LETTERS = 4  # of one width are no chance
SAME_WIDTH = 0.05  # of the size


@dataclass(frozen=True)
class Run:
    """The text of one line as pdfium gives it, with the box of each character; `origin` is where the first stands."""

    text: str
    boxes: list[Box]
    origin: tuple[float, float]
    size: float
    bold: bool
    hyphenated: bool


def line_of_run(run: Run) -> VisualLine | None:
    """Return the line, nothing for one without anything to read."""
    text, boxes = run.text, run.boxes
    if UNCLEAN.search(text):
        text, boxes = _unzipped(_cleaned(zip(text, boxes, strict=True)))
    if not text:
        return None
    for space in SPACE.finditer(text):
        at = space.start()
        boxes[at] = _between(boxes[at - 1], boxes[at + 1], boxes[at])
    size = run.size or max(max(box.bottom - box.top, box.right - box.left) for box in boxes)
    if is_right_to_left(text):
        text, boxes = _unzipped(logical_order(list(zip(text, boxes, strict=True)), size))
    direction = _direction(text, boxes)
    begins, ends = _along(boxes, direction)
    letter_width = _letter_width(text, begins, ends, size)
    unit = UNBREAKABLE.match(text)
    first = unit.end() if unit else 1
    return VisualLine(
        text=text,
        boxes=boxes,
        direction=direction,
        begin=min(begins),
        end=max(ends),
        depth=_depth(run.origin, boxes, direction),
        size=size,
        first_width=max(ends[:first]) - min(begins[:first]),
        bold=run.bold,
        letter_width=letter_width,
        various=letter_width > 0 and _is_various(text),
        hyphenated=run.hyphenated,
        gaps=_wide_gaps(text, begins, ends, size),
    )


def _unzipped(placed: Sequence[Placed]) -> tuple[str, list[Box]]:
    return "".join([character for character, _ in placed]), [box for _, box in placed]


def _cleaned(characters: Iterable[Placed]) -> list[Placed]:
    """Return the characters that can be seen, without white space at the ends; runs of spaces become one."""
    cleaned: list[Placed] = []
    for character, box in characters:
        code = ord(character)
        if code in LIGATURES:
            cleaned += _spread(LIGATURES[code], box)
            continue
        replaced = CHARACTERS.get(code, character)
        if replaced is None or (replaced.isspace() and (not cleaned or cleaned[-1][0].isspace())):
            continue
        cleaned.append((replaced, box))
    while cleaned and cleaned[-1][0].isspace():
        cleaned.pop()
    return cleaned


def _spread(letters: str, box: Box) -> list[Placed]:
    """Divide a ligature's box among its letters."""
    width = (box.right - box.left) / len(letters)
    lefts = [box.left + width * index for index in range(len(letters))]
    return [(letter, box._replace(left=left, right=left + width)) for letter, left in zip(letters, lefts, strict=True)]


def _between(before: Box, after: Box, space: Box) -> Box:
    """Return a space's box, between its neighbours where they leave room on the row: pdfium makes up spaces."""
    if before.right <= after.left:
        return Box(before.right, before.top, after.left, before.bottom)
    return space


def _direction(text: str, boxes: list[Box]) -> Direction:
    """Return where the line runs to."""
    first, last = boxes[0], boxes[-1]
    across = (last.left + last.right - first.left - first.right) / 2
    down = (last.top + last.bottom - first.top - first.bottom) / 2
    side = min(first.bottom - first.top, first.right - first.left)
    if abs(down) > 2 * abs(across) and abs(down) > ONE_BELOW_ANOTHER * side:
        return "down" if down > 0 else "up"
    if is_right_to_left(text) and (across < 0 or len(boxes) == 1):
        return "left"
    return "upside_down" if across < 0 and -across > first.right - first.left else "right"


def _along(boxes: list[Box], direction: Direction) -> tuple[Sequence[float], Sequence[float]]:
    """Return where boxes begin and where they end on the way their line is read."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    match direction:
        case "right":
            return lefts, rights
        case "down":
            return tops, bottoms
        case "up":
            return [-bottom for bottom in bottoms], [-top for top in tops]
        case "left" | "upside_down":
            return [-right for right in rights], [-left for left in lefts]


def _depth(origin: tuple[float, float], boxes: list[Box], direction: Direction) -> float:
    """Return how far down the page, or in vertical text across it, the line stands."""
    match direction:
        case "right" | "left":
            return origin[1]
        case "upside_down":
            return -origin[1]
        case "down":
            return -_middle(boxes)
        case "up":
            return _middle(boxes)


def _middle(boxes: list[Box]) -> float:
    """Return the middle of a line that runs along y; single glyphs of it stand to one side."""
    return (min(box.left for box in boxes) + max(box.right for box in boxes)) / 2


def _wide_gaps(text: str, begins: Sequence[float], ends: Sequence[float], size: float) -> list[tuple[float, float]]:
    """Return where the line is empty for longer than between two words: pdfium puts a space there."""
    spaces = [(begins[space.start()], ends[space.start()]) for space in SPACE.finditer(text)]
    return [(begin, end) for begin, end in spaces if end - begin > WIDE_GAP * size]


def _letter_width(text: str, begins: Sequence[float], ends: Sequence[float], size: float) -> float:
    """Return how wide each Latin letter, digit and sign of the line is; 0 where they differ."""
    if len(text.encode("ascii", "ignore")) * 2 < len(text):
        return 0.0
    widths: list[float] = []
    narrowest = widest = 0.0
    for character, low, high in zip(text, begins, ends, strict=True):
        if character.isascii() and character != " ":
            width = high - low
            narrowest = min(narrowest, width) if widths else width
            widest = max(widest, width)
            if widest - narrowest > SAME_WIDTH * size:
                return 0.0  # as in most lines after a few letters
            widths.append(width)
    return sum(widths) / len(widths) if widths else 0.0


def _is_various(text: str) -> bool:
    """Tell whether the line is mostly Latin and has enough different letters to compare their widths."""
    latin = [character for character in text if character.isascii() and not character.isspace()]
    letters = {character for character in latin if character.isalpha()}
    return len(letters) >= VARIOUS_LETTERS and len(latin) * 2 > len(text)
