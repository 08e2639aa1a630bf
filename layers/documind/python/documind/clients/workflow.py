"""Starts the workflow that answers a question."""

import json
import logging
from typing import TYPE_CHECKING

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
