"""The dead-letter queue: a document whose reading failed too often ends as failed; an erasure is never given up."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from documind.clients.queue import Queue
from documind.clients.sockets import Sockets
from documind.errors import Code
from documind.settings import DeadLetterSettings, load
from documind.stores.connections import Connections
from documind.stores.documents import Documents
from documind.stores.erasures import Erasure
from ingest.announce import Announce, announcer
from ingest.receive import uploads_in

ERASED_AGAIN_AFTER_S = 900  # the longest a queue can wait: what broke three tries may take people to mend

logger = Logger(service="ingest")


@dataclass(frozen=True)
class Services:
    """What is done with dead letters."""

    documents: Documents
    announce: Announce
    queue: Queue


def handler(event: dict[str, Any], _context: object) -> None:
    """Fail the documents of these messages, unless another run is reading or has read them; send erasures again."""
    for record in event["Records"]:
        if erasure := Erasure.from_message(record["body"]):
            logger.error("erasing a room failed, and will be tried again", receipt_id=erasure.receipt_id)
            _services().queue.send(erasure.to_message(), after_s=ERASED_AGAIN_AFTER_S)
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
        queue=Queue(boto3.client("sqs"), settings.queue_url),
    )
