"""The stores and clients of this function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from documind.clients import aws
from documind.clients.objects import Objects
from documind.clients.queue import Queue
from documind.clients.search_deletion import ChunkDeletion
from documind.room_services import RoomServices
from documind.settings import ErasureSettings, load
from documind.wire import ReceiptFrame


@dataclass(frozen=True)
class ErasureServices(RoomServices):
    """The shared stores and sockets, and what only erasures need; `delete_…_chunks` return the number of chunks."""

    objects: Objects
    delete_room_chunks: Callable[[str], int]  # chat_id
    delete_document_chunks: Callable[[str, str], int]  # chat_id, document_id
    queue: Queue

    def complete_receipt(self, owner_id: str, receipt_id: str) -> None:
        """Complete a receipt and post it to the connection that asked for the erasure; idempotent."""
        completed = self.receipts.complete(owner_id, receipt_id)
        if completed:
            receipt, connection_id = completed
            self.sockets.post(connection_id, ReceiptFrame(receipt=receipt))


@cache
def services() -> ErasureServices:
    """Make the services from the settings, once for each execution environment."""
    settings = load(ErasureSettings)
    chunks = ChunkDeletion.from_settings(settings)
    return ErasureServices(
        **vars(RoomServices.from_settings(settings)),
        objects=Objects.of_bucket(settings.documents_bucket),
        delete_room_chunks=chunks.delete_room,
        delete_document_chunks=chunks.delete_document,
        queue=Queue(aws.client("sqs"), settings.erasure_queue_url),
    )
