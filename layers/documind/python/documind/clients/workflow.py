"""Starting the workflow that answers a question."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class Workflow:
    """The Express state machine; it runs at least once, so a question is claimed before anything is paid."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client = client
        self._state_machine_arn = state_machine_arn

    def start(self, chat_id: str, question_id: str) -> None:
        """Start answering a question."""
        question = json.dumps({"chat_id": chat_id, "question_id": question_id})
        self._client.start_execution(stateMachineArn=self._state_machine_arn, input=question)
