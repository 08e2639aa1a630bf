"""The data of a stage: tables, bucket and people. Nothing else is stateful, and no redeploy replaces these."""

from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stage import Stage


class Storage(Construct):
    """The tables `rooms` and `messages`, the bucket `documents` and the user pool `people`."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._removal = RemovalPolicy.RETAIN if stage.retain_data else RemovalPolicy.DESTROY
        any_second = dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True)
        self.rooms = self._table("Rooms", "pk", "sk", point_in_time_recovery_specification=any_second)
        self.messages = self._table("Messages", "chat_id", "message_id", stream=dynamodb.StreamViewType.OLD_IMAGE)
        self.documents = self._bucket()
        self.people = self._user_pool()

    def _table(self, name: str, partition_key: str, sort_key: str, **kept: Any) -> dynamodb.Table:
        text = dynamodb.AttributeType.STRING
        return dynamodb.Table(
            self,
            name,
            partition_key=dynamodb.Attribute(name=partition_key, type=text),
            sort_key=dynamodb.Attribute(name=sort_key, type=text),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            deletion_protection=self._stage.retain_data,
            removal_policy=self._removal,
            **kept,
        )

    def _bucket(self) -> s3.Bucket:
        from_the_page = s3.CorsRule(
            allowed_origins=[self._stage.page_url],
            allowed_methods=[s3.HttpMethods.POST, s3.HttpMethods.GET, s3.HttpMethods.HEAD],
            allowed_headers=["*"],
            exposed_headers=["ETag", "Accept-Ranges", "Content-Range", "Content-Length"],
            max_age=3600,
        )
        return s3.Bucket(
            self,
            "Documents",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=not self._stage.is_local,
            versioned=True,
            cors=[from_the_page],
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
