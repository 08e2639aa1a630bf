"""In-memory fakes of what this machine does not have: sockets, workflow, models and search."""

import json
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError
from opensearchpy import OpenSearch

from documind.clients.model_server import ModelServer
from documind.clients.models import Models, ServerEmbeddings
from documind.clients.people import People
from documind.clients.queue import Queue
from documind.clients.search import Chunk, Hit, RoomScope, SearchIndex
from documind.clients.workflow import AnswerFunction, Workflow
from documind.wire import MAX_FRAME_BYTES, SERVER_FRAMES, ServerFrame

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient
    from openai.types.chat import ChatCompletionMessageParam

    from documind.stores.items import ItemTable

NO_TABLE = cast("ItemTable", None)  # for a store whose reads and writes are faked


class GoneException(ClientError):  # noqa: N818  (the SDK's own name)
    """The error of the connection management API for a connection that has ended."""


class FakeSocketsApi:
    """Fake connection management API: records the frames of each connection, and which connections have ended."""

    class exceptions:  # noqa: N801  (as the SDK's clients have it)
        GoneException = GoneException

    def __init__(self) -> None:
        self.frames: dict[str, list[ServerFrame]] = defaultdict(list)
        self.gone: set[str] = set()
        self.failing: dict[str, Exception] = {}
        self.on_post: Callable[[str, ServerFrame], None] = lambda _connection_id, _frame: None

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803  (the SDK's own names)
        if ConnectionId in self.gone:
            raise GoneException({"Error": {"Code": "GoneException"}}, "PostToConnection")
        if ConnectionId in self.failing:
            raise self.failing[ConnectionId]
        assert len(Data) <= MAX_FRAME_BYTES, f"a frame of {len(Data)} bytes"
        frame: ServerFrame = SERVER_FRAMES.validate_json(Data)
        self.frames[ConnectionId].append(frame)
        self.on_post(ConnectionId, frame)

    def delete_connection(self, *, ConnectionId: str) -> None:  # noqa: N803
        if ConnectionId in self.gone:
            raise GoneException({"Error": {"Code": "GoneException"}}, "DeleteConnection")
        self.gone.add(ConnectionId)

    def as_client(self) -> "ApiGatewayManagementApiClient":
        return cast("ApiGatewayManagementApiClient", self)


class FakeWorkflow(Workflow):
    """Fake workflow: records the questions whose answer was started."""

    def __init__(self) -> None:
        super().__init__(cast("SFNClient", self), "arn:aws:states:::stateMachine:answer")
        self.started: list[tuple[str, str]] = []
        self.failing = False

    def start_execution(self, *, stateMachineArn: str, input: str) -> None:  # noqa: A002, ARG002, N803
        if self.failing:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "StartExecution")
        question = json.loads(input)
        self.started.append((question["chat_id"], question["question_id"]))


class FakeQueue(Queue):
    """A queue on a fake SQS that records what was sent; the first `failures` messages are refused."""

    def __init__(self) -> None:
        super().__init__(cast("SQSClient", self), "https://queue")
        self.sent: list[Mapping[str, Any]] = []
        self.delays_s: list[int] = []
        self.visibility_timeouts: list[tuple[str, int]] = []
        self.failures = 0
        self.others = 0  # number of messages that wait in the queue

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> None:  # noqa: ARG002, N803
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.sent.append(json.loads(MessageBody))
        self.delays_s.append(DelaySeconds)

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, dict[str, str]]:  # noqa: ARG002, N803
        return {"Attributes": {"ApproximateNumberOfMessages": str(self.others)}}

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:  # noqa: ARG002, N803
        self.visibility_timeouts.append((ReceiptHandle, VisibilityTimeout))


class FakeFunctions:
    """Fake Lambda: records asynchronous invocations, or refuses them."""

    def __init__(self) -> None:
        self.invoked: list[dict[str, Any]] = []
        self.failing = False

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803
        if self.failing:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
        assert (FunctionName, InvocationType) == ("answer", "Event")
        self.invoked.append(json.loads(Payload))

    def answer(self) -> AnswerFunction:
        return AnswerFunction(self, "answer")


class FakePeople(People):
    """A user pool that records the names of deleted users."""

    def __init__(self) -> None:
        super().__init__(cast("CognitoIdentityProviderClient", self), "pool")
        self.deleted: list[str] = []
        self.exceptions = UserPoolExceptions

    def admin_delete_user(self, *, UserPoolId: str, Username: str) -> None:  # noqa: ARG002, N803
        self.deleted.append(Username)


class UserPoolExceptions:
    """The exceptions of the user pool, as on the SDK's client."""

    class UserNotFoundException(ClientError):  # noqa: N818  (the SDK's own name)
        """The user does not exist."""


class UnservedModels(Models):
    """Models on a server that does not exist; subclasses override what is called."""

    def __init__(self, dimensions: int = 2) -> None:
        server = ModelServer("http://127.0.0.1:1/v1", lambda: "key")
        embeddings = ServerEmbeddings(server, "embed", asked_dimensions=None)
        super().__init__(server, embeddings, dimensions=dimensions, chat_model="chat")


class UnservedSearch(SearchIndex):
    """An index on a search that does not exist; subclasses override what is called."""

    def __init__(self) -> None:
        nowhere = OpenSearch("http://127.0.0.1:1")
        super().__init__(nowhere, embedding_model="model", dimensions=1, kind="own", vector_weight=0.5)


class ScriptedModels(UnservedModels):
    """Streams the given pieces as every answer; an exception among them is raised."""

    def __init__(self, pieces: Iterable[str | Exception] = ()) -> None:
        super().__init__()
        self.pieces = pieces
        self.prompts: list[Sequence[Any]] = []
        self.closed = 0
        self.tokens: int | None = None
        self.embedded: list[str] = []
        self.embedded_questions: list[str] = []
        self.written: str | Exception = ""  # reply to a small task
        self.tasks: list[tuple[str, Sequence[Any], dict[str, Any]]] = []

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> list[list[float]]:
        self.embedded += texts
        self.embedded_questions += texts if questions else []
        return [[1.0, 0.0] for _ in texts]

    def stream_answer(self, messages: "Sequence[ChatCompletionMessageParam]") -> Generator[str, None, int | None]:
        self.prompts.append(messages)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
            return self.tokens
        finally:
            self.closed += 1

    def write_json(
        self, messages: "Sequence[ChatCompletionMessageParam]", task: str, schema: dict[str, Any]
    ) -> tuple[str, int]:
        self.tasks.append((task, messages, schema))
        if isinstance(self.written, Exception):
            raise self.written
        return self.written, 30


class ScriptedSearch(UnservedSearch):
    """Finds those of the given chunks that the scope allows."""

    def __init__(self, chunks: Sequence[Chunk] = ()) -> None:
        super().__init__()
        self.chunks = list(chunks)
        self.scopes: list[RoomScope] = []
        self.score = 1.0  # of the first hit

    def delete_room(self, chat_id: str) -> int:
        kept = [each for each in self.chunks if each.chat_id != chat_id]
        deleted, self.chunks = len(self.chunks) - len(kept), kept
        return deleted

    def delete_document(self, chat_id: str, document_id: str) -> int:
        kept = [each for each in self.chunks if (each.chat_id, each.document_id) != (chat_id, document_id)]
        deleted, self.chunks = len(self.chunks) - len(kept), kept
        return deleted

    def find(
        self,
        scope: RoomScope,
        question: str,  # noqa: ARG002
        vector: Sequence[float],  # noqa: ARG002
        *,
        limit: int = 5,
    ) -> list[Hit]:
        self.scopes.append(scope)
        inside = [chunk for chunk in self.chunks if chunk.ingest_id in scope.ready_ingest_ids]
        return [Hit(chunk, self.score / rank) for rank, chunk in enumerate(inside[:limit], start=1)]


class AtOnce(Executor):
    """Runs work before `submit` returns, so that tests see a fixed order."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **keywords))
        except Exception as error:  # noqa: BLE001  (the future carries it on)
            future.set_exception(error)
        return future
