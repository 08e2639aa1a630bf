"""Ingest of uploaded PDFs: S3 events, their queue, the functions `ingest` and `dead_letter`; and the check."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from documind.settings import CheckSettings, DeadLetterSettings, IngestSettings
from infra.parts.functions import Function, Platform
from infra.parts.queues import consume, fail_for_good, queue

_TIMEOUT_S = 60  # the longest time that a document holds one of the two concurrent runs; a run yields long before
# Lambda requires at least the function's timeout. The first statement of a run shortens it to 15 s, and each heartbeat
# sets it again, so only a message whose process dies while it starts is delivered again as late as this.
_VISIBILITY_S = 65
# The document counts its own unsuccessful runs and fails after some; the queue must not give up before.
_MAX_RECEIVES = 20


class Ingestion(Construct):
    """The queue with its dead letters, and the functions `ingest`, `dead_letter` and `check`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, platform: Platform, documents: s3.Bucket, answer_function: str
    ) -> None:
        super().__init__(scope, construct_id)
        stage = platform.stage
        self.dead_letters = queue(self, "DeadLetters", stage=stage, visibility_s=60)
        self.queue = queue(
            self,
            "Uploads",
            stage=stage,
            visibility_s=_VISIBILITY_S,
            dead_letters=self.dead_letters,
            max_receives=_MAX_RECEIVES,
        )
        self._notify(documents)
        self.ingest = Function(
            self,
            "Ingest",
            platform,
            "ingest.handler.handler",
            platform.settings(IngestSettings, queue_url=self.queue.queue_url, answer_function=answer_function),
            memory_mb=1769,  # one full processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
            timeout_s=_TIMEOUT_S,
            more_layers=[platform.retrieval, platform.pdf],
        )
        self.check = Function(
            self,
            "Check",
            platform,
            "check.handler.handler",
            platform.settings(CheckSettings),
            memory_mb=1024,
            timeout_s=90,
            more_layers=[platform.retrieval],
        )
        consume(self.queue, self.ingest)  # a long PDF is read in several runs, each of which sends the next message
        settings, handler = platform.settings(DeadLetterSettings), "ingest.dead_letter.handler"
        self.dead_letter = fail_for_good(self, platform, handler, settings, self.dead_letters)

    def _notify(self, documents: s3.Bucket) -> None:
        """Configure S3 to send upload events to the queue, without the custom resource of the CDK's notifications.

        The queue's policy allows S3 for this account and does not name the bucket: the bucket depends on the queue, and
        CloudFormation refuses a circular dependency.
        """
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        bucket = documents.node.default_child
        assert isinstance(bucket, s3.CfnBucket)  # noqa: S101
        prefix = {"Name": "prefix", "Value": "uploads/"}
        upload = {
            "Event": "s3:ObjectCreated:*",
            "Filter": {"S3Key": {"Rules": [prefix]}},
            "Queue": self.queue.queue_arn,
        }
        bucket.add_property_override("NotificationConfiguration.QueueConfigurations", [upload])
        documents.node.add_dependency(self.queue.node.find_child("Policy"))
