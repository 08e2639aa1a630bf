"""The queue of the ingest: each message announces an upload, and is tried again until it is done."""

import logging
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from documind import logs
from ingest.ingest import StillBeingReadError, ingest
from ingest.receive import receive, uploads_in
from ingest.services import services

BACK_OFF_S = (5, 10, 20, 40, 0)  # after each failure; the queue gives the message up at once after the last
LEASE_MARGIN_S = 5  # the lease is over when the message of a run that was killed comes back

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Ingest what the messages announce; a message that failed goes back to the queue."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, _ingest_message, processor, context)


def _ingest_message(record: SQSRecord, lambda_context: LambdaContext) -> None:
    logs.append_keys(queue_message_id=record.message_id, chat_id=None, document_id=None)
    lease_s = lambda_context.get_remaining_time_in_millis() / 1000 - LEASE_MARGIN_S
    try:
        for upload in uploads_in(record.body):
            chat_id, document_id = upload.document or (None, None)
            logs.append_keys(chat_id=chat_id, document_id=document_id)
            document = receive(upload, services().documents, services().objects, services().announce)
            if document:
                ingest(services(), document, message_id=record.message_id, lease_s=lease_s)
    except StillBeingReadError:
        logger.info("a message came twice and is left to its time")
        raise
    except Exception:
        logger.exception("a message goes back to the queue")
        received = int(record.attributes.approximate_receive_count)
        after_s = BACK_OFF_S[min(received, len(BACK_OFF_S)) - 1]
        services().queue.bring_back(record.receipt_handle, after_s=after_s)
        raise
