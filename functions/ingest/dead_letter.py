"""The dead-letter queue: a document whose reading failed too often ends as failed, and the room is told."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from documind.clients.sockets import Sockets
from documind.errors import Code
from documind.settings import RoomsSettings, load
from documind.stores.connections import Connections
from documind.stores.documents import Documents
from ingest.announce import Announce, announcer
from ingest.erase import erasure_in
from ingest.receive import uploads_in

logger = Logger(service="ingest")


def handler(event: dict[str, Any], _context: object) -> None:
    """Mark the documents of these messages as failed, unless another run is reading or has read them."""
    for record in event["Records"]:
        if erasure := erasure_in(record["body"]):  # it goes on when its owner deletes the room again
            logger.error("erasing a room failed for good", receipt_id=erasure.receipt_id)
        for upload in uploads_in(record["body"]):
            if upload.document:
                _fail(*upload.document)


def _fail(chat_id: str, document_id: str) -> None:
    documents, announce = _services()
    failed = documents.fail(chat_id, document_id, Code.INGEST_FAILED)
    if failed:
        logger.error("reading a document failed for good", document_id=document_id)
        announce(failed)


@cache
def _services() -> tuple[Documents, Announce]:
    settings = load(RoomsSettings)
    rooms = boto3.resource("dynamodb").Table(settings.rooms_table)
    return Documents(rooms), announcer(Sockets.from_settings(settings, Connections(rooms)))
