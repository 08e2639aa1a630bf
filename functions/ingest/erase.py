"""Erasing a room: all that any part of the system holds of it, step by step, and the receipt that says so."""

import json
import logging
import time
from collections.abc import Callable, Iterator

from documind.clients.objects import pages_of, uploads_of
from documind.stores.documents import StoredDocument
from documind.stores.erasures import Erasure
from documind.wire import ReceiptFrame, Removed
from ingest.services import Services

logger = logging.getLogger(__name__)


def erasure_in(message: str) -> Erasure | None:
    """Return the erasure that a queue message asks for, if it does."""
    record = json.loads(message).get("erase")
    return Erasure.model_validate(record) if record else None


def erase(services: Services, erasure: Erasure, *, within_s: float) -> None:
    """Erase a room that has been closed; every step can be done again, so a run that dies is continued by the next.

    What takes longer than `within_s` goes on with another message. The room's own items go last, for they say where
    the rest is; a run that was killed between a step and its count leaves that step uncounted.
    """
    give_up_at = time.monotonic() + within_s
    for step in _steps(services, erasure.chat_id):
        if time.monotonic() > give_up_at:
            services.queue.send({"erase": erasure.model_dump()})
            return
        services.receipts.add(erasure.owner_id, erasure.receipt_id, step())
    services.erasures.finish(erasure.chat_id)
    receipt, connection_id = services.receipts.complete(erasure.owner_id, erasure.receipt_id)
    services.sockets.post(connection_id, ReceiptFrame(receipt=receipt))
    logger.info("a room was erased", extra={"receipt_id": erasure.receipt_id})


def _steps(services: Services, chat_id: str) -> Iterator[Callable[[], Removed]]:
    """Yield what there is to do; each step says what it has removed.

    A run that is reading a document loses it here and falls silent at its next progress. What it was just writing
    may still arrive after its step: the place to wait for such runs is here.
    """
    documents = services.documents.list(chat_id)
    for document in documents:
        services.documents.begin_deletion(chat_id, document.document_id)
    yield lambda: Removed(chunks=services.search.delete(chat_id))
    yield lambda: Removed(uploads=services.objects.delete_all(uploads_of(chat_id)))
    for document in documents:
        yield lambda document=document: _delete_pages(services, document)  # type: ignore[misc]
    yield lambda: Removed(messages=services.erasures.delete_live_messages(chat_id))
    yield lambda: Removed(segments=services.erasures.delete_items(chat_id))


def _delete_pages(services: Services, document: StoredDocument) -> Removed:
    if document.ingest_id is None:
        return Removed()
    return Removed(page_texts=services.objects.delete_all(pages_of(document.ingest_id)))
