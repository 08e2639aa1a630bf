"""The blocks of a page's text: spans of code points, each with its kind."""

from dataclasses import dataclass
from enum import StrEnum

from documind.pages import PageText


class Kind(StrEnum):
    """The role of a block on its page."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"  # of a list
    ROW = "row"  # of a table
    CODE = "code"
    CONTENTS = "contents"  # an entry of a table of contents
    FURNITURE = "furniture"  # running headers and footers, page numbers


@dataclass(frozen=True)
class Block:
    """The code points from `start` up to `end` of a page's text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class PageLayout:
    """The text of a page with its blocks, sorted by position."""

    content: PageText
    blocks: tuple[Block, ...] = ()
