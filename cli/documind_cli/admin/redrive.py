"""Sends dead letters back to their source queues."""

from collections.abc import Iterator
from typing import Any

from documind_cli.admin.stage import Stage

CAME_FROM = {"UploadsDeadLetters": "UploadsQueue", "ErasuresDeadLetters": "ErasuresQueue"}
LONG_POLL_S = 2


def redrive(stage: Stage) -> Iterator[str]:
    """Yield how many dead letters of each queue were sent again; each is deleted after it was sent."""
    sqs = stage.client("sqs")
    for dead_letters, queue in CAME_FROM.items():
        target, count = stage.outputs[queue], 0
        for message in _taken(sqs, stage.outputs[dead_letters]):
            sqs.send_message(QueueUrl=target, MessageBody=message["Body"])
            count += 1
        yield f"{queue}: {count} sent again"
    if lost := len(list(_taken(sqs, stage.outputs["ExpiryFailures"]))):
        yield (
            f"ExpiryFailures: {lost} removed. They named positions of a stream that keeps a day; what expired there is "
            f"in the backup of the table of messages (stage prod): `{stage.typed('restore --at INSTANT')}`."
        )


def _taken(sqs: Any, queue_url: str) -> Iterator[dict[str, str]]:
    """Yield the messages of a queue; each is deleted when the next one is requested.

    It uses long polling: short polling asks only some of SQS's servers, and may return no message although there are:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
    """
    asked = {"QueueUrl": queue_url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": LONG_POLL_S}
    while found := sqs.receive_message(**asked).get("Messages", []):
        for message in found:
            yield message
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
