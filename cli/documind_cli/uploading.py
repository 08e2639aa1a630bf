"""Uploads a PDF into a room and waits until it has been read."""

import hashlib
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import urllib3

from documind.ids import new_random_id
from documind.wire import Document, DocumentFrame, Opened, Upload, UploadTarget
from documind_cli.client import REPLY_TIMEOUT_S, Client
from documind_cli.room import Room

READING_TIMEOUT_S = 300.0  # without any progress
UPLOAD_TIMEOUT_S = 300.0
POLL_S = 1.0


def upload(room: Room, path: Path, show: Callable[[Document], None] = lambda _: None) -> tuple[Document, bool]:
    """Upload a PDF; return its document once it is ready or has failed, and whether the room had it already.

    `show` is called with the document at each change. Raises RefusedError when the server refuses it, OSError when the
    file cannot be read or the bucket refuses it, TimeoutError when reading makes no progress for 5 minutes.
    """
    target = send_file(room.client, path.name, path.read_bytes())
    return _read(room, target.document, show), target.url is None


def send_file(client: Client, name: str, content: bytes) -> UploadTarget:
    """Register a PDF in the open room and post it, unless the room has it already (the target's `url` is None).

    Raises RefusedError, OSError.
    """
    target = register(client, name, content)
    if target.url:
        post_form(target.url, target.fields, name, content)
    return target


def register(client: Client, name: str, content: bytes) -> UploadTarget:
    """Register a PDF in the open room; raises RefusedError."""
    sha256 = hashlib.sha256(content).hexdigest()
    frame = Upload(request_id=new_random_id(), chat_id=client.chat_id, name=name, size=len(content), sha256=sha256)
    return client.request(frame, UploadTarget)


def _read(room: Room, document: Document, show: Callable[[Document], None]) -> Document:
    give_up_at = time.monotonic() + READING_TIMEOUT_S
    while document.status not in {"ready", "failed"}:
        match room.receive(POLL_S):
            case DocumentFrame(document=found) if found.document_id == document.document_id:
                changed = found
            case Opened(documents=documents):
                changed = next((each for each in documents if each.document_id == document.document_id), document)
            case _:
                changed = document
        if changed != document:
            give_up_at = time.monotonic() + READING_TIMEOUT_S
            document = changed
            show(document)
        elif time.monotonic() >= give_up_at:
            raise TimeoutError
    return document


def post_form(url: str, fields: dict[str, str], name: str, content: bytes) -> None:
    """Send a presigned POST: the fields first, the file last, as S3 requires.

    Raises OSError with S3's answer when it refuses the file.
    """
    form: dict[str, str | tuple[str, bytes, str]] = {**fields, "file": (name, content, "application/pdf")}
    timeout = urllib3.Timeout(connect=REPLY_TIMEOUT_S, read=UPLOAD_TIMEOUT_S)
    try:
        answer = urllib3.request("POST", url, fields=form, timeout=timeout, retries=False)
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"the upload of {name} failed: {error}") from error
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise OSError(f"the upload of {name} was refused ({answer.status}): {answer.data[:500].decode()}")
