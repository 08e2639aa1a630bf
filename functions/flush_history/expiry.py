"""The stream of the table `messages`: writes live messages that expired before a flush into segments."""

import logging
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from documind import logs
from flush_history.services import services

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> Any:
    """Write the expired messages to segments; Lambda retries from the first record that failed."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
    return process_partial_response(event=event, record_handler=_keep, processor=processor)


def _keep(record: DynamoDBRecord) -> None:
    if not _has_expired(record):
        return
    item = record.dynamodb.old_image if record.dynamodb else None
    if item is None:
        return
    logs.append_keys(chat_id=item["chat_id"])
    try:
        services().history.keep(item["chat_id"], item)
    except Exception:
        logger.exception("an expired message will be retried")
        raise


def _has_expired(record: DynamoDBRecord) -> bool:
    """Return whether TTL deleted the item, and not a flush.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
    """
    identity = record.user_identity
    return record.raw_event["eventName"] == "REMOVE" and identity.get("principalId") == "dynamodb.amazonaws.com"
