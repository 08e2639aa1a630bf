"""The dead-letter queue of erasures: sends each one again without end, as its owner may not be able to repeat it."""

import logging
from functools import cache
from typing import Any

from documind import logs
from documind.clients import aws
from documind.clients.queue import Queue
from documind.settings import ErasureDeadLetterSettings, load
from documind.stores.erasures import erasure_in

SENT_AGAIN_AFTER_S = 900  # the longest delay of SQS; the cause of five failures may need an operator

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> None:
    """Send these erasures to their queue again, with a delay of 15 minutes."""
    for record in event["Records"]:
        erasure = erasure_in(record["body"])
        ids = erasure.model_dump(include={"chat_id", "receipt_id"})
        logger.error("an erasure failed and was enqueued again", extra=ids)
        queue().send(erasure.to_message(), after_s=SENT_AGAIN_AFTER_S)


@cache
def queue() -> Queue:
    """Make the client of the erasure queue, once for each execution environment."""
    return Queue(aws.client("sqs"), load(ErasureDeadLetterSettings).erasure_queue_url)
