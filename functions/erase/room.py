"""Erases a room from OpenSearch, S3 and DynamoDB, step by step, and completes its receipt."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence

from documind import metrics
from documind.clients.objects import pages_of, uploads_of
from documind.stores.documents import StoredDocument
from documind.stores.erasures import Erasure
from documind.wire import Removed
from erase.services import ErasureServices

# After the end of a lease: a request of its run may last some seconds longer, and OpenSearch Serverless shows its
# chunks 10 to 15 s later.
SETTLED_AFTER_S = 20
GIVEN_UP_AFTER_S = 60  # if the room is still active then, the request that enqueued its erasure has died
LOOK_AGAIN_AFTER_S = 5  # a fenced run notices at its next write, within seconds, and gives up its lease

logger = logging.getLogger(__name__)


def erase(services: ErasureServices, erasure: Erasure, *, within_s: float) -> None:
    """Erase a closed room; every step is idempotent, so a retry continues after a crash.

    The message is sent just before the room is closed, so it waits while the room is active. It also waits until the
    leases of all ingest runs in the room have ended. After `within_s` it sends itself another message, which continues.
    The room's own items are deleted last, because they name the objects to delete. If a run is killed between a step
    and its count, the receipt lacks that count.
    """
    give_up_at = time.monotonic() + within_s
    state = services.erasures.state_of(erasure)
    if state == "enqueued" and time.time() < erasure.enqueued_at + GIVEN_UP_AFTER_S:
        services.queue.send(erasure.to_message(), after_s=LOOK_AGAIN_AFTER_S)
    if state in {"enqueued", "another's"}:
        return
    if state == "begun":
        metrics.emit(metrics.OPEN_ERASURE_AGE, time.time() - erasure.enqueued_at)
    documents = _taken(services, erasure.chat_id)
    if waits_for_runs(services, erasure, documents):
        return
    for step in _steps(services, erasure.chat_id, documents):
        if time.monotonic() > give_up_at:
            services.queue.send(erasure.to_message())
            return
        services.receipts.add(erasure.owner_id, erasure.receipt_id, step())
    if erasure.of_account:
        one_room = services.receipts.counting(erasure.owner_id, erasure.receipt_id, Removed(rooms=1))
        services.erasures.finish(erasure.chat_id, one_room)
        return
    services.erasures.finish(erasure.chat_id)
    services.complete_receipt(erasure.owner_id, erasure.receipt_id)
    logger.info("a room was erased")


def waits_for_runs(services: ErasureServices, erasure: Erasure, documents: Sequence[StoredDocument]) -> bool:
    """Enqueue the erasure again, and return True, until the search shows all chunks that runs may have written."""
    leases = (document.lease_until for document in documents if document.ingest_ids)
    settled_in_s = max(leases, default=0) + SETTLED_AFTER_S - time.time()
    if settled_in_s <= 0:
        return False
    services.queue.send(erasure.to_message(), after_s=min(math.ceil(settled_in_s), LOOK_AGAIN_AFTER_S))
    return True


def _taken(services: ErasureServices, chat_id: str) -> list[StoredDocument]:
    """Mark all documents of the room as deleting, which fences their runs and prevents new claims; return them."""
    taken = (
        document if document.status == "deleting" else services.documents.begin_deletion(chat_id, document.document_id)
        for document in services.documents.list(chat_id)
    )
    return [document for document in taken if document]


def _steps(services: ErasureServices, chat_id: str, documents: list[StoredDocument]) -> Iterator[Callable[[], Removed]]:
    """Yield the steps of an erasure; each returns the counts of what it removed."""
    yield lambda: Removed(chunks=services.delete_room_chunks(chat_id))
    yield lambda: Removed(uploads=services.objects.delete_all(uploads_of(chat_id)))
    for document in documents:
        yield lambda document=document: delete_pages(services, document)  # type: ignore[misc]
    yield lambda: Removed(messages=services.erasures.delete_live_messages(chat_id))
    yield lambda: Removed(segments=services.erasures.delete_items(chat_id))


def delete_pages(services: ErasureServices, document: StoredDocument) -> Removed:
    """Delete the page texts of all runs that have read a document."""
    return Removed(page_texts=sum(services.objects.delete_all(pages_of(run)) for run in document.ingest_ids))
