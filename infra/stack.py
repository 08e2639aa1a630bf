"""The stack: makes the parts, passes them to each other and grants each function what it does, no more."""

from dataclasses import asdict
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.parts.answering import Answering
from infra.parts.conversation import Conversation, Sockets
from infra.parts.erasure import Erasure
from infra.parts.functions import Platform
from infra.parts.identity import Identity
from infra.parts.ingestion import Ingestion
from infra.parts.search import search_of
from infra.parts.storage import Storage
from infra.stage import Stage


class DocumindStack(Stack):
    """The whole product on one stage."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id, termination_protection=stage.retain_data)
        self._key_parameter = f"/{construct_id}/model-key"  # put there by hand: CloudFormation makes no SecureString
        self._storage = Storage(self, "Storage", stage=stage)
        self._identity = Identity(self, "Identity", stage=stage, people=self._storage.people)
        self._sockets = Sockets(self, "Sockets", stage=stage)
        self._search = search_of(self, "Search", stage=stage)
        platform = Platform(self, "Platform", stage=stage, values=self._values(stage))
        self._ingestion = Ingestion(self, "Ingestion", platform=platform, documents=self._storage.documents)
        self._erasure = Erasure(self, "Erasure", platform=platform)
        self._answering = Answering(self, "Answering", platform=platform)
        self._conversation = Conversation(
            self,
            "Conversation",
            platform=platform,
            api=self._sockets.api,
            messages=self._storage.messages,
            state_machine_arn=self._answering.workflow.state_machine_arn,
            upload_queue_url=self._ingestion.queue.queue_url,
            erasure_queue_url=self._erasure.queue.queue_url,
        )
        self._grant()
        self._tell()

    def _values(self, stage: Stage) -> dict[str, Any]:
        """Return what settings may be made of, by the names that the settings classes give to them."""
        made = {
            "rooms_table": self._storage.rooms.table_name,
            "messages_table": self._storage.messages.table_name,
            "documents_bucket": self._storage.documents.bucket_name,
            "callback_url": self._sockets.callback_url,
            "issuer": self._identity.issuer,
            "jwks_url": self._identity.jwks_url,
            "user_pool_id": self._storage.people.user_pool_id,
            "client_ids": self._identity.client_ids,
            "allowed_origins": stage.page_url,
            "model_key_parameter": self._key_parameter,
        }
        return asdict(stage) | self._search.settings.model_dump() | made

    def _grant(self) -> None:
        """Let each function do what its stores and clients do."""
        connect, message, flush = self._conversation.connect, self._conversation.message, self._conversation.flush
        ingest, dead_letter = self._ingestion.ingest, self._ingestion.dead_letter
        erase, erasure_dead_letter = self._erasure.erase, self._erasure.dead_letter
        expire, answer = self._conversation.expire, self._answering.answer
        change = ("GetItem", "Query", "UpdateItem", "DeleteItem")

        rooms = self._storage.rooms.table_arn
        connect.allow("dynamodb", "GetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem", on=rooms)
        message.allow("dynamodb", *change, "BatchGetItem", "PutItem", "ConditionCheckItem", on=rooms)
        flush.allow("dynamodb", *change, "BatchGetItem", "PutItem", "ConditionCheckItem", on=rooms)
        expire.allow("dynamodb", "GetItem", "PutItem", "ConditionCheckItem", on=rooms)
        ingest.allow("dynamodb", *change, "ConditionCheckItem", on=rooms)
        erase.allow("dynamodb", *change, "BatchGetItem", "BatchWriteItem", on=rooms)
        dead_letter.allow("dynamodb", *change, on=rooms)
        answer.allow("dynamodb", *change, "ConditionCheckItem", on=rooms)

        messages = self._storage.messages.table_arn
        message.allow("dynamodb", "Query", "PutItem", on=messages)
        flush.allow("dynamodb", "Query", "PutItem", "BatchWriteItem", on=messages)
        answer.allow("dynamodb", "PutItem", on=messages)
        erase.allow("dynamodb", "Query", "BatchWriteItem", on=messages)

        documents = self._storage.documents
        uploads, pages = documents.arn_for_objects("uploads/*"), documents.arn_for_objects("pages/*")
        # It signs links, and a link can do what its signer can.
        message.allow("s3", "PutObject", "GetObject", "GetObjectVersion", on=uploads)
        message.allow("s3", "GetObject", on=pages)
        answer.allow("s3", "GetObject", on=pages)
        ingest.allow("s3", "GetObject", "GetObjectVersion", "DeleteObject", "DeleteObjectVersion", on=uploads)
        ingest.allow("s3", "PutObject", on=pages)
        for objects in (uploads, pages):
            erase.allow("s3", "DeleteObject", "DeleteObjectVersion", on=objects)
        erase.allow("s3", "ListBucketVersions", on=documents.bucket_arn)
        for function in (message, erase, erasure_dead_letter):
            function.allow("sqs", "SendMessage", on=self._erasure.queue.queue_arn)
        message.allow("sqs", "SendMessage", on=self._ingestion.queue.queue_arn)
        message.allow("cognito-idp", "AdminDeleteUser", on=self._storage.people.user_pool_arn)
        for function in (message, ingest):
            # Without it S3 answers 403 and not 404 for an object that is gone; such a request has no `s3:prefix` that a
            # condition could ask for.
            function.allow("s3", "ListBucket", on=documents.bucket_arn)

        key = self.format_arn(service="ssm", resource="parameter", resource_name=self._key_parameter.removeprefix("/"))
        for function in (ingest, answer):
            function.allow("ssm", "GetParameter", on=key)
        self._search.let(ingest, "write")
        self._search.let(erase, "delete")
        self._search.let(answer, "find")

        message.allow("states", "StartExecution", on=self._answering.workflow.state_machine_arn)
        for function in (connect, message, flush, ingest, dead_letter, erase, answer):
            self._sockets.let_post(function)
        self._sockets.let_close(connect)

    def _tell(self) -> None:
        """Output what the page, the command line and the local run need to know."""
        password_client = self._identity.password_client
        outputs = {
            "WebSocketUrl": self._sockets.url,
            "UserPoolId": self._storage.people.user_pool_id,
            "PageClientId": self._identity.page_client.user_pool_client_id,
            "PasswordClientId": password_client and password_client.user_pool_client_id,
            "Issuer": self._identity.issuer,
            "LoginUrl": self._identity.login_url,
            "DocumentsBucket": self._storage.documents.bucket_name,
            "ModelKeyParameter": self._key_parameter,
            "RoomsTable": self._storage.rooms.table_name,
            "MessagesTable": self._storage.messages.table_name,
        }
        for name, value in outputs.items():
            if value:
                CfnOutput(self, name, value=value)
