"""Builds the text of a page from its paragraphs, with the position of each line and the kind of each block.

The spans of chunks and citations are offsets into this text. Lines broken at the width of the page are joined; only
ligatures and radicals are normalised, because NFKC would rewrite correct full-width punctuation. Furniture comes last.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from documind.pages import Axis, PageLine, PageText
from ingest.reader.blocks import Block, Kind, PageLayout
from ingest.reader.line_kinds import BULLET
from ingest.reader.page_lines import WIDE_GAP
from ingest.reader.paragraphs import Paragraph, paragraphs_of
from ingest.reader.turn import Turn
from ingest.reader.visual_line import Boxes, VisualLine

LARGER = 1.15  # times the body's font size: least size of a heading that is not bold
MAX_HEADING_CHARACTERS = 120
MAX_HEADING_LINES = 3
NO_HEADING_END = re.compile(r"[。．.,，、;；:：!！]$")
CHAPTER = re.compile(
    r"(?:第\s?[一二三四五六七八九十百零〇\d]+\s?[章節节篇部回]|(?:chapter|part|appendix)\s+[\dIVXA-Z]+\b)",
    re.IGNORECASE,
)
MAX_CHAPTER_CHARACTERS = 40  # of a heading known by its words ("Chapter 1"), or a large one with punctuation at its end
MAX_INDENT = 40  # spaces before a line of code
UNTURNED = Turn()

# Scripts written without spaces: Chinese and Japanese with their punctuation.
UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
# The hyphen of a hyphenated plain word is removed; in a compound, an address or a name it is kept.
_BEFORE, _AFTER = r"(?<![\w/.@:#-])[A-Za-zÀ-ɏ]{2,}", r"[a-zß-ɏ]+(?![\w/@:#-]|\.\w)"
BEFORE_HYPHEN, AFTER_HYPHEN, COMPOUND = map(re.compile, (f"{_BEFORE}$", _AFTER, f"{_BEFORE}-{_AFTER}"))
ADDRESS_END = re.compile(r"(?:://|www\.)[!-~]*[/=&?]$")


StyleCounts = Counter[tuple[float, bool]]


@dataclass(frozen=True)
class Style:
    """The font size, in points, and the weight of most of a document's text."""

    size: float
    is_bold: bool

    @classmethod
    def of_pages(cls, pages: Iterable[StyleCounts]) -> "Style":
        """Return the most frequent size of the pages' characters, and whether most of them are bold."""
        sizes: Counter[float] = Counter()
        bold = 0
        for counts in pages:
            for (size, is_bold), characters in counts.items():
                sizes[size] += characters
                bold += characters if is_bold else -characters
        return cls(max(sizes, key=lambda size: sizes[size], default=0.0), bold > 0)


def style_counts(lines: Iterable[VisualLine]) -> StyleCounts:
    """Return how many characters of a page have each font size (rounded to half a point) and weight."""
    counts: StyleCounts = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2, line.bold] += len(line.text)
    return counts


@dataclass
class _Builder:
    """The text and lines written so far; `length` counts code points, `compounds` are words with a hyphen."""

    turn: Turn
    compounds: set[str]
    parts: list[str] = field(default_factory=list)
    length: int = 0
    lines: list[PageLine] = field(default_factory=list)

    def write(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)


def page_layout(lines: Sequence[VisualLine], furniture: set[int], body: Style, turn: Turn = UNTURNED) -> PageLayout:
    """Return the text of a page, with rectangles as displayed after `turn`; `furniture`: indices of lines."""
    kept = [line for index, line in enumerate(lines) if index not in furniture]
    paragraphs = paragraphs_of(kept)
    builder = _Builder(turn, {word.lower() for line in kept for word in COMPOUND.findall(line.text)})
    blocks: list[Block] = []
    for paragraph in paragraphs:
        _write(builder, blocks, paragraph, Kind.HEADING if _is_heading(paragraph, body) else paragraph.kind)
    for index in sorted(furniture):
        _write(builder, blocks, Paragraph(Kind.FURNITURE, [lines[index]]), Kind.FURNITURE)
    return PageLayout(PageText("".join(builder.parts), tuple(builder.lines)), tuple(blocks))


def _write(builder: _Builder, blocks: list[Block], paragraph: Paragraph, kind: Kind) -> None:
    """Write a paragraph as a block of its own."""
    if builder.length:
        builder.write("\n")
    start = builder.length
    indent = _indenter(paragraph.lines) if kind is Kind.CODE else None
    for index, line in enumerate(paragraph.lines):
        if index and indent:
            builder.write("\n")
        elif index:
            builder.write(_separator(paragraph.lines[index - 1], builder.parts[-1], line.text, builder.compounds))
        if indent:
            builder.write(indent(line))
        builder.lines.append(_page_line(line, builder.length, builder.turn))
        builder.write(_cells(line) if kind is Kind.ROW else line.text)
    blocks.append(Block(start, builder.length, kind))


def _separator(before: VisualLine, words: str, following: str, compounds: set[str]) -> str:
    """Return what joins a line and the next one of its paragraph: a space, a hyphen or nothing."""
    if before.hyphenated or words.endswith(("-", "‐")):
        first, second = BEFORE_HYPHEN.search(words.rstrip("-‐")[-40:]), AFTER_HYPHEN.match(following)
        is_typeset = first and second and f"{first[0]}-{second[0]}".lower() not in compounds
        return "-" if before.hyphenated and not is_typeset else ""
    if words.endswith("_") or ADDRESS_END.search(words[-80:]):
        return ""
    return "" if UNSPACED.match(words[-1]) or UNSPACED.match(following) else " "


def _cells(line: VisualLine) -> str:
    """Return the text of a row with tabs between its cells."""
    wide = WIDE_GAP * line.size
    return "".join(
        "\t" if character == " " and high - low > wide else character
        for character, low, high in zip(line.text, line.lows, line.highs, strict=True)
    )


def _indenter(lines: Sequence[VisualLine]) -> Callable[[VisualLine], str]:
    """Return a function that gives the indentation of a line of code, in spaces."""
    left = min(line.begin for line in lines)
    widths = sorted(line.letter_width for line in lines if line.letter_width)
    width = widths[len(widths) // 2] if widths else lines[0].size / 2
    return lambda line: " " * min(round((line.begin - left) / width), MAX_INDENT)


def _is_heading(paragraph: Paragraph, body: Style) -> bool:
    """Tell whether a paragraph is short and, by font size, weight or words, a heading."""
    if paragraph.kind not in {Kind.TEXT, Kind.ITEM} or len(paragraph.lines) > MAX_HEADING_LINES:
        return False
    text = " ".join(line.text for line in paragraph.lines)
    letters, mark = sum(map(str.isalpha, text)), paragraph.lines[0].marked or BULLET.match(text)
    if len(text) > MAX_HEADING_CHARACTERS or letters < 2 or mark:  # noqa: PLR2004
        return False
    size = max(line.size for line in paragraph.lines)
    bold = all(line.bold for line in paragraph.lines)
    plain_end = not NO_HEADING_END.search(text)
    return (
        (size >= LARGER * body.size and (plain_end or len(text) < MAX_CHAPTER_CHARACTERS))
        or (bold and not body.is_bold and plain_end and size > body.size / LARGER)
        or (len(text) < MAX_CHAPTER_CHARACTERS and CHAPTER.match(text) is not None and plain_end)
    )


def _page_line(line: VisualLine, start: int, turn: Turn) -> PageLine:
    """Return the position of a line on the displayed page, from which its rectangles are made."""
    if not turn.quarters:
        return PageLine.of_edges(start, line.axis, line.across, line.lows, line.highs)
    boxes = turn.boxes(Boxes.of(map(line.box, range(len(line.text)))))
    axis: Axis = "x" if (line.axis == "x") == (turn.quarters % 2 == 0) else "y"
    lows, highs, across = boxes.along(axis)
    return PageLine.of_edges(start, axis, across, lows, highs)
