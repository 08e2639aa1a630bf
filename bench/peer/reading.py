"""The tutorial's reading of a PDF: text by pypdf, split into passages of 500 characters that overlap by 100.

The splitter follows the idea of "recursive character" splitting in its smallest form: paragraphs, then lines, then
words, then characters; parts are joined again up to the limit.
"""

from pathlib import Path

from pypdf import PdfReader

MAX_CHARACTERS, OVERLAP_CHARACTERS = 500, 100
SEPARATORS = ("\n\n", "\n", " ", "")


def read(path: Path) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(path).pages]


def split(text: str, separators: tuple[str, ...] = SEPARATORS) -> list[str]:
    """Return the passages of a text."""
    separator, *finer = separators
    parts = text.split(separator) if separator else list(text)
    passages: list[str] = []
    held: list[str] = []
    for part in parts:
        if finer and len(part) > MAX_CHARACTERS:
            passages += [separator.join(held)] if held else []
            held = []
            passages += split(part, tuple(finer))
            continue
        if held and _length(held, separator) + len(separator) + len(part) > MAX_CHARACTERS:
            passages.append(separator.join(held))
            while held and _length(held, separator) > OVERLAP_CHARACTERS:
                held.pop(0)
        held.append(part)
    return [passage for passage in [*passages, separator.join(held)] if passage.strip()]


def _length(parts: list[str], separator: str) -> int:
    return sum(map(len, parts)) + len(separator) * (len(parts) - 1)
