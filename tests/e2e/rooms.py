"""What tests do in a room besides asking: upload, look at the history."""

import hashlib
from pathlib import Path

from documind.ids import new_random_id
from documind.wire import Document, DocumentFrame, HistoryFrame, Message, Upload, UploadTarget
from documind_cli.client import Client
from documind_cli.uploading import post_form

READING_TIMEOUT_S = 60
HANDBOOK = Path(__file__).resolve().parent.parent / "data" / "handbook-en.pdf"


def announce(client: Client, name: str, content: bytes) -> UploadTarget:
    return client.request(
        Upload(
            request_id=new_random_id(),
            chat_id=client.chat_id,
            name=name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        ),
        UploadTarget,
    )


def upload(client: Client, path: Path) -> tuple[Document, list[DocumentFrame]]:
    """Upload a file into the open room; return it as it ended, and what the room was told meanwhile."""
    return upload_content(client, path.name, path.read_bytes())


def upload_content(client: Client, name: str, content: bytes) -> tuple[Document, list[DocumentFrame]]:
    target = announce(client, name, content)
    assert target.url is not None
    post_form(target.url, target.fields, name, content)
    return follow(client, target.document.document_id)


def follow(client: Client, document_id: str) -> tuple[Document, list[DocumentFrame]]:
    """Wait until a document is ready or has failed."""
    told: list[DocumentFrame] = []
    while not told or told[-1].document.status not in {"ready", "failed"}:
        told.append(
            client.wait_for(DocumentFrame, lambda frame: frame.document.document_id == document_id, READING_TIMEOUT_S)
        )
    return told[-1].document, told


def history_of(client: Client) -> list[Message]:
    """Return the newest messages of the room that has just been opened."""
    return client.wait_for(HistoryFrame, lambda _: True).messages
