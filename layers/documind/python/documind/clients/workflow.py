"""Starts what the function `answer` does: the workflow of a question, a summary, a warm-up."""

import json
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

WARM_FOR_S = 8 * 60  # a serverless search sleeps after 10 idle minutes

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


class AnswerFunction:
    """The function `answer`; Lambda repeats an asynchronous invocation that fails twice, some minutes apart.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """

    def __init__(self, client: Any, function_name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._function_name = function_name
        self._clock = clock
        self._warm_until = float("-inf")

    def summarise(self, chat_id: str, document_id: str) -> None:
        """Request the summary of a ready document; if the request fails, the document stays without one."""
        self._invoke({"step": "summarise", "document": {"chat_id": chat_id, "document_id": document_id}})

    def warm(self) -> None:
        """Have the function started and a sleeping search woken, at most once in 8 minutes for each process.

        Else the first question would wait for both: for the search 10 to 30 s.
        """
        now = self._clock()
        if now >= self._warm_until and self._invoke({"step": "warm"}):
            self._warm_until = now + WARM_FOR_S

    def _invoke(self, step: dict[str, Any]) -> bool:
        try:
            self._client.invoke(
                FunctionName=self._function_name, InvocationType="Event", Payload=json.dumps(step).encode()
            )
        except (ClientError, BotoCoreError):
            logger.exception("the function `answer` could not be invoked", extra={"step": step["step"]})
            return False
        return True
