"""Having a document summarised by an invocation of its own, which nobody waits for."""

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)


class SummaryRequests:
    """Asynchronous invocations of the function `answer`: a failed one is repeated twice, some minutes apart.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """

    def __init__(self, client: Any, function_name: str) -> None:
        self._client = client
        self._function_name = function_name

    def send(self, chat_id: str, document_id: str) -> None:
        """Have a ready document summarised; where that cannot be asked for, it stays without a summary."""
        step = {"step": "summarise", "document": {"chat_id": chat_id, "document_id": document_id}}
        try:
            self._client.invoke(
                FunctionName=self._function_name, InvocationType="Event", Payload=json.dumps(step).encode()
            )
        except (ClientError, BotoCoreError):
            logger.exception("a summary could not be asked for")
