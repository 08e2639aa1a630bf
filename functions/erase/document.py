"""Erases one document of a room: its chunks, file, page texts and item; completes the receipt."""

import logging
import time

from documind import metrics
from documind.clients.objects import upload_key
from documind.stores.documents import StoredDocument
from documind.stores.erasures import Erasure
from documind.wire import Removed
from erase.room import GIVEN_UP_AFTER_S, LOOK_AGAIN_AFTER_S, delete_pages, waits_for_runs
from erase.services import ErasureServices

logger = logging.getLogger(__name__)


def erase_document(services: ErasureServices, erasure: Erasure, document_id: str) -> None:
    """Erase a document that is being deleted; every step is idempotent, so a retry continues after a crash.

    The message is sent just before the document is marked as deleting, so it may have to wait for that. It also waits
    until the lease of the run that was reading the document has ended. The document's item is deleted last.
    """
    document = services.documents.get(erasure.chat_id, document_id)
    if document and document.status != "deleting":
        if time.time() < erasure.enqueued_at + GIVEN_UP_AFTER_S:
            services.queue.send(erasure.to_message(), after_s=LOOK_AGAIN_AFTER_S)
        return
    if document and document.receipt_id != erasure.receipt_id:
        return
    if document:
        metrics.emit(metrics.OPEN_ERASURE_AGE, time.time() - erasure.enqueued_at)
        if waits_for_runs(services, erasure, [document]):
            return
        _delete(services, erasure, document)
    services.complete_receipt(erasure.owner_id, erasure.receipt_id)
    logger.info("a document was erased")


def _delete(services: ErasureServices, erasure: Erasure, document: StoredDocument) -> None:
    chat_id, document_id = document.chat_id, document.document_id
    chunks = services.delete_document_chunks(chat_id, document_id)
    services.receipts.add(erasure.owner_id, erasure.receipt_id, Removed(chunks=chunks))
    uploads = services.objects.delete_all(upload_key(chat_id, document_id))
    services.receipts.add(erasure.owner_id, erasure.receipt_id, Removed(uploads=uploads))
    services.receipts.add(erasure.owner_id, erasure.receipt_id, delete_pages(services, document))
    services.documents.remove(chat_id, document_id)
    services.broadcast_document(document.model_copy(update={"status": "deleted"}))
