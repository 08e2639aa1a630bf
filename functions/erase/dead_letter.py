"""The dead-letter queue of erasures: none is ever given up, for its owner may be gone."""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from documind import logs, metrics
from documind.clients import aws
from documind.clients.queue import Queue
from documind.settings import ErasureDeadLetterSettings, load
from documind.stores.erasures import erasure_in

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

SENT_AGAIN_AFTER_S = 900  # the longest a queue can wait: what broke three tries may take people to mend

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Send the erasures of these messages again, after a quarter of an hour."""
    for record in event["Records"]:
        erasure = erasure_in(record["body"])
        metrics.emit(metrics.DEAD_LETTERS, of="erasure")
        ids = erasure.model_dump(include={"chat_id", "receipt_id"})
        logger.error("an erasure failed, and will be tried again", extra=ids)
        queue().send(erasure.to_message(), after_s=SENT_AGAIN_AFTER_S)


@cache
def queue() -> Queue:
    """Make the queue of erasures, once."""
    return Queue(aws.client("sqs"), load(ErasureDeadLetterSettings).erasure_queue_url)
