"""Builds a line from its characters: cleans the text and finds its direction, reading order and measures."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from operator import sub
from typing import NamedTuple

from ingest.reader.right_to_left import is_right_to_left, logical_order
from ingest.reader.visual_line import Boxes, Direction, VisualLine, axis_of

# What no line break splits: a word or one ideograph, with opening brackets before it and what may not begin a line.
UNBREAKABLE = re.compile(
    r"[(（「『《〈【“‘]*(?:[!-~\u00a1-\u2017\u2026-\u2e7f\uac00-\ud7af]+|.)[)）」』》〉】”’。，、；：！？!?,.;:々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ]*"
)
REPLACED = {0xA0: " ", 0x09: " ", 0x3000: " "}
# Lines that match go through `_replaced`, character by character.
UNCLEAN = re.compile("[\x00-\x1f\x7f-\xa0\xad\u200b\u3000\ud800-\udfff\ufeff\ufffe\uffff]|  |^ | $")
REMOVED = (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0xFEFF, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
CHARACTERS: dict[int, str | None] = dict.fromkeys(REMOVED) | REPLACED
# A control code is a glyph of unknown meaning, such as a space or a sign: it is replaced by a space between words.
GLYPHS = CHARACTERS | dict.fromkeys({*range(0x20)} - {0x0A, 0x0D}, " ")
# Latin ligatures are replaced by their letters: a search for "office" must find them.
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}

LIGATURE = re.compile("[\ufb00-\ufb06]")
# Some producers write a radical for the ideograph that looks the same: a search for the ideograph must find it.
RADICAL = re.compile("[\u2e80-\u2fd5]")
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | str.maketrans(
    "⺒⺓⺝⺟⺠⺩⺫⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "巳幺月母民王目虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
# A private code point (Symbol or Wingdings) before a space: a word processor's list marker, whatever its glyph.
PRIVATE_BULLET = re.compile("[\uf000-\uf0ff](?= )")

# A title or line of ideographs with a space after each: with the spaces, a search would not find its words.
LETTER_SPACED = re.compile(r"(?:[\u2e80-\u9fff] ){4}")
BETWEEN_IDEOGRAPHS = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")

WIDE_GAP = 1.0  # of the font size: rare between words, even in a justified line; usual between table cells
ONE_BELOW_ANOTHER = 0.9  # of a character's shorter side: least distance down to others in a vertical line
VARIOUS_LETTERS = 4  # different letters: that all have one width is then no coincidence
SAME_WIDTH = 0.05  # of the font size: greatest difference between equal widths
BACKWARDS = {"left", "upside_down", "up"}  # directions in which the coordinate falls


class Run(NamedTuple):
    """The text of one line as pdfium gives it, with the box of each character; `origin` is a point of its baseline."""

    text: str
    boxes: Boxes
    origin: tuple[float, float]
    size: float
    bold: bool
    hyphenated: bool


def line_of_run(run: Run, *, is_right: bool = False) -> VisualLine | None:
    """Return the line, None without visible characters; `is_right`: its page is read from right to left."""
    text, boxes = _cleaned(run.text, run.boxes)
    if not text:
        return None
    if PRIVATE_BULLET.match(text):
        text = f"•{text[1:]}"
    spaces = [*spaces_in(text, 0, len(text))]
    _place_spaces(spaces, boxes)
    size = run.size or _largest_side(boxes)
    if LETTER_SPACED.search(text):
        text, boxes = _closed_up(text, boxes, WIDE_GAP * size)
        spaces = [*spaces_in(text, 0, len(text))]
    if is_right_to_left(text):
        characters = [(character, boxes.at(index)) for index, character in enumerate(text)]
        placed = logical_order(characters, size, is_right=is_right)
        text, boxes = "".join([character for character, _ in placed]), Boxes.of(box for _, box in placed)
        spaces = [*spaces_in(text, 0, len(text))]
    direction = _direction(text, boxes)
    lows, highs, across = boxes.along(axis_of(direction))
    begin, end, wide = min(lows), max(highs), WIDE_GAP * size
    gaps = [(lows[at], highs[at]) for at in spaces if highs[at] - lows[at] > wide]
    if direction in BACKWARDS:
        begin, end, gaps = -end, -begin, [(-high, -low) for low, high in gaps]
    letter_width = _letter_width(text, lows, highs, size)
    unit = UNBREAKABLE.match(text)
    first = unit.end() if unit else 1
    return VisualLine(
        text=text,
        lows=lows,
        highs=highs,
        across=across,
        direction=direction,
        begin=begin,
        end=end,
        depth=_depth(run.origin, across, direction),
        size=size,
        first_width=max(highs[:first]) - min(lows[:first]),
        bold=run.bold,
        letter_width=letter_width,
        various=letter_width > 0 and _is_various(text),
        hyphenated=run.hyphenated,
        gaps=gaps,
    )


def _cleaned(text: str, boxes: Boxes) -> tuple[str, Boxes]:
    """Return the visible characters, with ligatures and radicals replaced and single spaces, none at the ends."""
    stripped = text.strip(" ")
    if len(stripped) < len(text):
        start = len(text) - len(text.lstrip(" "))
        text, boxes = stripped, boxes.part(start, start + len(stripped))
    if text.isascii() and text.isprintable() and "  " not in text:
        return text, boxes  # most lines in Latin letters
    if RADICAL.search(text):
        text = text.translate(RADICALS)
    if LIGATURE.search(text):
        text, boxes = _spread(text, boxes)
    return _replaced(text, boxes) if UNCLEAN.search(text) else (text, boxes)


def _replaced(text: str, boxes: Boxes) -> tuple[str, Boxes]:
    kept: list[int] = []
    cleaned: list[str] = []
    for index, character in enumerate(text):
        replaced = GLYPHS.get(ord(character), character)
        if replaced is None or (replaced.isspace() and (not cleaned or cleaned[-1].isspace())):
            continue
        cleaned.append(replaced)
        kept.append(index)
    if cleaned and cleaned[-1].isspace():
        del cleaned[-1], kept[-1]
    return "".join(cleaned), boxes.chosen(kept)


def _closed_up(text: str, boxes: Boxes, wide: float) -> tuple[str, Boxes]:
    """Remove the narrow spaces between the ideographs of a line that has one after each."""
    between = {match.start() for match in BETWEEN_IDEOGRAPHS.finditer(text)}
    narrow = {at for at in between if boxes.rights[at] - boxes.lefts[at] < wide}
    kept = [at for at in range(len(text)) if at not in narrow]
    return "".join([text[at] for at in kept]), boxes.chosen(kept)


def _spread(text: str, boxes: Boxes) -> tuple[str, Boxes]:
    """Replace ligatures by their letters, and divide each ligature's box equally among them."""
    indices, places, letters = list[int](), list[int](), list[int]()
    for index, character in enumerate(text):
        count = len(LIGATURES.get(ord(character), character))
        indices += [index] * count
        places += range(count)
        letters += [count] * count
    spread = boxes.chosen(indices)
    for at, (place, count) in enumerate(zip(places, letters, strict=True)):
        if count > 1:
            left, right = spread.lefts[at], spread.rights[at]
            width = (right - left) / count
            spread.lefts[at], spread.rights[at] = left + width * place, left + width * place + width
    return text.translate(LIGATURES), spread


def spaces_in(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the indices of the spaces after the character at `start` and before the one at `end` - 1."""
    while (start := text.find(" ", start + 1, end - 1)) > 0:
        yield start


def _place_spaces(spaces: Iterable[int], boxes: Boxes) -> None:
    """Set the box of each space to the gap between its neighbours, if any: pdfium inserts spaces without a place."""
    lefts, bottoms, rights, tops, _ = boxes
    for at in spaces:
        before = at - 1
        low, high = rights[before], lefts[at + 1]
        if low <= high:
            lefts[at], rights[at] = low, high
            bottoms[at], tops[at] = bottoms[before], tops[before]


def _largest_side(boxes: Boxes) -> float:
    """Return the greatest width or height of a character."""
    return float(max(*map(sub, boxes.tops, boxes.bottoms), *map(sub, boxes.rights, boxes.lefts)))


def _direction(text: str, boxes: Boxes) -> Direction:
    """Return the line's direction, from its first and its middle character: the last may be a raised footnote mark."""
    lefts, bottoms, rights, tops, _ = boxes
    width, middle = rights[0] - lefts[0], len(text) // 2
    across = (lefts[middle] + rights[middle] - lefts[0] - rights[0]) / 2
    down = (bottoms[0] + tops[0] - bottoms[middle] - tops[middle]) / 2
    if abs(down) > 2 * abs(across) and abs(down) > ONE_BELOW_ANOTHER * min(tops[0] - bottoms[0], width):
        return "down" if down > 0 else "up"
    if is_right_to_left(text) and (across < 0 or len(text) == 1):
        return "left"
    return "upside_down" if across < 0 and -across > width else "right"


def _depth(origin: tuple[float, float], across: tuple[float, float], direction: Direction) -> float:
    """Return the position of the line down the page, or across it if the text is vertical."""
    middle = sum(across) / 2  # for vertical lines, in which single glyphs are off-centre
    match direction:
        case "right" | "left":
            return origin[1]
        case "upside_down":
            return -origin[1]
        case "down":
            return -middle
        case "up":
            return middle


def _letter_width(text: str, lows: Sequence[float], highs: Sequence[float], size: float) -> float:
    """Return the common width of the line's Latin letters, digits and signs; 0 if widths differ or few are Latin."""
    if not text.isascii() and len(text.encode("ascii", "ignore")) * 2 < len(text):
        return 0.0
    most = SAME_WIDTH * size
    widths: list[float] = []
    narrowest, widest = float("inf"), 0.0
    for character, low, high in zip(text, lows, highs, strict=True):
        if character != " " and character.isascii():
            width = high - low
            if not narrowest <= width <= widest:
                narrowest, widest = min(narrowest, width), max(widest, width)
                if widest - narrowest > most:
                    return 0.0  # most lines, after a few letters
            widths.append(width)
    return sum(widths) / len(widths) if widths else 0.0


def _is_various(text: str) -> bool:
    """Tell whether the line is mostly Latin and has enough different letters to compare their widths."""
    latin = [character for character in text if character.isascii() and not character.isspace()]
    letters = {character for character in latin if character.isalpha()}
    return len(letters) >= VARIOUS_LETTERS and len(latin) * 2 > len(text)
