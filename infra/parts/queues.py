"""A queue as all of ours are: encrypted, over TLS, and kept for two weeks when it holds what failed."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stage import Stage


def queue(
    scope: Construct, name: str, *, stage: Stage, visibility_s: int, dead_letters: sqs.DeadLetterQueue | None = None
) -> sqs.Queue:
    """Return a queue; one without `dead_letters` is itself the place for dead letters."""
    return sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stage.is_local,
        visibility_timeout=Duration.seconds(visibility_s),
        retention_period=Duration.days(4 if dead_letters else 14),
        dead_letter_queue=dead_letters,
    )
