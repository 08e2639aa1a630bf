"""Reads the pages of a document one after the other, each by comparison with its neighbours.

Running headers and the font size of the body are recognised by comparison with other pages, so a few pages before and
after the current one are kept. An error on a page affects only that page.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from documind.errors import Code, UnreadableDocumentError
from ingest.reader.annotations import with_annotations
from ingest.reader.blocks import PageLayout
from ingest.reader.drawn_marks import with_marks
from ingest.reader.furniture import Edges, furniture_of
from ingest.reader.loss import Loss, is_gibberish
from ingest.reader.page_text import Style, StyleCounts, page_layout, style_counts
from ingest.reader.pdfium_page import MAX_PAGE_CHARACTERS, PdfiumPage, TooComplexError
from ingest.reader.picture import picture_of
from ingest.reader.rows import from_top_to_bottom, rows_of
from ingest.reader.second_reader import SecondReader
from ingest.reader.turn import Turn
from ingest.reader.visual_line import VisualLine

REACH = 4  # pages kept before and after the current one


@dataclass(frozen=True)
class LoadedPage:
    """What is kept of a page while its neighbours are read; `layout` is set if the second reader has read it."""

    lines: Sequence[VisualLine] = ()
    styles: StyleCounts = field(default_factory=Counter)
    edges: Edges | None = None
    turn: Turn = field(default_factory=Turn)
    layout: PageLayout | None = None
    loss: Loss | None = None


class DocumentPages:
    """An open PDF. Raises UnreadableDocumentError; the pages `lost` (from 1) are not loaded.

    With `pictures`, records of empty or garbled pages have a picture.
    """

    def __init__(self, path: Path, lost: frozenset[int], *, pictures: bool = False) -> None:
        self._lost = lost
        self._pictures = pictures
        self._second = SecondReader(path)
        self._document, self.total = self._opened(path)
        self._loaded: dict[int, LoadedPage] = {}

    def _opened(self, path: Path) -> tuple[pypdfium2.PdfDocument | None, int]:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
                raise UnreadableDocumentError(Code.PDF_ENCRYPTED) from error
            pages = self._second.page_count()
            if not pages:
                raise UnreadableDocumentError(Code.PDF_INVALID) from error
            return None, pages
        form_type = document.get_formtype()
        if form_type == raw.FORMTYPE_XFA_FULL:
            raise UnreadableDocumentError(Code.PDF_DYNAMIC_FORM)
        if raw.FPDFDoc_GetAttachmentCount(document) and self._second.is_package():
            raise UnreadableDocumentError(Code.PDF_PACKAGE)
        if form_type != raw.FORMTYPE_NONE and self._second.has_form_that_ends():
            document.init_forms()
        return document, len(document)

    def read(self, first: int) -> Iterator[dict[str, object]]:
        """Yield the records of the pages from `first` (from 1) on, and before work on a page a record of its number."""
        next_to_load = max(first - REACH, 1)
        for number in range(first, self.total + 1):
            while next_to_load <= min(number + REACH, self.total):
                yield {"reading": next_to_load}
                self._loaded[next_to_load] = self._load(next_to_load)
                next_to_load += 1
            yield {"reading": number}
            yield self._record(number)
            self._loaded.pop(number - REACH, None)

    def _load(self, number: int) -> LoadedPage:
        if number in self._lost:
            return LoadedPage(loss=Loss.LOST)
        try:
            return self._load_with_pdfium(number)
        except TooComplexError:
            return LoadedPage(loss=Loss.LOST)
        except Exception:  # noqa: BLE001 (a hostile file may raise anything on a page)
            return self._load_with_pypdf(number)

    def _load_with_pdfium(self, number: int) -> LoadedPage:
        if not self._document:
            return self._load_with_pypdf(number)
        page = PdfiumPage(self._document, number - 1)
        try:
            lines = page.lines()
            if page.is_garbled():
                return self._garbled(number)
            lines = with_annotations(lines, page.page, self._document.formenv, page.place)
            rows = with_marks(from_top_to_bottom(list(rows_of(lines))), page.page, page.place)
            return LoadedPage(rows, style_counts(rows), Edges.of_page(number, rows, page.height), page.turn)
        finally:
            page.close()

    def _garbled(self, number: int) -> LoadedPage:
        """Return a garbled page as the second reader reads it, unless that text is gibberish too."""
        page = self._load_with_pypdf(number)
        if page.layout and not is_gibberish(page.layout.content.text):
            return page
        return LoadedPage(loss=Loss.GARBLED)

    def _load_with_pypdf(self, number: int) -> LoadedPage:
        try:
            return LoadedPage(layout=self._second.layout(number - 1))
        except Exception:  # noqa: BLE001
            return LoadedPage(loss=Loss.LOST)

    def _record(self, number: int) -> dict[str, object]:
        page = self._loaded[number]
        if page.loss:
            return self._without_text(number, page.loss)
        try:
            layout = page.layout or self._layout(number, page)
            if len(layout.content.text) > MAX_PAGE_CHARACTERS:  # of notes, or as the second reader finds it
                raise TooComplexError
        except Exception:  # noqa: BLE001
            return self._without_text(number, Loss.LOST)
        if not layout.content.text:
            return self._without_text(number, Loss.EMPTY)
        return {"page": number, **as_record(layout)}

    def _without_text(self, number: int, loss: Loss) -> dict[str, object]:
        record: dict[str, object] = {"page": number, "loss": loss}
        if self._pictures and self._document and loss is not Loss.LOST:
            with suppress(Exception):
                return record | {"picture": picture_of(self._document[number - 1])}
        return record

    def _layout(self, number: int, page: LoadedPage) -> PageLayout:
        around = [self._loaded[other] for other in self._loaded if other != number]
        edges = [other.edges for other in around if other.edges]
        furniture = furniture_of(page.edges, edges) if page.edges else set()
        if len(furniture) == len(page.lines):  # slides and labels may have no other lines
            furniture = set()
        body = Style.of_pages(other.styles for other in self._loaded.values())
        return page_layout(page.lines, furniture, body, page.turn)


def as_record(layout: PageLayout) -> dict[str, object]:
    """Return a layout as the fields of a page's record."""
    return {
        "text": layout.content.text,
        "lines": layout.content.records,
        "places": b64encode(layout.content.places).decode(),
        "blocks": [[block.start, block.end, block.kind] for block in layout.blocks],
    }
