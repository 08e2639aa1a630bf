"""What the erasure of rooms and documents works with, made from its settings once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import boto3

from documind.clients.objects import Objects
from documind.clients.queue import Queue
from documind.clients.search_deletion import ChunkDeletion
from documind.clients.sockets import Sockets
from documind.room_services import RoomServices
from documind.settings import ErasureSettings, load
from documind.stores.documents import Documents
from documind.stores.erasures import Erasures
from documind.stores.receipts import Receipts


@dataclass(frozen=True)
class ErasureServices:
    """What an erasure works with; `delete_…_chunks` return how many there were."""

    documents: Documents
    erasures: Erasures
    receipts: Receipts
    objects: Objects
    delete_room_chunks: Callable[[str], int]  # chat_id
    delete_document_chunks: Callable[[str, str], int]  # chat_id, document_id
    queue: Queue
    sockets: Sockets


@cache
def services() -> ErasureServices:
    """Make the real ones, once."""
    settings = load(ErasureSettings)
    shared = RoomServices.from_settings(settings)
    chunks = ChunkDeletion.from_settings(settings)
    return ErasureServices(
        documents=shared.documents,
        erasures=shared.erasures,
        receipts=shared.receipts,
        objects=Objects.of_bucket(settings.documents_bucket),
        delete_room_chunks=chunks.delete_room,
        delete_document_chunks=chunks.delete_document,
        queue=Queue(boto3.client("sqs"), settings.erasure_queue_url),
        sockets=shared.sockets,
    )
