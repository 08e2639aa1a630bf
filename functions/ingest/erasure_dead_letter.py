"""The dead-letter queue of erasures: none is ever given up, for its owner may be gone."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from documind.clients.queue import Queue
from documind.settings import ErasureDeadLetterSettings, load
from documind.stores.erasures import Erasure

SENT_AGAIN_AFTER_S = 900  # the longest a queue can wait: what broke three tries may take people to mend

logger = Logger(service="erasure")


def handler(event: dict[str, Any], _context: object) -> None:
    """Send the erasures of these messages again, after a quarter of an hour."""
    for record in event["Records"]:
        erasure = Erasure.from_message(record["body"])
        logger.error("erasing a room failed, and will be tried again", receipt_id=erasure.receipt_id)
        queue().send(erasure.to_message(), after_s=SENT_AGAIN_AFTER_S)


@cache
def queue() -> Queue:
    """Make the queue of erasures, once."""
    return Queue(boto3.client("sqs"), load(ErasureDeadLetterSettings).erasure_queue_url)
