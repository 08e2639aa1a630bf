"""Counting the pages of a run and telling the room, as long as the run owns its document."""

import time

from documind.stores.documents import StoredDocument
from ingest.lease import OvertakenError
from ingest.read import Page
from ingest.services import Services

INTERVAL_S = 0.5


class Progress:
    """Tells the room how many pages are read, twice a second at most, and never fewer than before."""

    def __init__(self, services: Services, document: StoredDocument) -> None:
        self._services = services
        self._document = document
        self._told_at = -INTERVAL_S

    def take(self, page: Page) -> None:
        """Count a page; raises OvertakenError when this run has been overtaken."""
        if time.monotonic() - self._told_at < INTERVAL_S:
            return
        self._told_at = time.monotonic()
        document = self._services.documents.progress(
            self._document.chat_id,
            self._document.document_id,
            self._document.run,
            pages_total=page.total,
            pages_done=max(page.number, self._document.pages_done),
        )
        self._services.broadcast(current(document))


def current(document: StoredDocument | None) -> StoredDocument:
    """Return what a change has returned; raises OvertakenError when it has not been made."""
    if document is None:
        raise OvertakenError
    return document
