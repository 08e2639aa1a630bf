"""The kind of each line of a page: running text, list item, table row, code, or entry of a table of contents."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ingest.reader.blocks import Kind
from ingest.reader.visual_line import VisualLine

LEADERS = re.compile(r"(?:[.·‧．]\s?){4,}|…{2,}|_{6,}")
PAGE_REFERENCE = re.compile(r"\s*(?:[\divxlc]{1,6}|[A-Z]{1,3}[-.]?\d{1,4})?\s*", re.IGNORECASE)
LEADER_DOTS = 4  # least number of dots that are leaders
MAX_REFERENCE = 12  # characters after the leaders
MIN_ENTRIES = 3  # of a table of contents, with page numbers
RISING = 0.8  # least share of them that do not fall; the amounts and codes of other tables fall as often as they rise
BULLET = re.compile(r"[•·∙‣⁃◦▪■█□◼◻◾◽▶►▸○●◉⚫◆◇♦❖★☆※➢➤✓✔✗✘☐☑☒❏❑–—*-]\s?(?=\S)")
NUMBERED = re.compile(
    r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z]|[ivx]{1,4})(?:[)）]|[.．、](?=[\s\u2e80-\u9fff]))\s?(?=\S)"
)
ENTRY_LINES = 3  # of one entry, at most
MIN_SECTIONS = 5  # entries of a table of contents without leaders
LAST_NUMBER = re.compile(r"\s(\d{1,4})$")
SECTION_BEGIN = re.compile(  # not a plain number: table rows begin with one as often
    r"(?:\d{1,2}|[A-Z])(?:\.\d{1,3}){1,5}\.?\s\D|第\s?[一二三四五六七八九十百\d]+\s?[章節节篇部]|chapter\b",
    re.IGNORECASE,
)
SECTIONS = 0.25  # least share of entries without leaders that begin with a section number
HANGING = re.compile(r"(?:\d{1,3}|[a-z])\s(?=[^\W\d])")  # a number or letter without punctuation, before a gap
SECTION = re.compile(r"\d{1,2}(?:\.\d{1,3}){1,5}\.?\s(?=[^\W\d])")

WIDE_COLUMN = 3.0  # of the font size: a wider gap separates table cells, whatever is above and below
SAME_SIZE = 1.25  # greatest ratio of font sizes that count as the same
MOSTLY = 0.7  # share of a page's characters in a fixed-width font; above it the whole page is typewritten


def kinds_of(lines: Sequence[VisualLine]) -> list[Kind]:
    """Return the kind of each line, from the line and its neighbours; headings and furniture are decided elsewhere."""
    code = _code(lines)
    led = {index: to for index, line in enumerate(lines) if (to := _led_to(line.text)) is not None}
    contents = _contents(lines, led)
    return [
        Kind.CONTENTS
        if index in contents
        else Kind.ROW
        if led.get(index)
        else Kind.CODE
        if code[index]
        else Kind.ROW
        if _is_row(lines, index)
        else Kind.ITEM
        if line.marked or BULLET.match(line.text) or NUMBERED.match(line.text) or _hangs(line)
        else Kind.TEXT
        for index, line in enumerate(lines)
    ]


def same_size(line: VisualLine, other: VisualLine, most: float = SAME_SIZE) -> bool:
    """Tell whether the font sizes of two lines differ at most by the factor `most`."""
    return line.size <= other.size * most and other.size <= line.size * most


def _led_to(text: str) -> str | None:
    """Return the page number after the leaders of a line, "" if nothing follows them, None if it has no leaders."""
    if text.isascii() and text.count(".") < LEADER_DOTS and "__" not in text:
        return None  # nearly all lines
    leaders = deque(LEADERS.finditer(text), maxlen=1)
    if not leaders or not leaders[0].start():
        return None
    rest = text[leaders[0].end() :]
    return rest.strip() if len(rest) <= MAX_REFERENCE and PAGE_REFERENCE.fullmatch(rest) else None


def _contents(lines: Sequence[VisualLine], led: Mapping[int, str]) -> set[int]:
    """Return the indices of the lines of a table of contents, including entries without leaders or of several lines."""
    apart = {index: to for index, line in enumerate(lines) if (to := _far_number(line))}
    if _are_contents(lines, led):
        entries = sorted({*led, *apart})
    elif _are_sections(lines, apart):
        entries = sorted(apart)
    else:
        return set()
    return {
        index
        for entry, following in pairwise(entries)
        for index in (range(entry, following) if following - entry <= ENTRY_LINES else [entry])
    } | {entries[-1]}


def _far_number(line: VisualLine) -> str:
    """Return the number at the end of a line after its last gap; a first gap may follow the section's number."""
    number = LAST_NUMBER.search(line.text)
    is_far = number and len(line.gaps) in {1, 2} and line.gaps[-1][1] >= line.lows[number.start()]
    return number[1] if number and is_far else ""


def _are_sections(lines: Sequence[VisualLine], apart: Mapping[int, str]) -> bool:
    """Tell whether most lines of a page end with numbers that never fall, and some begin with a section number."""
    numbers = [*map(int, apart.values())]
    sections = sum(bool(SECTION_BEGIN.match(lines[index].text)) for index in apart)
    return (
        len(numbers) >= MIN_SECTIONS
        and len(numbers) * 2 > len(lines)
        and sections >= SECTIONS * len(numbers)
        and numbers == sorted(numbers)
        and numbers[0] < numbers[-1]
    )


def _are_contents(lines: Sequence[VisualLine], led: Mapping[int, str]) -> bool:
    """Tell whether leaders end in rising page numbers, not in line numbers of a form, which also begin their lines."""
    numbers = [int(to) for to in led.values() if to.isdecimal()]
    rising = sum(number <= following for number, following in pairwise(numbers))
    repeated = sum(to.isdecimal() and lines[index].text.startswith(to) for index, to in led.items())
    rises = rising >= RISING * (len(numbers) - 1)
    return len(numbers) >= MIN_ENTRIES and rises and repeated < RISING * len(numbers)


def _is_row(lines: Sequence[VisualLine], index: int) -> bool:
    """Tell whether a line is a table row: it has a very wide gap, or a gap in common with the line above or below."""
    line = lines[index]
    gaps = line.gaps[_is_after_a_mark(line) :]
    if not gaps or _is_stretched(line):
        return False
    if any(end - begin > WIDE_COLUMN * line.size for begin, end in gaps):
        return True
    neighbours = [*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2]]
    return any(_share_a_gap(line, other) for other in neighbours if same_size(line, other))


def _is_after_a_mark(line: VisualLine) -> bool:
    """Tell whether the first gap of a line follows a list marker or a section number."""
    if _hangs(line):
        return True
    mark = BULLET.match(line.text) or NUMBERED.match(line.text) or SECTION.match(line.text)
    return mark is not None and bool(line.gaps) and line.gaps[0][1] <= line.lows[mark.end()]


def _hangs(line: VisualLine) -> bool:
    """Tell whether the only gap of a line is a small one after a leading number or letter, as in clauses of laws."""
    if len(line.gaps) != 1 or not (mark := HANGING.match(line.text)):
        return False
    begin, end = line.gaps[0]
    return end <= line.lows[mark.end()] and end - begin <= WIDE_COLUMN * line.size


def _is_stretched(line: VisualLine) -> bool:
    """Tell whether a line is justified with few words: all of its spaces are wide and of equal width."""
    widths = [end - begin for begin, end in line.gaps]
    return len(widths) > 1 and len(widths) == line.text.count(" ") and max(widths) - min(widths) < line.size / 10


def _share_a_gap(line: VisualLine, other: VisualLine) -> bool:
    """Tell whether a gap of one line overlaps a gap of the other by more than half the font size."""
    wide = line.size / 2
    return any(
        min(end, other_end) - max(begin, other_begin) > wide
        for begin, end in line.gaps
        for other_begin, other_end in other.gaps
    )


def _code(lines: Sequence[VisualLine]) -> list[bool]:
    """Tell for each line whether it is code: in a fixed-width font, on a page that is not mostly set in one."""
    sure = [line.various and line.letter_width > 0 for line in lines]
    letters = sum(len(line.text) for line in lines)
    if sum(len(line.text) for line, is_code in zip(lines, sure, strict=True) if is_code) > MOSTLY * letters:
        return _indented(lines)
    code = list(sure)
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        step = order.step
        for index in order:
            neighbour = lines[index - step]
            code[index] = code[index] or (code[index - step] and _same_letters(lines[index], neighbour))
    return code


def _indented(lines: Sequence[VisualLine]) -> list[bool]:
    """Tell, with one answer for all lines of a typewritten page, whether it is code: only code has many indents."""
    begins = {round(line.begin) for line in lines}
    return [len(begins) > len(lines) / 4] * len(lines)


def _same_letters(line: VisualLine, code: VisualLine) -> bool:
    """Tell whether a line (perhaps only a bracket or a word) is in the fixed-width font of the code next to it."""
    if not line.letter_width or not code.letter_width:
        return False
    return abs(line.letter_width - code.letter_width) < SAME_SIZE - 1 and same_size(line, code)
