"""One SQS queue: sending, and the visibility timeout of a received message."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class Queue:
    """One SQS queue; Lambda's event source mapping receives its messages and deletes those that succeeded."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, Any], *, after_s: int = 0) -> None:
        """Send a message, delivered at least once, after a delay of at most 900 s.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
        """
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=after_s)

    def waiting(self) -> int:
        """Return the approximate number of visible messages; on AWS it may lag behind."""
        name: Literal["ApproximateNumberOfMessages"] = "ApproximateNumberOfMessages"
        answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def change_visibility_timeout(self, receipt_handle: str, timeout_s: int) -> None:
        """Set when a received message is delivered again, in seconds from now: a heartbeat, or a back-off.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
        """
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=timeout_s
        )
