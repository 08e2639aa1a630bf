"""From the lines of a page to its paragraphs: which line goes on with the one before it.

Every decision is local: it looks at the block of lines that stand under each other and at the column they stand in,
never at the page as a whole, where a footnote or a header that spans two columns would decide for all.
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

# Of the size: lines further apart are not of one block, unless most long lines of the page are, as in a thesis with
# double spacing.
MAX_PITCH, MAX_LEADING = 2.6, 4.0
SAME_LEADING = 1.05
MIN_PITCH = 0.8  # of the size: anything closer is not another line
SAME_PITCH = 1.18  # lines of one paragraph stand as close as any in their block; entries of a list stand apart
LOOSE_PITCH = 1.45  # a line with a tall formula pushes the next one away
TOLERANCE = 0.35  # of the size, in measuring widths
NARROW = 6.0  # of the size: a column of a table, in which words of the same width are no full lines
WIDE = 14.0  # of the size: a column of running text
RAGGED = 0.6  # of its width: what a line fills at least that a word processor or a person has broken
COLUMN_INDENT = 3.0  # of the size: how far lines of one column are indented
NEIGHBOURS = 150  # lines before and after a block among which its column is looked for
JUMP = 3.0  # of the size: how far up the next column begins at least
SAME_BOLD_SIZE = 1.08
LARGER = 1.15  # than the line before it: a heading, where it is bold too
ITEM_LINES = 8  # of an item before the next
JUSTIFIED_LINES = 3  # with one right edge

OPENING = "(（「『《〈【“‘’”\"'["
SENTENCE_END = re.compile(r"[。．！？!?.…؟۔][)）」』》〉】”’\"'\]]*$")
LABEL = re.compile(r"[^\s。，；：:,;.]{1,14}[：:]")  # of an entry: "Duration: ..."
ABBREVIATIONS = r"e\.g|i\.e|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Figs|Eq|Sec|pp?|vol|al|approx"
NOT_THE_END = re.compile(rf"\b(?:{'|'.join([ABBREVIATIONS, *ORDINALS])}|[A-Z]\.[A-Z])\.$")


@dataclass
class Paragraph:
    """Lines that belong together."""

    kind: Kind
    lines: list[VisualLine]


@dataclass(frozen=True)
class Stack:
    """Lines `start` up to `stop` that stand under each other in one size, and what their distances tell."""

    start: int
    stop: int
    pitch: float  # from each line to the next, where they are closest
    leading: float  # the same, of the size
    column_end: float


def paragraphs_of(lines: Sequence[VisualLine]) -> list[Paragraph]:
    """Return the paragraphs of a page in the order of reading."""
    kinds = kinds_of(lines)
    joined = _joined(lines, kinds)
    groups = grouped(
        range(len(lines)),
        lambda before, index: joined[index] or kinds[before] is kinds[index] is Kind.CODE,
    )
    return [Paragraph(kinds[group[0]], [lines[index] for index in group]) for group in groups]


def _joined(lines: Sequence[VisualLine], kinds: Sequence[Kind]) -> list[bool]:
    """Tell for each line whether it goes on with the one before it."""
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
    """Tell whether a line of a block goes on with the one before: that one is full and ends no sentence."""
    line, following = lines[index - 1], lines[index]
    if line.bold != following.bold and (line.bold or index == stack.start + 1):
        return False
    if line.bold and not same_size(line, following, SAME_BOLD_SIZE):
        return False  # a heading and one below it
    if following.bold and following.size > line.size * LARGER:
        return False
    if ends_a_sentence(line.text) or _starts_an_item(lines, kinds, stack, index):
        return False
    limit = LOOSE_PITCH if following.text.lstrip(OPENING)[:1].islower() else SAME_PITCH
    is_near = following.depth - line.depth <= limit * max(stack.pitch, stack.leading * line.size)
    return is_near and (_is_full(lines, stack, index - 1) or _is_ragged(line, following, stack))


def _goes_on_in_next_column(lines: Sequence[VisualLine], kinds: Sequence[Kind], stack: Stack) -> bool:
    """Tell whether what follows a block stands at the top of the next column and goes on with it."""
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
    """Tell whether a sentence ends with a line."""
    return bool(SENTENCE_END.search(text[-6:])) and not NOT_THE_END.search(text[-8:])


def _starts_an_item(lines: Sequence[VisualLine], kinds: Sequence[Kind], stack: Stack, index: int) -> bool:
    """Tell whether a line is the next item of a list, not one that happens to begin with a number."""
    before = range(max(stack.start, index - ITEM_LINES), index)
    if LABEL.match(lines[index].text) and any(LABEL.match(lines[other].text) for other in before):
        return True
    if kinds[index] is not Kind.ITEM:
        return False
    listed = any(kinds[other] is Kind.ITEM for other in before)
    indented = abs(lines[index].begin - lines[index - 1].begin) > TOLERANCE * lines[index].size
    return lines[index].marked or bool(BULLET.match(lines[index].text)) or listed or indented


def _is_full(lines: Sequence[VisualLine], stack: Stack, index: int) -> bool:
    """Tell whether what begins the next line had no space left on this one."""
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
    """Tell whether a line that is not full is broken where it stands, as in plain text: the next begins small."""
    width = stack.column_end - line.begin
    return (
        following.text[0].islower()
        and line.text[-1] not in ":;"
        and (not line.letter_width or line.text[-1].isalpha())  # code
        and width > WIDE * line.size
        and line.end - line.begin > RAGGED * width
        and following.begin < line.begin + TOLERANCE * line.size
    )


def _stacks(lines: Sequence[VisualLine], kinds: Sequence[Kind]) -> Iterator[Stack]:
    """Yield the blocks of running text."""
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
    """Return how far apart, of their size, most long lines of a page stand that follow each other; 0 without any."""
    pitches = Counter(
        round((following.depth - line.depth) / line.size, 1)
        for line, following in pairwise(lines)
        if min(line.end - line.begin, following.end - following.begin) > WIDE * line.size
        and line.size == following.size
    )
    most, times = max(pitches.items(), key=lambda pitch: pitch[1], default=(0.0, 0))
    return most if times > 1 and most <= MAX_LEADING else 0.0


def _stacked(line: VisualLine, following: VisualLine, kind: Kind, following_kind: Kind, most: float) -> bool:
    """Tell whether a line of running text stands below another, as lines of a paragraph or of a list do.

    `most`: how far, of their size.
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
    """Return how far lines of a block could have gone: as far as others of its column, not into what stands beside."""
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
