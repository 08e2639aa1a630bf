"""Requests the summary of a document by an asynchronous invocation."""

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)


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
