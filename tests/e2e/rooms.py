"""What tests do in a room besides asking: upload PDFs and read the history."""

from pathlib import Path

from documind.wire import Document, DocumentFrame, HistoryFrame, Message
from documind_cli.client import Client
from documind_cli.uploading import send_file

READING_TIMEOUT_S = 60
HANDBOOK = Path(__file__).resolve().parent.parent / "data" / "handbook-en.pdf"


def upload(client: Client, path: Path) -> tuple[Document, list[DocumentFrame]]:
    """Upload a file into the open room; return its last state, and all frames about it."""
    return upload_content(client, path.name, path.read_bytes())


def upload_content(client: Client, name: str, content: bytes) -> tuple[Document, list[DocumentFrame]]:
    target = send_file(client, name, content)
    assert target.url is not None
    return follow(client, target.document.document_id)


def follow(client: Client, document_id: str) -> tuple[Document, list[DocumentFrame]]:
    """Wait until a document is ready or has failed; return its last state, and all frames about it."""
    told: list[DocumentFrame] = []
    while not told or told[-1].document.status not in {"ready", "failed"}:
        told.append(
            client.wait_for(DocumentFrame, lambda frame: frame.document.document_id == document_id, READING_TIMEOUT_S)
        )
    return told[-1].document, told


def summarised(client: Client) -> Document:
    """Wait until a document has its summary, and return it."""
    return client.wait_for(DocumentFrame, lambda frame: frame.document.summary is not None, READING_TIMEOUT_S).document


def history_of(client: Client) -> list[Message]:
    """Return the newest messages of a room that was just opened."""
    return client.wait_for(HistoryFrame, lambda _: True).messages
