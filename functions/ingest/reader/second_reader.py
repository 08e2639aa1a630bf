"""The second reader: pypdf, for pages that pdfium cannot load. It gives no boxes, and misses some characters."""

import logging
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documind.pages import PageText
from ingest.reader.blocks import Block, Kind, PageLayout
from ingest.reader.page_lines import CHARACTERS

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_FIELDS, MAX_FIELD_DEPTH = 20_000, 32  # pdfium descends no deeper


def layout_of(text: str) -> PageLayout:
    """Return the layout of a page of which only the text is known."""
    text = text.encode("utf-16", "ignore").decode("utf-16")
    lines = (line.translate(CHARACTERS).strip() for line in text.splitlines())
    text = "\n".join(filter(None, lines))
    return PageLayout(PageText(text), (Block(0, len(text), Kind.TEXT),) if text else ())


class SecondReader:
    """Opens the PDF at the first use. pypdf may raise any Exception on broken files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: PdfReader | None = None

    def page_count(self) -> int:
        """Return the number of pages; 0 if pypdf cannot open the file either."""
        try:
            return len(self._reader().pages)
        except Exception:  # noqa: BLE001
            return 0

    def is_package(self) -> bool:
        """True for a PDF whose pages only introduce the files attached to it (ISO 32000-2, 12.3.5 "Collections")."""
        try:
            return "/Collection" in self._reader().root_object
        except Exception:  # noqa: BLE001
            return False

    def has_form_that_ends(self) -> bool:
        """False for a form with so many paths to its fields that pdfium, which follows all, would take too long."""
        try:
            form: Any = self._reader().root_object["/AcroForm"]
            level = [*form["/Fields"]]
            seen = 0
            for _ in range(MAX_FIELD_DEPTH):
                seen += len(level)
                if seen > MAX_FIELDS:
                    return False
                below = (kid for field in level for kid in field.get_object().get("/Kids", ()))
                level = list(islice(below, MAX_FIELDS))
        except Exception:  # noqa: BLE001
            return False
        return True

    def layout(self, index: int) -> PageLayout:
        """Return page `index` (from 0), known by its text alone. Raises any Exception that pypdf raises."""
        return layout_of(self._reader().pages[index].extract_text())

    def _reader(self) -> "PdfReader":
        """Open the file, once."""
        from pypdf import PdfReader  # noqa: PLC0415 (few documents need it, and it takes 0.2 s)

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        if self._opened is None:
            self._opened = PdfReader(self._path)
        return self._opened
