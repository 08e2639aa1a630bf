"""Reads pages of documents for an answer; it does without one that cannot be read."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import wait

from answer.passages import Passage
from answer.services import Services
from documind.clients.objects import Objects
from documind.pages import PageText
from documind.stores.documents import StoredDocument

TIMEOUT_S = 1.0  # after the model has finished; the pages are usually read long before

logger = logging.getLogger(__name__)


class PagesRead:
    """The texts of the passages' pages, for the rectangles of citations, read while the model writes."""

    def __init__(self, services: Services, passages: Sequence[Passage]) -> None:
        self._pages = {passage.key: passage.page_text for passage in passages if passage.page_text}
        self._done = services.executor.submit(self._read, services.objects, passages)

    def so_far(self) -> Mapping[tuple[str, int], PageText]:
        """Return the pages that have been read, by ingest and number."""
        wait([self._done], TIMEOUT_S)
        return self._pages

    def _read(self, objects: Objects, passages: Sequence[Passage]) -> None:
        for passage in passages:
            if passage.key not in self._pages:
                read = pages_if_readable(objects, passage.document, passage.page)
                self._pages |= {(passage.key[0], number): text for number, text in read.items()}


def pages_if_readable(objects: Objects, document: StoredDocument, page: int) -> dict[int, PageText]:
    """Return the result of `read_pages`; nothing, and log it, if that fails."""
    try:
        return objects.read_pages(document, page)
    except Exception:
        logger.exception("a page could not be read", extra={"document_id": document.document_id, "page": page})
        return {}
