"""One document from its upload to `ready` or `failed`, in as many runs as it takes."""

import logging

from documind import metrics
from documind.clients.objects import upload_message
from documind.errors import Code, DocumindError, UnreadableDocumentError
from documind.stores.documents import StoredDocument
from ingest.index import DoubledChunksError
from ingest.lease import LEASE_S, Delivery, Lease, OvertakenError
from ingest.reading import read_document
from ingest.services import Services

BACK_OFF_S = (5, 10, 20, 40)  # after each failure without a checkpoint in between; the next one is the last
MAX_TRIES = 12  # runs without a checkpoint in between, most of which have been killed
LOOK_AGAIN_AFTER_S = 5  # at a message that has come twice

logger = logging.getLogger(__name__)


class TryAgainError(Exception):
    """The message is not done with: it must be received again `after_s` from now."""

    def __init__(self, after_s: int) -> None:
        super().__init__(f"in {after_s} s")
        self.after_s = after_s


def ingest(services: Services, received: StoredDocument, delivery: Delivery) -> None:
    """Read on in a received document, unless that is done, not wanted any more, or the work of another message.

    A run that yields sends a message for the one that goes on. Raises TryAgainError.
    """
    ids = received.chat_id, received.document_id
    document = services.documents.claim(*ids, message_id=delivery.message_id, lease_s=LEASE_S)
    if document is None:
        _check_not_lost(services, received, delivery)
        return
    services.broadcast(document)
    if document.tries > MAX_TRIES:
        _fail(services, document, Code.INGEST_FAILED, page=document.checkpoint.pages + 1)
        return
    try:
        with Lease(services.documents, services.queue, document, delivery) as lease:
            ready = read_document(services, document, lease, delivery)
        if ready is None:
            _yield(services, document)
    except OvertakenError:
        logger.info("overtaken")
        services.documents.end_lease(document)
    except UnreadableDocumentError as error:
        _fail(services, document, error.code)
    except Exception as error:
        logger.exception("a run failed")
        _try_again(services, document, error)
    else:
        if ready:
            _count(ready)
            services.broadcast(ready)
            services.answer_function.summarise(*ids)


def _check_not_lost(services: Services, received: StoredDocument, delivery: Delivery) -> None:
    """A repeated event is done with, for the message of the run that holds the document comes back if that dies."""
    document = services.documents.get(received.chat_id, received.document_id)
    if document and document.status == "reading" and document.queue_message_id == delivery.message_id:
        raise TryAgainError(LOOK_AGAIN_AFTER_S)


def _yield(services: Services, document: StoredDocument) -> None:
    """Let others go first: first give the document free, so that whoever receives the new message can claim it."""
    services.documents.pause(document)
    services.queue.send(upload_message(document.key or "", document.version_id))
    logger.info("a run yields")


def _fail(services: Services, document: StoredDocument, reason: Code, *, page: int | None = None) -> None:
    logger.info("a document cannot be read", extra={"code": reason.value})
    ids = document.chat_id, document.document_id
    _tell_failed(services, services.documents.fail(*ids, reason, run=document.run, page=page))


def _try_again(services: Services, document: StoredDocument, error: Exception) -> None:
    """Let the document wait for another run, or end it as failed at the page from which on it could not be read."""
    if isinstance(error, DoubledChunksError):
        services.documents.start_over(document)
    released = services.documents.release(document)
    if released is None:
        return
    if released.failures > len(BACK_OFF_S):
        reason = error.code if isinstance(error, DocumindError) else Code.INGEST_FAILED
        ids, page = (document.chat_id, document.document_id), released.checkpoint.pages + 1
        _tell_failed(services, services.documents.fail(*ids, reason, page=page))
        return
    services.broadcast(released)
    raise TryAgainError(BACK_OFF_S[released.failures - 1]) from error


def _tell_failed(services: Services, failed: StoredDocument | None) -> None:
    if failed and failed.status == "failed":
        services.broadcast(failed)
        metrics.emit(metrics.DOCUMENTS_FAILED, of=failed.reason.value if failed.reason else "")


def _count(ready: StoredDocument) -> None:
    metrics.emit(metrics.DOCUMENTS_READY)
    metrics.emit(metrics.PAGES, ready.pages_total)
    unread = ready.model_dump(include={"pages_empty", "pages_lost", "pages_garbled"})
    logger.info("a document is ready", extra={"pages": ready.pages_total, "chunks": ready.chunks, **unread})
