"""Starts what the function `answer` does: the workflow that answers a question, the summary of a document."""

import json
import logging
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

logger = logging.getLogger(__name__)


class Workflow:
    """The Express state machine. It may run more than once, so a run claims its question before it calls a model."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client = client
        self._state_machine_arn = state_machine_arn

    def start(self, chat_id: str, question_id: str) -> bool:
        """Start the workflow of a question; False when AWS does not confirm the start, which may have happened."""
        question = json.dumps({"chat_id": chat_id, "question_id": question_id})
        try:
            self._client.start_execution(stateMachineArn=self._state_machine_arn, input=question)
        except (ClientError, BotoCoreError):
            logger.exception("the workflow could not be started")
            return False
        return True


class SummaryRequests:
    """Asynchronous invocations of the function `answer`; Lambda repeats a failed one twice, some minutes apart.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """

    def __init__(self, client: Any, function_name: str) -> None:
        self._client = client
        self._function_name = function_name

    def send(self, chat_id: str, document_id: str) -> None:
        """Request the summary of a ready document; if the request fails, the document stays without one."""
        step = {"step": "summarise", "document": {"chat_id": chat_id, "document_id": document_id}}
        try:
            self._client.invoke(
                FunctionName=self._function_name, InvocationType="Event", Payload=json.dumps(step).encode()
            )
        except (ClientError, BotoCoreError):
            logger.exception("a summary could not be requested")
