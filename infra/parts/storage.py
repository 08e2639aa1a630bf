"""The data of a stage: tables, bucket and people. Nothing else is stateful, and no redeploy replaces these."""

from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.parts.names import unique_suffix
from infra.stage import Stage


class Storage(Construct):
    """The tables `rooms` and `messages`, the bucket `documents` and the user pool `people`."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._removal = RemovalPolicy.RETAIN if stage.retain_data else RemovalPolicy.DESTROY
        self.rooms = self._table("Rooms", "pk", "sk", any_second=True)
        self.messages = self._table(
            "Messages",
            "chat_id",
            "message_id",
            any_second=stage.retain_data,  # what was said in the last days, before it is moved to the rooms
            stream=dynamodb.StreamViewType.OLD_IMAGE,
        )
        self.documents = self._bucket()
        self.people = self._user_pool()

    def _table(self, name: str, partition_key: str, sort_key: str, *, any_second: bool, **kept: Any) -> dynamodb.Table:
        text = dynamodb.AttributeType.STRING
        return dynamodb.Table(
            self,
            name,
            partition_key=dynamodb.Attribute(name=partition_key, type=text),
            sort_key=dynamodb.Attribute(name=sort_key, type=text),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=any_second  # it can be restored as it was at any second of 35 days
            ),
            deletion_protection=self._stage.retain_data,
            removal_policy=self._removal,
            **kept,
        )

    def allow_origin(self, website_url: str) -> None:
        """Let the website, and no other origin, post PDFs to the bucket and read them (CORS)."""
        self.documents.add_cors_rule(
            allowed_origins=[website_url],
            allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.GET, s3.HttpMethods.HEAD],
            allowed_headers=["*"],
            exposed_headers=["ETag", "Accept-Ranges", "Content-Range", "Content-Length"],
            max_age=3600,
        )

    def _bucket(self) -> s3.Bucket:
        # The page's headers name the bucket, and the bucket names the page: so its name cannot be CloudFormation's.
        name = None if self._stage.is_local else f"documind-documents-{unique_suffix()}"
        stack = Stack.of(self)
        self.documents_url = self._stage.aws_endpoint or f"https://{name}.s3.{stack.region}.{stack.url_suffix}"
        return s3.Bucket(
            self,
            "Documents",
            bucket_name=name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=not self._stage.is_local,
            versioned=True,
            # A page that is read again after a death leaves an older version. Uploads keep theirs: one is recorded.
            lifecycle_rules=[
                s3.LifecycleRule(prefix="pages/", noncurrent_version_expiration=Duration.days(1)),
            ],
            removal_policy=self._removal,
            # CloudFormation cannot delete a bucket that is not empty; a local AWS is removed with its folder.
            auto_delete_objects=not self._stage.is_local and not self._stage.retain_data,
        )

    def _user_pool(self) -> cognito.UserPool:
        return cognito.UserPool(
            self,
            "People",
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=False,
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=self._stage.retain_data,
            removal_policy=self._removal,
        )
