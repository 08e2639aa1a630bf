"""The frames about documents: upload, view, retry and delete."""

import time

from documind import wire
from documind.clients.objects import VIEW_LINK_S, upload_key, upload_message
from documind.errors import Code, InvalidRequestError, NotFoundError, UnreadableDocumentError
from documind.ids import is_plain_name
from documind.pages import Rectangle, rectangles
from documind.stores.documents import StoredDocument
from message.services import Caller, Services

BYTES_PER_MB = 1_000_000
MAX_QUOTE_CHARACTERS = 4_000  # far more than a passage has, and far less than a frame holds
MAX_RECTANGLES = 200  # one for each line of the passage; 200 fit a frame


def upload(services: Services, caller: Caller, frame: wire.Upload) -> None:
    """Register a document and answer with a presigned POST, or without a URL if the room already has this file.

    Idempotent: if the file of an earlier registration has not arrived, the answer names that same document.
    """
    chat_id = caller.chat_id
    _check(services, frame)
    document = services.documents.register(
        chat_id,
        frame.name,
        frame.size,
        frame.sha256,
        caller.user,
        max_documents=services.limits.max_room_documents,
    )
    target = wire.UploadTarget(chat_id=chat_id, document=document.to_wire(), url=None)
    if document.status == "awaiting_upload":
        key = upload_key(chat_id, document.document_id)
        url, fields = services.objects.upload_target(key, size_bytes=frame.size)
        target = target.model_copy(update={"url": url, "fields": fields})
    services.reply(caller, target)
    if target.url:
        services.broadcast_document(document, but=caller.connection_id)


def _check(services: Services, frame: wire.Upload) -> None:
    max_bytes = services.limits.max_upload_bytes
    if not is_plain_name(frame.name):
        raise InvalidRequestError(Code.NAME_INVALID)
    if frame.size == 0:
        raise InvalidRequestError(Code.UPLOAD_EMPTY)
    if frame.size > max_bytes:
        raise InvalidRequestError(Code.UPLOAD_TOO_LARGE, limit=max_bytes // BYTES_PER_MB)


def view(services: Services, caller: Caller, frame: wire.DocumentView) -> None:
    """Answer with a presigned link to a PDF, and with the text of one passage and its rectangles on the page."""
    document = _existing(services, caller, frame.document_id)
    if document.key is None:
        raise NotFoundError(Code.DOCUMENT_NOT_FOUND)
    last_page = max(document.pages_total, 1)  # unknown until the document has been read
    if frame.page > last_page:
        raise InvalidRequestError(Code.PAGE_NOT_FOUND, limit=last_page)
    quote, rects = _passage(services, document, frame)
    link = services.objects.view_link(document.key, version_id=document.version_id, file_name=document.name)
    answer = wire.View(
        chat_id=caller.chat_id,
        document_id=document.document_id,
        url=link,
        expires_at=int(time.time()) + VIEW_LINK_S,
        page=frame.page,
        quote=quote,
        rects=rects,
    )
    services.reply(caller, answer)


def _passage(services: Services, document: StoredDocument, frame: wire.DocumentView) -> tuple[str, list[Rectangle]]:
    if document.ingest_id is None or frame.end <= frame.start:
        return "", []
    end = min(frame.end, frame.start + MAX_QUOTE_CHARACTERS)
    page = services.objects.read_pages(document, frame.page)[frame.page]
    return page.text[frame.start : end], rectangles(page, frame.start, end)[:MAX_RECTANGLES]


def retry(services: Services, caller: Caller, frame: wire.DocumentRetry) -> None:
    """Queue a failed document for another ingest.

    A document that is already queued is sent to SQS again, because an earlier call may have died before sending it.
    """
    document = _existing(services, caller, frame.document_id)
    key = document.key
    if key is None:
        raise UnreadableDocumentError(Code.UPLOAD_INCOMPLETE)
    if document.status != "queued":
        queued = services.documents.retry(caller.chat_id, frame.document_id, caller.user.user_id)
        if queued is None:
            raise InvalidRequestError(Code.DOCUMENT_NOT_FAILED)
        document = queued
    services.upload_queue.send(upload_message(key, document.version_id))
    services.reply(caller, wire.DocumentFrame(chat_id=caller.chat_id, document=document.to_wire()))
    services.broadcast_document(document, but=caller.connection_id)


def delete(services: Services, caller: Caller, frame: wire.DocumentDelete) -> None:
    """Mark a document as deleting, which hides it at once, and enqueue its erasure."""
    document = _existing(services, caller, frame.document_id)
    receipt = services.erasures.begin_document(document, caller.user.user_id, caller.connection_id, services.enqueue)
    services.reply(caller, wire.ReceiptFrame(receipt=receipt))
    services.broadcast_document(document.model_copy(update={"status": "deleting"}))


def _existing(services: Services, caller: Caller, document_id: str) -> StoredDocument:
    document = services.documents.get(caller.chat_id, document_id)
    if document is None or document.status == "deleting":
        raise NotFoundError(Code.DOCUMENT_NOT_FOUND)
    return document
