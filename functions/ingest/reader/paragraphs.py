"""Groups the lines of a page into paragraphs: decides for each line whether it continues the one before it.

Decisions are local: each uses the block of lines below each other and its column, never the page as a whole, where a
footnote, or a header across two columns, would affect them all.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from documind.sentences import ORDINALS
from ingest.reader.blocks import Kind
from ingest.reader.line_kinds import BULLET, kinds_of, same_size
from ingest.reader.visual_line import VisualLine, grouped

# Of the font size: lines further apart than MAX_PITCH are in different blocks, unless that is the line spacing of the
# page, as in a thesis with double spacing; MAX_LEADING is the widest such spacing.
MAX_PITCH, MAX_LEADING = 2.6, 4.0
SAME_LEADING = 1.05  # tolerance factor on the line spacing of the page
MIN_PITCH = 0.8  # of the font size: anything closer is on the same line
SAME_PITCH = 1.18  # of the closest spacing in the block: greatest one in a paragraph; list entries are further apart
LOOSE_PITCH = 1.45  # the same before a small letter: a tall formula in a line increases the spacing
TOLERANCE = 0.35  # of the font size, when widths are compared
NARROW = 6.0  # of the font size: a narrower column is that of a table, where a line is never full
WIDE = 14.0  # of the font size: least width of running text
RAGGED = 0.6  # of the column's width: least length of a line that was broken by hand or by a text editor
COLUMN_INDENT = 3.0  # of the font size: greatest indent within a column
NEIGHBOURS = 150  # lines before and after a block that are examined for its column
JUMP = 3.0  # of the font size: least distance up to the first line of the next column
SAME_BOLD_SIZE = 1.08  # greatest ratio of font sizes within a bold paragraph, such as a heading
LARGER = 1.15  # times the font size of the line before: a bold line this large is a heading
ITEM_LINES = 8  # greatest number of lines of an item
JUSTIFIED_LINES = 3  # least number of lines with the same right edge in justified text

OPENING = "(（「『《〈【“‘’”\"'["
SENTENCE_END = re.compile(r"[。．！？!?.…؟۔][)）」』》〉】”’\"'\]]*$")
LABEL = re.compile(r"[^\s。，；：:,;.]{1,14}[：:]")  # that begins an entry, such as "Duration: ..."
ABBREVIATIONS = r"e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Figs|Eq|Sec|pp?|vol|al|approx"
NOT_THE_END = re.compile(rf"\b(?:{'|'.join([ABBREVIATIONS, *ORDINALS])}|[A-Z]\.[A-Z])\.$")


@dataclass
class Paragraph:
    """The lines of a paragraph, list item or listing, or a single table row."""

    kind: Kind
    lines: list[VisualLine]


@dataclass(frozen=True)
class Stack:
    """Lines `start` up to `stop` that are below each other in one font size, and their spacing."""

    start: int
    stop: int
    pitch: float  # points from a line to the next, at the closest
    leading: float  # the same, divided by the font size
    column_end: float  # points: how far its lines could have extended


def paragraphs_of(lines: Sequence[VisualLine]) -> list[Paragraph]:
    """Return the paragraphs of a page in reading order."""
    kinds = kinds_of(lines)
    joined = _joined(lines, kinds)
    groups = grouped(
        range(len(lines)),
        lambda before, index: joined[index] or kinds[before] is kinds[index] is Kind.CODE,
    )
    return [Paragraph(kinds[group[0]], [lines[index] for index in group]) for group in groups]


def _joined(lines: Sequence[VisualLine], kinds: Sequence[Kind]) -> list[bool]:
    """Tell for each line whether it continues the one before it."""
    joined = [False] * len(lines)
    for stack in _stacks(lines, kinds):
        for index in range(stack.start + 1, stack.stop):
            joined[index] = _goes_on(lines, kinds, stack, index)
        if stack.stop < len(lines):
            joined[stack.stop] = _goes_on_in_next_column(lines, kinds, stack)
    for index, line in enumerate(lines[:-1]):
        joined[index + 1] = joined[index + 1] or line.hyphenated
    return joined


def _goes_on(lines: Sequence[VisualLine], kinds: Sequence[Kind], stack: Stack, index: int) -> bool:
    """Tell whether a line of a block continues the one before: that one is full and does not end a sentence."""
    line, following = lines[index - 1], lines[index]
    if line.bold != following.bold and (line.bold or index == stack.start + 1):
        return False
    if line.bold and not same_size(line, following, SAME_BOLD_SIZE):
        return False  # a heading and its subheading
    if following.bold and following.size > line.size * LARGER:
        return False
    if ends_a_sentence(line.text) or _starts_an_item(lines, kinds, stack, index):
        return False
    limit = LOOSE_PITCH if following.text.lstrip(OPENING)[:1].islower() else SAME_PITCH
    is_near = following.depth - line.depth <= limit * max(stack.pitch, stack.leading * line.size)
    return is_near and (_is_full(lines, stack, index - 1) or _is_ragged(line, following, stack))


def _goes_on_in_next_column(lines: Sequence[VisualLine], kinds: Sequence[Kind], stack: Stack) -> bool:
    """Tell whether the line after a block is at the top of the next column and continues the block."""
    line, following = lines[stack.stop - 1], lines[stack.stop]
    return (
        kinds[stack.stop] is Kind.TEXT
        and line.direction == following.direction
        and line.bold == following.bold
        and same_size(line, following)
        and following.depth < line.depth - JUMP * line.size
        and following.begin > line.begin + NARROW * line.size
        and not ends_a_sentence(line.text)
        and not following.text[0].isupper()
        and _is_full(lines, stack, stack.stop - 1)
    )


def ends_a_sentence(text: str) -> bool:
    """Tell whether a text ends with the end of a sentence, not with an abbreviation."""
    return bool(SENTENCE_END.search(text[-6:])) and not NOT_THE_END.search(text[-8:])


def _starts_an_item(lines: Sequence[VisualLine], kinds: Sequence[Kind], stack: Stack, index: int) -> bool:
    """Tell whether a line starts a list item or a labelled entry, and does not just happen to begin with a number."""
    before = range(max(stack.start, index - ITEM_LINES), index)
    if LABEL.match(lines[index].text) and any(LABEL.match(lines[other].text) for other in before):
        return True
    if kinds[index] is not Kind.ITEM:
        return False
    listed = any(kinds[other] is Kind.ITEM for other in before)
    indented = abs(lines[index].begin - lines[index - 1].begin) > TOLERANCE * lines[index].size
    return lines[index].marked or bool(BULLET.match(lines[index].text)) or listed or indented


def _is_full(lines: Sequence[VisualLine], stack: Stack, index: int) -> bool:
    """Tell whether the first word of the next line had no room on this one, or most lines end at the same edge."""
    line, following = lines[index], lines[index + 1]
    tolerance = TOLERANCE * line.size
    if stack.column_end - min(line.begin, following.begin) < NARROW * line.size:
        return False
    if line.end + following.first_width > stack.column_end - tolerance:
        return True
    near = lines[max(stack.start, index - NEIGHBOURS) : min(stack.stop, index + NEIGHBOURS)]
    edge = sum(abs(other.end - line.end) < tolerance / 2 for other in near)
    return edge >= JUSTIFIED_LINES and edge > len(near) / 2


def _is_ragged(line: VisualLine, following: VisualLine, stack: Stack) -> bool:
    """Tell whether a line is broken before it is full, as in plain text: the next begins with a small letter."""
    width = stack.column_end - line.begin
    return (
        following.text[0].islower()
        and line.text[-1] not in ":;"
        and (not line.letter_width or line.text[-1].isalpha())  # else it is code
        and width > WIDE * line.size
        and line.end - line.begin > RAGGED * width
        and following.begin < line.begin + TOLERANCE * line.size
    )


def _stacks(lines: Sequence[VisualLine], kinds: Sequence[Kind]) -> Iterator[Stack]:
    """Yield the blocks of at least two lines of running text."""
    most = max(MAX_PITCH, _leading(lines) * SAME_LEADING)
    for group in grouped(
        range(len(lines)), lambda upper, lower: _stacked(lines[upper], lines[lower], kinds[upper], kinds[lower], most)
    ):
        if len(group) > 1:
            start, stop = group[0], group[-1] + 1
            pairs = [*pairwise(lines[start:stop])]
            alike = [pair for pair in pairs if pair[0].bold == pair[1].bold and same_size(*pair, SAME_BOLD_SIZE)]
            pitch = min(lower.depth - upper.depth for upper, lower in alike or pairs)
            leading = min((lower.depth - upper.depth) / lower.size for upper, lower in alike or pairs)
            yield Stack(start, stop, pitch, leading, _column_end(lines, kinds, start, stop))


def _leading(lines: Sequence[VisualLine]) -> float:
    """Return the most frequent spacing of long lines of a page, divided by the font size; 0 if there is none."""
    pitches = Counter(
        round((following.depth - line.depth) / line.size, 1)
        for line, following in pairwise(lines)
        if min(line.end - line.begin, following.end - following.begin) > WIDE * line.size
        and line.size == following.size
    )
    most, times = max(pitches.items(), key=lambda pitch: pitch[1], default=(0.0, 0))
    return most if times > 1 and most <= MAX_LEADING else 0.0


def _stacked(line: VisualLine, following: VisualLine, kind: Kind, following_kind: Kind, most: float) -> bool:
    """Tell whether a line is directly below another one of the same running text or list.

    `most`: greatest distance, divided by the font size.
    """
    pitch = following.depth - line.depth
    return (
        {kind, following_kind} <= {Kind.TEXT, Kind.ITEM}
        and line.direction == following.direction
        and same_size(line, following)
        and MIN_PITCH * min(line.size, following.size) < pitch < most * line.size
        and following.begin < line.end
        and line.begin < following.end
    )


def _column_end(lines: Sequence[VisualLine], kinds: Sequence[Kind], start: int, stop: int) -> float:
    """Return how far lines of a block could have extended: as far as others of its column, up to what is beside it."""
    first, last = lines[start], lines[stop - 1]
    begin = min(line.begin for line in lines[start:stop])
    end = max(line.end for line in lines[start:stop])
    near = range(max(start - NEIGHBOURS, 0), min(stop + NEIGHBOURS, len(lines)))
    beside = [
        lines[index].begin
        for index in near
        if first.depth - first.size < lines[index].depth < last.depth + first.size
        and lines[index].begin >= end
        and lines[index].axis == first.axis
    ]
    limit = min(beside, default=float("inf"))
    ends = [
        lines[index].end
        for index in near
        if kinds[index] in {Kind.TEXT, Kind.ITEM}
        and same_size(lines[index], first)
        and abs(lines[index].begin - begin) < COLUMN_INDENT * first.size
        and lines[index].end < limit
    ]
    return max([end, *ends])
