"""The stack: makes the parts, passes them to each other and grants each function what it does, no more."""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from documind.settings import ModelSettings, RoomsSettings
from infra.parts.answering import Answering
from infra.parts.conversation import Conversation
from infra.parts.functions import Platform, ProductFunction
from infra.parts.identity import Identity
from infra.parts.ingestion import Ingestion
from infra.parts.search import search_of
from infra.parts.sockets import Sockets
from infra.parts.storage import Storage
from infra.stage import Stage


class DocumindStack(Stack):
    """The whole product on one stage."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id, termination_protection=stage.retain_data)
        self._stage = stage
        self._key_parameter = f"/{construct_id}/model-key"  # put there by hand: CloudFormation makes no SecureString
        platform = Platform(self, "Platform", stage=stage)
        self._storage = Storage(self, "Storage", stage=stage)
        self._identity = Identity(self, "Identity", stage=stage, people=self._storage.people)
        self._sockets = Sockets(self, "Sockets", stage=stage)
        self._search = search_of(self, "Search", stage=stage)
        rooms = RoomsSettings(
            rooms_table=self._storage.rooms.table_name,
            messages_table=self._storage.messages.table_name,
            callback_url=self._sockets.callback_url,
        )
        models = ModelSettings(
            model_base_url=stage.model_base_url,
            model_key_parameter=self._key_parameter,
            embedding_model=stage.embedding_model,
            embedding_dimensions=stage.embedding_dimensions,
            vector_weight=stage.vector_weight,
        )
        self._ingestion = Ingestion(
            self,
            "Ingestion",
            platform=platform,
            documents=self._storage.documents,
            rooms=rooms,
            models=models,
            search=self._search.settings,
        )
        self._answering = Answering(
            self,
            "Answering",
            platform=platform,
            rooms=rooms,
            models=models,
            search=self._search.settings,
        )
        self._conversation = Conversation(
            self,
            "Conversation",
            platform=platform,
            sockets=self._sockets,
            identity=self._identity,
            rooms=rooms,
            storage=self._storage,
            workflow=self._answering.workflow,
        )
        self._grant_conversation()
        self._grant_ingestion()
        self._grant_answering()
        self._tell()

    def _grant_conversation(self) -> None:
        parts = self._conversation
        self._let_use_rooms(parts.connect, "PutItem")
        actions = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
        self._let_use_rooms(parts.message, *actions)
        self._let_use_messages(parts.message, "Query", "PutItem")
        parts.message.allow("states:StartExecution", on=[self._answering.workflow.state_machine_arn])
        # It signs links, and a link can do what its signer can.
        parts.message.allow("s3:PutObject", on=[self._objects("uploads/*")])
        parts.message.allow("s3:GetObject", "s3:GetObjectVersion", on=[self._objects("uploads/*")])
        parts.message.allow("s3:GetObject", on=[self._objects("pages/*")])
        self._let_miss_objects(parts.message)
        self._sockets.let_post(parts.message)

        actions = ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
        self._let_use_rooms(parts.flush, *actions)
        self._let_use_messages(parts.flush, "Query", "PutItem", "BatchWriteItem")
        self._sockets.let_post(parts.flush)
        self._let_use_rooms(parts.expire, "GetItem", "PutItem", "ConditionCheckItem")

    def _grant_ingestion(self) -> None:
        ingest = self._ingestion.ingest
        uploads = self._objects("uploads/*")
        ingest.allow("s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion", on=[uploads])
        ingest.allow("s3:PutObject", on=[self._objects("pages/*")])
        self._let_miss_objects(ingest)
        self._let_use_models(ingest)
        self._search.let(ingest, "write")
        for function in (ingest, self._ingestion.dead_letter):
            self._let_use_rooms(function, "GetItem", "Query", "UpdateItem", "DeleteItem")
            self._sockets.let_post(function)

    def _grant_answering(self) -> None:
        answer = self._answering.answer
        self._let_use_rooms(answer, "GetItem", "Query", "UpdateItem", "DeleteItem", "ConditionCheckItem")
        self._let_use_messages(answer, "PutItem")
        self._let_use_models(answer)
        self._search.let(answer, "find")
        self._sockets.let_post(answer)

    def _let_use_rooms(self, function: ProductFunction, *actions: str) -> None:
        function.allow(*[f"dynamodb:{action}" for action in actions], on=[self._storage.rooms.table_arn])

    def _let_use_messages(self, function: ProductFunction, *actions: str) -> None:
        function.allow(*[f"dynamodb:{action}" for action in actions], on=[self._storage.messages.table_arn])

    def _let_miss_objects(self, function: ProductFunction) -> None:
        """Without the right to list, S3 answers 403 and not 404 for an object that is gone."""
        function.allow("s3:ListBucket", on=[self._storage.documents.bucket_arn])

    def _let_use_models(self, function: ProductFunction) -> None:
        name = self._key_parameter.removeprefix("/")
        function.allow(
            "ssm:GetParameter", on=[self.format_arn(service="ssm", resource="parameter", resource_name=name)]
        )

    def _objects(self, pattern: str) -> str:
        return self._storage.documents.arn_for_objects(pattern)

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
