"""What the text of a page is made of: blocks, each a span of it with its kind, and the headings above them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from documind.pages import PageText

MAX_TITLE_CHARACTERS = 100
MAX_DEPTH = 4  # headings above a passage: the nearest ones


class Kind(StrEnum):
    """What a block of a page's text is."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"  # of a list
    ROW = "row"  # of a table
    CODE = "code"
    CONTENTS = "contents"  # an entry of a table of contents
    FURNITURE = "furniture"  # running headers and footers, page numbers


@dataclass(frozen=True)
class Block:
    """The code points from `start` up to `end` of a page's text; a heading's `level` is greater the higher it ranks."""

    start: int
    end: int
    kind: Kind
    level: int = 0


@dataclass(frozen=True)
class Heading:
    """A heading with its rank among those of the document."""

    level: int
    title: str


@dataclass(frozen=True)
class PageLayout:
    """The text of a page with its blocks, in the order of the text."""

    content: PageText
    blocks: tuple[Block, ...] = field(default=())


def path_after(path: Sequence[Heading], headings: Iterable[Heading]) -> tuple[Heading, ...]:
    """Return the headings that are in force after some more: each ends those of its own rank and below."""
    current = list(path)
    for heading in headings:
        current = [above for above in current if above.level > heading.level]
        current.append(heading)
    return tuple(current[-MAX_DEPTH:])


def heading_of(text: str, block: Block) -> Heading:
    """Return the heading that a block is."""
    return Heading(block.level, " ".join(text[block.start : block.end].split())[:MAX_TITLE_CHARACTERS])
