"""Reads a PDF page by page in child processes: a page that kills one is lost, the rest of the document is not."""

import logging
from base64 import b64decode
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from documind.errors import Code, UnreadableDocumentError
from documind.limits import MAX_PDF_PAGES
from documind.pages import PageText
from ingest.reader import child
from ingest.reader.blocks import Block, Kind, PageLayout
from ingest.reader.child import KilledError, Record
from ingest.reader.loss import Loss

PAGE_TIMEOUT_S = 20.0  # of waiting for a page; the child's own limit of processor time is lower
# Seconds of waiting for children, per document and per page; the time between two reads does not count.
DOCUMENT_TIMEOUT_S, EACH_PAGE_S = 45.0, 0.1
MAX_KILLED = 3  # children of one document; the pages after that are given up

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """Page `number` of `total` (from 1) with its text and blocks, or without them for the reason `loss`.

    `picture`: a page without text, as a PNG in base64; `from_picture`: the chat model read the text from that.
    `killed_by`: the pages known so far to kill a child; some of them may come after this page.
    """

    number: int
    total: int
    layout: PageLayout
    loss: Loss | None = None
    picture: str | None = None
    killed_by: tuple[int, ...] = ()
    from_picture: bool = False

    @property
    def text(self) -> str:
        """Return the cleaned text."""
        return self.layout.content.text


def read_pages(
    path: Path, first: int = 1, *, killed_by: Sequence[int] = (), pictures: bool = False
) -> Generator[Page, None, None]:
    """Yield the pages of the PDF at `path` from page `first` on, in order. Closing the generator ends the child.

    The pages `killed_by` have killed a child before and are lost; with `pictures`, pages without text have a picture.
    Raises UnreadableDocumentError with PDF_INVALID, PDF_ENCRYPTED, PDF_PACKAGE, PDF_DYNAMIC_FORM, PDF_TOO_LONG or
    PDF_TOO_COMPLEX; with PDF_INVALID or PDF_TOO_COMPLEX also at the end, if all pages from 1 on were lost.
    """
    reading = _Reading(path, first, killed_by, pictures=pictures)
    any_read = False
    for page in reading.pages():
        any_read = any_read or page.loss is not Loss.LOST
        yield page
    if not any_read and first == 1:
        raise UnreadableDocumentError(Code.PDF_TOO_COMPLEX if reading.killed_by else Code.PDF_INVALID)


class _Reading:
    """The state of reading a document: the next page, the waiting time left, and the pages that killed a child."""

    def __init__(self, path: Path, first: int, killed_by: Sequence[int], *, pictures: bool) -> None:
        self._path = path
        self._pictures = pictures
        self._next = first
        self._total = 0
        self._looked_at = first
        self._left_s = DOCUMENT_TIMEOUT_S
        self.killed_by = list(killed_by)

    def pages(self) -> Iterator[Page]:
        """Yield the pages; after a page has killed a child, start another child that does not load this page."""
        while True:
            try:
                yield from self._pages_of_one_child()
            except KilledError:
                logger.warning("a page has ended the reader", extra={"page": self._looked_at})
                self.killed_by.append(self._looked_at)
            else:
                return
            if not self._total:
                raise UnreadableDocumentError(Code.PDF_TOO_COMPLEX)
            if len(self.killed_by) >= MAX_KILLED or self._left_s <= 0:
                break
        for number in range(self._next, self._total + 1):
            yield self._without_text(number, Loss.LOST)

    def _pages_of_one_child(self) -> Iterator[Page]:
        with child.records(
            self._path, self._next, self.killed_by, self._wait_s, self._waited, pictures=self._pictures
        ) as records:
            for record in records:
                page = self._take(record)
                if page:
                    self._next = page.number + 1
                    yield page

    def _wait_s(self) -> float:
        return min(self._left_s, PAGE_TIMEOUT_S)

    def _waited(self, seconds: float) -> None:
        self._left_s -= seconds

    def _take(self, record: Record) -> Page | None:
        """Return the page in a record, None for other records. Raises UnreadableDocumentError."""
        match record:
            case {"failure": str(code)}:
                raise UnreadableDocumentError(Code(code))
            case {"pages": int(total)}:
                if total > MAX_PDF_PAGES:
                    raise UnreadableDocumentError(Code.PDF_TOO_LONG, limit=MAX_PDF_PAGES)
                self._left_s += EACH_PAGE_S * total if not self._total else 0
                self._total = total
            case {"reading": int(number)}:
                self._looked_at = number
            case {"page": int(number), "loss": str(loss)}:
                picture = record.get("picture")
                return self._without_text(number, Loss(loss), picture if isinstance(picture, str) else None)
            case {
                "page": int(number),
                "text": str(text),
                "lines": list(lines),
                "places": str(places),
                "blocks": list(blocks),
            }:
                content = PageText.of_records(text, lines, BytesIO(b64decode(places)))
                layout = PageLayout(content, tuple([Block(start, end, Kind(kind)) for start, end, kind in blocks]))
                return Page(number, self._total, layout, killed_by=tuple(self.killed_by))
        return None

    def _without_text(self, number: int, loss: Loss, picture: str | None = None) -> Page:
        return Page(number, self._total, PageLayout(PageText("")), loss, picture, tuple(self.killed_by))
