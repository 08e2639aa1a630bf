"""Counting the pages of a run and telling the room, as long as the run owns its document."""

import time

from documind.stores.documents import StoredDocument
from ingest.read import Page
from ingest.services import Services

INTERVAL_S = 0.5


class OvertakenError(Exception):
    """The document was deleted, or another run has taken it over: this one falls silent."""


class Progress:
    """Counts pages and tells the room, twice a second at most."""

    def __init__(self, services: Services, document: StoredDocument) -> None:
        self._services = services
        self._document = document
        self._total = 0
        self._empty = 0
        self._told_at = -INTERVAL_S

    def take(self, page: Page) -> None:
        """Count a page; raises OvertakenError when this run has been overtaken."""
        self._total = page.total
        self._empty += not page.text
        if time.monotonic() - self._told_at < INTERVAL_S:
            return
        self._told_at = time.monotonic()
        document = self._services.documents.progress(
            self._document.chat_id,
            self._document.document_id,
            self._document.run,
            pages_total=page.total,
            pages_done=page.number,
            pages_empty=self._empty,
        )
        self._services.announce(current(document))

    def ready(self, *, chunks: int) -> StoredDocument:
        """Make the chunks visible; raises OvertakenError when this run has been overtaken."""
        return current(
            self._services.documents.ready(
                self._document.chat_id,
                self._document.document_id,
                self._document.run,
                pages_total=self._total,
                pages_empty=self._empty,
                chunks=chunks,
            )
        )


def current(document: StoredDocument | None) -> StoredDocument:
    """Return what a change has returned; raises OvertakenError when it has not been made."""
    if document is None:
        raise OvertakenError
    return document
