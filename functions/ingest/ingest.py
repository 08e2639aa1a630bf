"""One run of the ingest of a document, which may take several runs until it is `ready` or `failed`."""

import logging

from documind import metrics
from documind.clients.objects import upload_message
from documind.errors import Code, DocumindError, UnreadableDocumentError
from documind.stores.documents import StoredDocument
from ingest.index import DoubledChunksError
from ingest.lease import LEASE_S, Delivery, Lease, OvertakenError
from ingest.reading import read_document
from ingest.services import Services

BACK_OFF_S = (5, 10, 20, 40)  # after each failure since the last checkpoint; after a fifth one the document fails
MAX_TRIES = 12  # runs since the last checkpoint, most of which were killed
LOOK_AGAIN_AFTER_S = 5  # at a message that was delivered twice
FOLLOW_UP_S = 60  # the function's timeout: until then no other run does the same

logger = logging.getLogger(__name__)


class TryAgainError(Exception):
    """The message must be delivered again after `after_s`."""

    def __init__(self, after_s: int) -> None:
        super().__init__(f"in {after_s} s")
        self.after_s = after_s


def ingest(services: Services, received: StoredDocument, delivery: Delivery) -> None:
    """Continue the ingest of a document, unless it is finished, being deleted, or claimed through another message.

    A run that yields sends a message for the next run. Raises TryAgainError.
    """
    ids = received.chat_id, received.document_id
    document = services.documents.claim(*ids, message_id=delivery.message_id, lease_s=LEASE_S)
    if document is None:
        _check_not_lost(services, received, delivery)
        return
    if document.tries > MAX_TRIES:
        _fail(services, document, Code.INGEST_FAILED, run=document.run, page=document.checkpoint.pages + 1)
        return
    try:
        with Lease(services.documents, services.queue, document, delivery) as lease:
            services.broadcast(document)  # may take 10 s
            ready = read_document(services, document, lease, delivery)
        if ready is None:
            _yield(services, document)
    except OvertakenError:
        logger.info("the run was overtaken")
        services.documents.end_lease(document)
        _check_not_lost(services, received, delivery)
    except UnreadableDocumentError as error:
        _fail(services, document, error.code, run=document.run)
    except Exception as error:
        logger.exception("a run failed")
        _try_again(services, document, error)
    else:
        if ready:
            _count(ready)
            _follow_up(services, ready, delivery)


def _check_not_lost(services: Services, received: StoredDocument, delivery: Delivery) -> None:
    """Raise TryAgainError if this message is that of the document's last run; follow up what that run has made ready.

    It was delivered twice, failing heartbeats have let the lease of that run expire, or the run has died after it. Any
    other message can be deleted: if that run dies, its own message is delivered again.
    """
    document = services.documents.get(received.chat_id, received.document_id)
    if document and delivery.received > 1 and document.status == "ready":
        _follow_up(services, document, delivery)
    if document and document.status == "reading" and document.queue_message_id == delivery.message_id:
        raise TryAgainError(LOOK_AGAIN_AFTER_S)


def _follow_up(services: Services, ready: StoredDocument, delivery: Delivery) -> None:
    """Broadcast and summarise a ready document; delete the chunks of attempts that it does not name."""
    services.queue.change_visibility_timeout(delivery.receipt_handle, FOLLOW_UP_S)  # its lease has ended
    services.broadcast(ready)
    services.answer_function.summarise(ready.chat_id, ready.document_id)
    services.delete_overtaken(ready.chat_id, ready.document_id, ready.checkpoint.attempt_ids)


def _yield(services: Services, document: StoredDocument) -> None:
    """End the run at its checkpoint: give up the lease, then send a message, whose receiver can claim the document."""
    services.documents.pause(document)
    services.queue.send(upload_message(document.key or "", document.version_id))
    logger.info("a run yields")


def _fail(
    services: Services, document: StoredDocument, reason: Code, *, run: str | None = None, page: int | None = None
) -> None:
    logger.info("a document cannot be read", extra={"code": reason.value})
    if failed := services.documents.fail(document.chat_id, document.document_id, reason, run=run, page=page):
        services.broadcast(failed)


def _try_again(services: Services, document: StoredDocument, error: Exception) -> None:
    """Queue the document for another run, or mark it as failed at the first page that was not read."""
    if isinstance(error, DoubledChunksError):
        services.documents.start_over(document)
    released = services.documents.release(document)
    if released is None:  # deleted or overtaken: the next run sees
        raise TryAgainError(BACK_OFF_S[0]) from error
    if released.failures > len(BACK_OFF_S):
        reason = error.code if isinstance(error, DocumindError) else Code.INGEST_FAILED
        _fail(services, document, reason, page=released.checkpoint.pages + 1)
        return
    services.broadcast(released)
    raise TryAgainError(BACK_OFF_S[released.failures - 1]) from error


def _count(ready: StoredDocument) -> None:
    metrics.emit(metrics.DOCUMENTS_READY)
    metrics.emit(metrics.PAGES, ready.pages_total)
    unread = ready.model_dump(include={"pages_empty", "pages_lost", "pages_garbled"})
    logger.info("a document is ready", extra={"pages": ready.pages_total, "chunks": ready.chunks, **unread})
