"""Finds the document of an uploaded object, whose key is untrusted."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from documind.clients.objects import Objects
from documind.errors import NotAllowedError
from documind.stores.documents import DocumentStore, StoredDocument

Broadcast = Callable[[StoredDocument], None]
UPLOAD_KEY = re.compile(r"uploads/(?P<chat_id>[A-Za-z0-9_-]{1,64})/(?P<document_id>[A-Za-z0-9_-]{1,64})\.pdf")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class UploadedObject:
    """An object of the bucket as an event names it."""

    key: str
    version_id: str | None

    @property
    def document(self) -> tuple[str, str] | None:
        """The ids of room and document in the key, if it has the form of an upload."""
        match = UPLOAD_KEY.fullmatch(self.key)
        return (match["chat_id"], match["document_id"]) if match else None


def uploads_in(message: str) -> Iterator[UploadedObject]:
    """Yield the objects that a queue message names; the test event that S3 sends at first names none.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    for record in json.loads(message).get("Records", []):
        entry = record["s3"]["object"]
        yield UploadedObject(unquote_plus(entry["key"]), entry.get("versionId"))


def receive(
    upload: UploadedObject, documents: DocumentStore, objects: Objects, broadcast: Broadcast
) -> StoredDocument | None:
    """Return the document whose file this is, queued if it was still awaited.

    Any other object is deleted and logged: one without a registered document, a second one for the same document, or
    one whose uploader may no longer write in the room.
    """
    document = _queued(upload, documents, broadcast)
    if document and document.version_id == upload.version_id:
        return document
    objects.delete_upload(upload.key, upload.version_id)
    logger.warning("an object that no document awaits was deleted")
    return None


def _queued(upload: UploadedObject, documents: DocumentStore, broadcast: Broadcast) -> StoredDocument | None:
    if not upload.document:
        return None
    chat_id, document_id = upload.document
    try:
        return documents.queue(chat_id, document_id, upload.key, upload.version_id)
    except NotAllowedError as error:
        if failed := documents.fail(chat_id, document_id, error.code):
            broadcast(failed)
        return None
