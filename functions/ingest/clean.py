"""From visual lines to the text of a page: stray characters go, lines that the page's width broke are joined.

This text is what every span of a chunk or a citation counts in. Nothing is normalised beyond that: NFKC would rewrite
correct full-width punctuation.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.visual_line import VisualLine

SAME_SIZE = 1.25  # lines of one paragraph differ less in height; a heading differs more
MIN_LINE_PITCH = 0.8  # of the height: anything closer is not another line
SAME_PITCH = 1.15  # lines of one paragraph stand as close as any on the page; entries of a list stand apart
TOLERANCE = 0.3  # of the height, in measuring widths

LINE_END_HYPHENS = "\x02\ufffe"  # so pdfium marks a hyphen at a line's end; it has joined the lines there
# Within a plain word it came from typesetting and goes; in a compound, an address or a name it stays.
TYPESET_HYPHEN = re.compile(
    rf"(?<![\w/.@:#-])([A-Za-zÀ-ɏ]+)[{LINE_END_HYPHENS}]([a-zß-ɏ]+)(?![\w/@:#-]|\.\w)", re.ASCII
)

REPLACED = {0x02: "-", 0xFFFE: "-", 0xA0: " ", 0x09: " "}
REMOVED = (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0xFEFF, 0xFFFF, *range(0xD800, 0xE000))
CHARACTERS: dict[int, str | None] = dict.fromkeys(REMOVED) | REPLACED

SENTENCE_END = re.compile(r"[。．！？!?.…；;：:][)）」』》〉】”’\"']*$")
# Scripts written without spaces: Chinese and Japanese with their punctuation.
UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


def page_text(lines: Sequence[VisualLine]) -> str:
    """Return the text of a page; every line break left in it ends a paragraph, an entry or a sentence."""
    text = ""
    previous: VisualLine | None = None
    for line in lines:
        words = TYPESET_HYPHEN.sub(r"\1\2", line.text).translate(CHARACTERS).strip()
        if not words:
            continue
        text += _separator(text, words, previous is not None and _continues(previous, line, lines)) + words
        previous = line
    return text


def _separator(text: str, words: str, joined: bool) -> str:
    """Return what stands between the text so far and the next line's words."""
    if not text:
        return ""
    if not joined or SENTENCE_END.search(text[-4:]):
        return "\n"
    return "" if UNSPACED.match(text[-1]) or UNSPACED.match(words) else " "


def _continues(line: VisualLine, following: VisualLine, lines: Sequence[VisualLine]) -> bool:
    """Tell whether the next line goes on with this one: it stands close below, and its start had no space left here."""
    if not _close_below(line, following, lines):
        return False
    rights = (other.right for other in lines if _same_size(line, other) and _overlap(line, other))
    column_right = max(rights, default=line.right)  # a line without width overlaps nothing, itself included
    return line.right + following.start_width > column_right - TOLERANCE * line.height


def _close_below(line: VisualLine, following: VisualLine, lines: Sequence[VisualLine]) -> bool:
    """Tell whether the next line has this one's size, and is no further below than lines of the page usually are."""
    pitches = [_pitch(upper, lower) for upper, lower in pairwise(lines) if _same_size(upper, lower)]
    usual = min((pitch for pitch in pitches if pitch > MIN_LINE_PITCH * line.height), default=0)
    return _same_size(line, following) and 0 < _pitch(line, following) <= usual * SAME_PITCH


def _pitch(line: VisualLine, following: VisualLine) -> float:
    return line.baseline - following.baseline


def _same_size(line: VisualLine, other: VisualLine) -> bool:
    smaller, larger = sorted((line.height, other.height))
    return larger <= smaller * SAME_SIZE


def _overlap(line: VisualLine, other: VisualLine) -> bool:
    return other.left < line.right and line.left < other.right
