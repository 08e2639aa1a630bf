"""The queue of uploads: when a message that was not done with comes back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """One SQS queue; whoever receives from it deletes what is done with."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def bring_back(self, receipt_handle: str, *, after_s: int) -> None:
        """Let a message that has been received be received again after this time, and not at its visibility's end."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=after_s
        )
