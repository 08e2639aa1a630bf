"""The handler of the upload queue: each message names an upload, and is delivered again until that is processed."""

import logging
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from documind import logs
from ingest.ingest import TryAgainError, ingest
from ingest.lease import VISIBILITY_TIMEOUT_S, Delivery
from ingest.receive import receive, uploads_in
from ingest.services import services

BACK_OFF_S = 40  # after a failure outside a run

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Ingest the uploads of a batch; failed messages are reported to SQS, which delivers them again."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, _ingest_message, processor, context)


def _ingest_message(record: SQSRecord) -> None:
    logs.append_keys(queue_message_id=record.message_id, chat_id=None, document_id=None)
    delivery = Delivery(record.message_id, record.receipt_handle, int(record.attributes.approximate_receive_count or 1))
    try:
        services().queue.change_visibility_timeout(delivery.receipt_handle, VISIBILITY_TIMEOUT_S)
        for upload in uploads_in(record.body):
            chat_id, document_id = upload.document or (None, None)
            logs.append_keys(chat_id=chat_id, document_id=document_id)
            document = receive(upload, services().documents, services().objects, services().broadcast)
            if document:
                ingest(services(), document, delivery)
    except Exception as error:
        after_s = error.after_s if isinstance(error, TryAgainError) else BACK_OFF_S
        logger.info("SQS delivers the message again", exc_info=not isinstance(error, TryAgainError))
        services().queue.change_visibility_timeout(delivery.receipt_handle, after_s)
        raise
