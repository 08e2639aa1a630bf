"""Telling everyone in the room how a document is doing."""

from collections.abc import Callable

from documind.clients.sockets import Sockets
from documind.stores.documents import StoredDocument
from documind.wire import DocumentFrame

Broadcast = Callable[[StoredDocument], None]


def broadcaster(sockets: Sockets) -> Broadcast:
    """Return what posts a document to every connection of its room."""

    def broadcast(document: StoredDocument) -> None:
        if document.is_read_again:  # nothing that its room would see
            return
        sockets.post_to_room(document.chat_id, DocumentFrame(chat_id=document.chat_id, document=document.to_wire()))

    return broadcast
