"""Dead letters go back to where they came from."""

from collections.abc import Iterator

from documind_cli.admin.doctor import waiting
from documind_cli.admin.stage import Stage

CAME_FROM = {"UploadsDeadLetters": "UploadsQueue", "ErasuresDeadLetters": "ErasuresQueue"}


def redrive(stage: Stage) -> Iterator[str]:
    """Yield how many letters of each queue were sent again; one is deleted only after that."""
    sqs = stage.client("sqs")
    for dead_letters, queue in CAME_FROM.items():
        source, target, count = stage.outputs[dead_letters], stage.outputs[queue], 0
        while found := sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10).get("Messages", []):
            for message in found:
                sqs.send_message(QueueUrl=target, MessageBody=message["Body"])
                sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
                count += 1
        yield f"{queue}: {count} sent again"
    if lost := waiting(sqs, stage.outputs["ExpiryFailures"]):
        yield (
            f"ExpiryFailures: {lost} name positions of a stream that is gone after a day; what expired there is in the "
            "table's backup only (stage prod)"
        )
