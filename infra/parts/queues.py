"""SQS queues: encrypted, TLS only, consumed one message at a time; dead letters are kept for two weeks."""

from aws_cdk import Duration
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from documind.settings import Settings
from infra.parts.functions import Function, Platform
from infra.stage import Stage

# A throttled invocation counts as a receive; AWS advises at least five:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_MAX_RECEIVES = 5
_MAX_CONCURRENCY = 2  # concurrent invocations; new accounts have too low a limit to reserve concurrency


def queue(
    scope: Construct,
    name: str,
    *,
    stage: Stage,
    visibility_s: int,
    dead_letters: sqs.Queue | None = None,
    max_receives: int = _MAX_RECEIVES,
) -> sqs.Queue:
    """Return a queue; one without `dead_letters` is itself a dead-letter queue."""
    redrive = sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=max_receives) if dead_letters else None
    return sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not stage.is_local,
        visibility_timeout=Duration.seconds(visibility_s),
        retention_period=Duration.days(4 if redrive else 14),
        dead_letter_queue=redrive,
    )


def fail_for_good(
    scope: Construct, platform: Platform, handler: str, settings: Settings, dead_letters: sqs.Queue
) -> Function:
    """Return the function that consumes a dead-letter queue and may send its messages again."""
    function = Function(scope, "DeadLetter", platform, handler, settings, memory_mb=256, timeout_s=30)
    consume(dead_letters, function)
    return function


def consume(source: sqs.Queue, function: Function) -> None:
    """Invoke `function` for each message of `source`; it reports failed messages and may send to the queue."""
    function.allow_recursion()
    function.function.add_event_source(
        sources.SqsEventSource(source, batch_size=1, report_batch_item_failures=True, max_concurrency=_MAX_CONCURRENCY)
    )
