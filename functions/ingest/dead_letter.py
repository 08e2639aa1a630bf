"""The dead-letter queue of uploads: a document whose reading failed too often ends as failed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from documind.clients.sockets import Sockets
from documind.errors import Code
from documind.settings import DeadLetterSettings, load
from documind.stores.connections import Connections
from documind.stores.documents import Documents
from ingest.announce import Announce, announcer
from ingest.receive import uploads_in

logger = Logger(service="ingest")


@dataclass(frozen=True)
class Services:
    """What is done with dead letters."""

    documents: Documents
    announce: Announce


def handler(event: dict[str, Any], _context: object) -> None:
    """Fail the documents of these messages, unless another run is reading or has read them."""
    for record in event["Records"]:
        for upload in uploads_in(record["body"]):
            if upload.document:
                _fail(*upload.document)


def _fail(chat_id: str, document_id: str) -> None:
    failed = _services().documents.fail(chat_id, document_id, Code.INGEST_FAILED)
    if failed:
        logger.error("reading a document failed for good", document_id=document_id)
        _services().announce(failed)


@cache
def _services() -> Services:
    settings = load(DeadLetterSettings)
    rooms = boto3.resource("dynamodb").Table(settings.rooms_table)
    return Services(
        documents=Documents(rooms),
        announce=announcer(Sockets.from_settings(settings, Connections(rooms))),
    )
