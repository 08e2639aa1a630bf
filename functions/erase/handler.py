"""The handler of the erasure queue: each message names a room, a document or an account to erase."""

import logging
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from documind import logs
from documind.stores.erasures import AccountErasure, Erasure, erasure_in
from erase.account import erase_account
from erase.document import erase_document
from erase.room import erase
from erase.services import services

TRIED_AGAIN_AFTER_S = 30

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Run the erasures of a batch; failed messages are reported to SQS, which delivers them again."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, _erase, processor, context)


def _erase(record: SQSRecord, lambda_context: LambdaContext) -> None:
    erasure = erasure_in(record.body)
    chat_id = erasure.chat_id if isinstance(erasure, Erasure) else None
    logs.append_keys(queue_message_id=record.message_id, chat_id=chat_id, receipt_id=erasure.receipt_id)
    # Half of the time, because a step that begins within it may take a minute until the search times out.
    within_s = lambda_context.get_remaining_time_in_millis() / 1000 / 2
    try:
        if isinstance(erasure, AccountErasure):
            erase_account(services(), erasure, within_s=within_s)
        elif erasure.document_id:
            erase_document(services(), erasure, erasure.document_id)
        else:
            erase(services(), erasure, within_s=within_s)
    except Exception:
        logger.exception("the erasure failed; SQS delivers its message again")
        services().queue.change_visibility_timeout(record.receipt_handle, TRIED_AGAIN_AFTER_S)
        raise
