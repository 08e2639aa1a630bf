"""The dead-letter queue of uploads: marks the documents as failed."""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from documind import logs
from documind.errors import Code
from documind.room_services import RoomServices
from documind.settings import DeadLetterSettings, load
from ingest.receive import uploads_in

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Fail the documents of these messages, unless another run is reading or has read them."""
    for record in event["Records"]:
        for upload in uploads_in(record["body"]):
            if upload.document:
                _fail(*upload.document)


def _fail(chat_id: str, document_id: str) -> None:
    failed = _services().documents.fail(chat_id, document_id, Code.INGEST_FAILED)
    if failed:
        logger.error("reading a document failed for good", extra={"chat_id": chat_id, "document_id": document_id})
        _services().broadcast_document(failed)


@cache
def _services() -> RoomServices:
    return RoomServices.from_settings(load(DeadLetterSettings))
