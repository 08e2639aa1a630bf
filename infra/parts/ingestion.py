"""Uploaded PDFs: the bucket tells a queue, the queue starts the reading, and the room hears what fails for good."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from documind.settings import IngestSettings, ModelSettings, RoomsSettings, SearchSettings
from infra.parts.functions import Platform, ProductFunction
from infra.parts.queues import queue

_TIMEOUT_S = 120
_VISIBILITY_S = 130  # a little over the timeout: a run that was killed is taken up again in minutes
_MAX_RECEIVES = 3
_MAX_CONCURRENCY = 2  # runs at a time; new accounts have too little concurrency to reserve any


class Ingestion(Construct):
    """The queue with its dead letters, and the functions `ingest` and `dead_letter`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        platform: Platform,
        documents: s3.Bucket,
        rooms: RoomsSettings,
        models: ModelSettings,
        search: SearchSettings,
    ) -> None:
        super().__init__(scope, construct_id)
        dead_letters = queue(self, "DeadLetters", stage=platform.stage, visibility_s=60)
        self.queue = queue(
            self,
            "Uploads",
            stage=platform.stage,
            visibility_s=_VISIBILITY_S,
            dead_letters=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=_MAX_RECEIVES),
        )
        self._notify(documents)
        self.ingest = ProductFunction(
            self,
            "Ingest",
            platform=platform,
            handler="ingest.handler.handler",
            settings=IngestSettings(
                **rooms.model_dump(),
                **models.model_dump(),
                **search.model_dump(),
                documents_bucket=documents.bucket_name,
            ),
            memory_mb=1769,  # one full processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
            timeout_s=_TIMEOUT_S,
            more_layers=[platform.retrieval, platform.pdf],
        )
        self.dead_letter = ProductFunction(
            self,
            "DeadLetter",
            platform=platform,
            handler="ingest.dead_letter.handler",
            settings=rooms,
            memory_mb=256,
            timeout_s=30,
        )
        for function, source in ((self.ingest, self.queue), (self.dead_letter, dead_letters)):
            function.function.add_event_source(
                sources.SqsEventSource(
                    source, batch_size=1, report_batch_item_failures=True, max_concurrency=_MAX_CONCURRENCY
                )
            )

    def _notify(self, documents: s3.Bucket) -> None:
        """Have S3 announce uploads by CloudFormation's own means; CDK's notification needs a custom resource.

        The queue cannot name the bucket, which names the queue: it trusts S3 on behalf of this account.
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
        prefix = s3.CfnBucket.FilterRuleProperty(name="prefix", value="uploads/")
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=self.queue.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[prefix])
                    ),
                )
            ]
        )
        policy = self.queue.node.find_child("Policy")
        documents.node.add_dependency(policy)
