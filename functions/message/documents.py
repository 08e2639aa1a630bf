"""Uploading PDFs and looking at them."""

import time

from documind.clients.objects import upload_key
from documind.errors import Code, InvalidRequestError, LimitExceededError, NotFoundError
from documind.pages import Rectangle, rectangles
from documind.stores.documents import StoredDocument
from documind.wire import DocumentFrame, DocumentView, Upload, UploadTarget, View
from message.services import Caller, Services

LINK_S = 900
BYTES_PER_MB = 1_000_000
MAX_QUOTE_CHARACTERS = 4_000  # far more than a passage has, and far less than a frame holds
MAX_RECTANGLES = 200  # one for each line: likewise


def upload(services: Services, caller: Caller, frame: Upload) -> None:
    """Announce a document and answer with where to post it; the same file twice in a room is recognised.

    One that never arrived is asked for again: an upload that is retried leaves no second document behind.
    """
    chat_id = caller.chat_id
    same = services.documents.find_same(chat_id, frame.sha256)
    if same and same.status != "awaiting_upload":
        target = UploadTarget(request_id=frame.request_id, chat_id=chat_id, document=same.to_wire(), url=None)
        services.sockets.post(caller.connection_id, target)
        return
    document = same or _announced(services, caller, frame)
    key = upload_key(chat_id, document.document_id)
    url, fields = services.objects.upload_target(key, max_bytes=services.limits.max_upload_bytes)
    target = UploadTarget(
        request_id=frame.request_id, chat_id=chat_id, document=document.to_wire(), url=url, fields=fields
    )
    services.sockets.post(caller.connection_id, target)
    if not same:
        services.sockets.post_to_room(
            chat_id, DocumentFrame(chat_id=chat_id, document=document.to_wire()), but=caller.connection_id
        )


def view(services: Services, caller: Caller, frame: DocumentView) -> None:
    """Answer with a link to a PDF, and the words of one passage with where they stand."""
    document = services.documents.get(caller.chat_id, frame.document_id)
    if document is None or document.key is None or document.status == "deleting":
        raise NotFoundError(Code.DOCUMENT_NOT_FOUND)
    quote, rects = _passage(services, document, frame)
    link = services.objects.view_link(
        document.key, version_id=document.version_id, file_name=document.name, expires_s=LINK_S
    )
    answer = View(
        request_id=frame.request_id,
        chat_id=caller.chat_id,
        document_id=document.document_id,
        url=link,
        expires_at=int(time.time()) + LINK_S,
        page=frame.page,
        quote=quote,
        rects=rects,
    )
    services.sockets.post(caller.connection_id, answer)


def _passage(services: Services, document: StoredDocument, frame: DocumentView) -> tuple[str, list[Rectangle]]:
    if document.ingest_id is None or frame.end <= frame.start:
        return "", []
    end = min(frame.end, frame.start + MAX_QUOTE_CHARACTERS)
    page = services.objects.read_page(document.ingest_id, frame.page)
    return page.text[frame.start : end], rectangles(page, frame.start, end)[:MAX_RECTANGLES]


def _announced(services: Services, caller: Caller, frame: Upload) -> StoredDocument:
    limits, chat_id = services.limits, caller.chat_id
    if frame.size > limits.max_upload_bytes:
        raise InvalidRequestError(Code.UPLOAD_TOO_LARGE, limit=limits.max_upload_bytes // BYTES_PER_MB)
    held = [document for document in services.documents.list(chat_id) if document.status != "failed"]
    if len(held) >= limits.max_room_documents:
        raise LimitExceededError(Code.DOCUMENT_LIMIT, limit=limits.max_room_documents)
    return services.documents.announce(chat_id, frame.name, frame.size, frame.sha256, caller.user)
