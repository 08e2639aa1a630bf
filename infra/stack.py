"""The stack: composes the parts and grants each function only the actions that its stores and clients call."""

from dataclasses import asdict
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from documind.clients.search_requests import index_name
from infra.parts.answering import Answering
from infra.parts.conversation import Conversation, Sockets
from infra.parts.erasure import Erasure
from infra.parts.functions import Platform
from infra.parts.identity import Identity
from infra.parts.ingestion import Ingestion
from infra.parts.models import ModelAccess
from infra.parts.search import search_of
from infra.parts.storage import Storage
from infra.parts.watching import Watching
from infra.parts.website import Website
from infra.stage import Stage
from infra.website_config import WebsiteConfig


class DocumindStack(Stack):
    """The whole product on one stage."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id, stack_name=stage.stack, termination_protection=stage.retain_data)
        self._models = ModelAccess(self, stage)
        self._storage = Storage(self, "Storage", stage=stage)
        self._identity = Identity(self, "Identity", stage=stage, people=self._storage.people)
        self._sockets = Sockets(self, "Sockets", stage=stage)
        self._website_url = self._open_to_the_website(stage)
        self._search = search_of(self, "Search", stage=stage)
        platform = Platform(self, "Platform", stage=stage, values=self._values(stage))
        self._answering = Answering(self, "Answering", platform=platform)
        self._ingestion = Ingestion(
            self,
            "Ingestion",
            platform=platform,
            documents=self._storage.documents,
            answer_function=self._answering.answer.function.function_name,
        )
        self._erasure = Erasure(self, "Erasure", platform=platform)
        self._conversation = Conversation(
            self,
            "Conversation",
            platform=platform,
            sockets=self._sockets,
            messages=self._storage.messages,
            answering=self._answering,
            upload_queue_url=self._ingestion.queue.queue_url,
            erasure_queue_url=self._erasure.queue.queue_url,
        )
        self._grant()
        if not stage.is_local:
            Watching(
                self,
                "Watching",
                stage=stage,
                answer=self._answering.answer,
                expire=self._conversation.expire,
                dead_letters=[
                    self._ingestion.dead_letters,
                    self._erasure.dead_letters,
                    self._conversation.failures,
                ],
                search=self._search.watched(stage),
            )
        self._output(stage)

    def _open_to_the_website(self, stage: Stage) -> str:
        """Host the website, unless a local run serves it, allow its origin for sign-in and PDFs, and return its URL."""
        identity, websocket_url = self._identity, self._sockets.url
        addresses = [websocket_url, self._storage.documents_url, identity.issuer, identity.login_url]
        website = None if stage.website_url else Website(self, "Page", stage=stage, addresses=addresses)
        self._dns_target = website and website.dns_target
        url = website.url if website else str(stage.website_url)
        self._storage.allow_origin(url)
        identity.add_clients(url)
        if website:
            client_id = identity.website_client.user_pool_client_id
            website.fill(WebsiteConfig(websocket_url, identity.issuer, client_id, identity.login_url))
        return url

    def _values(self, stage: Stage) -> dict[str, Any]:
        """Return the values of settings by the field names of the settings classes."""
        made = {
            "rooms_table": self._storage.rooms.table_name,
            "messages_table": self._storage.messages.table_name,
            "documents_bucket": self._storage.documents.bucket_name,
            "callback_url": self._sockets.callback_url,
            "issuer": self._identity.issuer,
            "jwks_url": self._identity.jwks_url,
            "user_pool_id": self._storage.people.user_pool_id,
            "client_ids": self._identity.client_ids,
            "allowed_origins": self._website_url,
            "model_key_parameter": self._models.model_key_parameter,
            "embedding_key_parameter": self._models.embedding_key_parameter,
        }
        return asdict(stage) | self._search.settings.model_dump() | made

    def _grant(self) -> None:
        """Grant each function the actions that its stores and clients call."""
        connect, message, flush = self._conversation.connect, self._conversation.message, self._conversation.flush
        ingest, dead_letter, check = self._ingestion.ingest, self._ingestion.dead_letter, self._ingestion.check
        erase, erasure_dead_letter = self._erasure.erase, self._erasure.dead_letter
        expire, answer = self._conversation.expire, self._answering.answer
        change = ("GetItem", "Query", "UpdateItem", "DeleteItem")

        rooms = self._storage.rooms.table_arn
        connect.grant("dynamodb", "GetItem", "Query", "PutItem", "DeleteItem", "ConditionCheckItem", on=rooms)
        message.grant("dynamodb", *change, "BatchGetItem", "PutItem", "ConditionCheckItem", on=rooms)
        flush.grant("dynamodb", *change, "BatchGetItem", "PutItem", "ConditionCheckItem", on=rooms)
        expire.grant("dynamodb", "GetItem", "PutItem", "ConditionCheckItem", on=rooms)
        ingest.grant("dynamodb", *change, "ConditionCheckItem", on=rooms)
        erase.grant("dynamodb", *change, "BatchGetItem", "BatchWriteItem", on=rooms)
        dead_letter.grant("dynamodb", *change, on=rooms)
        answer.grant("dynamodb", *change, "ConditionCheckItem", on=rooms)

        messages = self._storage.messages.table_arn
        message.grant("dynamodb", "Query", "PutItem", on=messages)
        flush.grant("dynamodb", "Query", "PutItem", "BatchWriteItem", on=messages)
        answer.grant("dynamodb", "Query", "PutItem", on=messages)
        erase.grant("dynamodb", "Query", "BatchWriteItem", on=messages)

        documents = self._storage.documents
        uploads, pages = documents.arn_for_objects("uploads/*"), documents.arn_for_objects("pages/*")
        # `message` signs links to uploads, and a presigned link has the permissions of its signer.
        message.grant("s3", "PutObject", "GetObject", "GetObjectVersion", on=uploads)
        message.grant("s3", "GetObject", on=pages)
        answer.grant("s3", "GetObject", on=pages)
        ingest.grant("s3", "GetObject", "GetObjectVersion", "DeleteObject", "DeleteObjectVersion", on=uploads)
        ingest.grant("s3", "PutObject", on=pages)
        for objects in (uploads, pages):
            erase.grant("s3", "DeleteObject", "DeleteObjectVersion", on=objects)
        erase.grant("s3", "ListBucketVersions", on=documents.bucket_arn)
        for function in (message, erase, erasure_dead_letter):
            function.grant("sqs", "SendMessage", on=self._erasure.queue.queue_arn)
        for function in (message, ingest):
            function.grant("sqs", "SendMessage", on=self._ingestion.queue.queue_arn)
        message.grant("cognito-idp", "AdminDeleteUser", on=self._storage.people.user_pool_arn)
        for function in (message, ingest):
            # Without ListBucket S3 answers 403 instead of 404 for a missing object. GetObject requests have no
            # `s3:prefix`, so a condition cannot narrow the grant.
            function.grant("s3", "ListBucket", on=documents.bucket_arn)

        self._models.grant(ingest, answer, check)
        self._search.grant_use(ingest, "write")
        self._search.grant_use(check, "make")
        self._search.grant_use(erase, "delete")
        self._search.grant_use(answer, "find")

        message.grant("states", "StartExecution", on=self._answering.workflow.state_machine_arn)
        for function in (message, ingest):
            function.grant("lambda", "InvokeFunction", on=answer.function.function_arn)
        for function in (connect, message, flush, ingest, dead_letter, erase, answer):
            self._sockets.grant(function, "POST")
        self._sockets.grant(connect, "DELETE")

    def _output(self, stage: Stage) -> None:
        """Output the values that the website, the command line and the local run read."""
        password_client = self._identity.password_client
        outputs = {
            "WebsiteUrl": self._website_url,
            "DnsTarget": self._dns_target,  # target of the DNS record of a custom domain
            "WebSocketUrl": self._sockets.url,
            "UserPoolId": self._storage.people.user_pool_id,
            "WebsiteClientId": self._identity.website_client.user_pool_client_id,
            "PasswordClientId": password_client and password_client.user_pool_client_id,
            "Issuer": self._identity.issuer,
            "LoginUrl": self._identity.login_url,
            "DocumentsBucket": self._storage.documents.bucket_name,
            "ModelKeyParameter": self._models.model_key_parameter,
            "EmbeddingKeyParameter": self._models.embedding_key_parameter,
            "SearchIndex": index_name(stage.embedding_model, stage.embedding_dimensions),
            "IngestFunction": self._ingestion.ingest.function.function_name,
            "CheckFunction": self._ingestion.check.function.function_name,
            "UploadsQueue": self._ingestion.queue.queue_url,
            "ErasuresQueue": self._erasure.queue.queue_url,
            "UploadsDeadLetters": self._ingestion.dead_letters.queue_url,
            "ErasuresDeadLetters": self._erasure.dead_letters.queue_url,
            "ExpiryFailures": self._conversation.failures.queue_url,
            "OperatorClientId": self._identity.operator_client.user_pool_client_id,
            "RoomsTable": self._storage.rooms.table_name,
            "MessagesTable": self._storage.messages.table_name,
        }
        for name, value in outputs.items():
            if value:
                CfnOutput(self, name, value=value)
