"""The log lines of functions when something fails, as CloudWatch receives them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from documind.wire import Ask
from local.ports import free_port
from tests.functional import conftest as tables
from tests.functional.world import HERE, World
from tests.infra.elsewhere import KEY, Answer, Elsewhere, elsewhere
from tests.infra.lambda_runtime import FUNCTION_NAME, REQUEST_ID, Invocation
from tests.infra.packages import Packages

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

dynamodb, s3, objects = tables.dynamodb, tables.s3, tables.objects
made_rooms_table, made_messages_table = tables.made_rooms_table, tables.made_messages_table
rooms_table, messages_table, world = tables.rooms_table, tables.messages_table, tables.world

RUN = "arn:aws:states:us-east-1:1:express:Workflow:run-1"
QUESTION, TEXT, NAME = "Wherefore is mass inert?", "Mass is inertia itself.", "confidential-physics.pdf"
SECRETS = (QUESTION, "Wherefore", "inert", TEXT, NAME, "confidential", KEY)


@pytest.fixture
def server() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


@pytest.fixture
def environment(server: Elsewhere, dynamodb: "DynamoDBServiceResource") -> dict[str, str]:
    """Return the variables of a function, with all addresses on this machine."""
    return {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.meta.client.meta.endpoint_url,
        "ROOMS_TABLE": "rooms",
        "MESSAGES_TABLE": "messages",
        "CALLBACK_URL": f"{server.url}/live",
        "DOCUMENTS_BUCKET": "documents",
        "MODEL_BASE_URL": f"{server.url}/v1",
        "VECTOR_WEIGHT": "0.5",
        "APOLOGY_AFTER_S": "60",
        "MAX_ANSWER_S": "140",
        "USER_TOKENS_A_DAY": "1000000",
        "ROOM_TOKENS_A_DAY": "1000000",
        "MODEL_KEY_PARAMETER": "key",
        "CHAT_MODEL": "chat",
        "EMBEDDING_MODEL": "words",
        "EMBEDDING_DIMENSIONS": "2",
        "ASKS_FOR_DIMENSIONS": "True",
        "SEARCH_ENDPOINT": server.url,
        "SEARCH_KIND": "own",
    }


@dataclass(frozen=True)
class Trouble:
    """The responses of another system, or that it is unreachable, and the resulting log line."""

    line: dict[str, Any]
    answers: dict[str, Answer] = field(default_factory=dict)
    unreachable: str = ""  # the variable with the address of the system, if it is unreachable


def refused_by_model(status: int, code: str, kind: str) -> dict[str, Answer]:
    error = {"message": f"Incorrect API key: {KEY}, or not for {QUESTION}", "code": code, "type": kind}
    return {"/v1/embeddings": (status, {"error": error})}


def of_model(failure: str, status: int, code: str, kind: str) -> Trouble:
    failed = {"message": "the model failed", "failure": failure, "status": status}
    return Trouble({**failed, "provider_code": code, "provider_type": kind}, refused_by_model(status, code, kind))


PARSING = {"error": {"type": "parsing_exception", "reason": f"cannot parse {QUESTION}"}, "status": 400}
PART = {"responses": [{"error": {"type": "query_shard_exception", "reason": QUESTION}, "status": 400}] * 2}
TROUBLES = {
    "a wrong key": of_model("AuthenticationError", 401, "invalid_api_key", "invalid_request_error"),
    "too many requests": of_model("RateLimitError", 429, "rate_limit_exceeded", "requests"),
    "an unknown model": of_model("NotFoundError", 404, "model_not_found", "invalid_request_error"),
    "a dead model": Trouble(
        {"message": "the model failed", "failure": "APIConnectionError"}, unreachable="MODEL_BASE_URL"
    ),
    "a dead search": Trouble(
        {"message": "search unavailable", "failure": "ConnectionError"}, unreachable="SEARCH_ENDPOINT"
    ),
    "a search that refuses": Trouble(
        {"message": "search refused", "failure": "RequestError", "status": 400, "provider_type": "parsing_exception"},
        {"/_msearch": (400, PARSING)},
    ),
    "a search that refuses a part": Trouble(
        {"message": "search failed", "status": 400, "provider_type": "query_shard_exception"},
        {"/_msearch": (200, PART)},
    ),
}


def retrieve(packages: Packages, world: World, environment: dict[str, str]) -> tuple[Invocation, str]:
    """Ask a question in a room with a document, and invoke the real answer function for it."""
    ann = world.person()
    chat_id = ann.open()
    world.ready_document(chat_id, TEXT, name=NAME)
    ann.ask(text=QUESTION)
    question = {"chat_id": chat_id, "question_id": "q1"}
    event = {"step": "answer", "execution": RUN, "question": question}
    return packages.invoke("answer.handler.handler", event, environment), chat_id


@pytest.mark.parametrize("name", TROUBLES)
def test_each_failure_has_a_different_log_line(
    name: str,
    packages: Packages,
    world: World,
    server: Elsewhere,
    environment: dict[str, str],
) -> None:
    trouble = TROUBLES[name]
    server.answers |= trouble.answers
    if trouble.unreachable:
        environment[trouble.unreachable] = f"http://127.0.0.1:{free_port()}"
    invocation, chat_id = retrieve(packages, world, environment)
    lines = [line for line in invocation.entries if line.get("message") == trouble.line["message"]]
    assert lines, invocation.output
    told = ("message", "failure", "status", "provider_code", "provider_type")
    assert {key: lines[0][key] for key in told if key in lines[0]} == trouble.line
    assert len([each for each in TROUBLES.values() if each.line == trouble.line]) == 1
    of_invocation = {"function": FUNCTION_NAME, "request_id": REQUEST_ID}
    of_question = {"chat_id": chat_id, "question_id": "q1", "execution": RUN}
    for line in invocation.entries:
        if "errorType" not in line:  # the runtime's own
            assert line.items() >= (of_invocation | of_question).items()
    assert not [secret for secret in SECRETS if secret in invocation.output]


def test_the_id_of_an_internal_error_finds_its_traceback(
    packages: Packages,
    world: World,
    server: Elsewhere,
    environment: dict[str, str],
) -> None:
    ann = world.person()
    chat_id = ann.open()
    caller = {"user_id": "ann", "user_name": "Ann", "expires_at": "4000000000", "language": "en"}
    request = {"connectionId": ann.connection_id, "requestId": "the-id-that-is-shown", "authorizer": caller}
    frame = Ask(request_id="r1", chat_id=HERE, question_id="q1", text=QUESTION)
    body = frame.model_dump_json().replace(HERE, chat_id)
    settings = {
        "MESSAGES_TABLE": "no-such-table",
        "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:1:stateMachine:Workflow",
        "UPLOAD_QUEUE_URL": server.url,
        "ANSWER_FUNCTION": "answer",
        "ERASURE_QUEUE_URL": server.url,
        "USER_POOL_ID": "us-east-1_pool",
        "USER_QUESTIONS_A_DAY": "10",
        "ROOM_QUESTIONS_A_DAY": "10",
        "USER_TOKENS_A_DAY": "1000000",
        "ROOM_TOKENS_A_DAY": "1000000",
    }
    event = {"requestContext": request, "body": body}
    invocation = packages.invoke("message.handler.handler", event, environment | settings)
    assert invocation.response == {"statusCode": 200}, invocation.output
    (shown,) = server.posted
    assert shown["code"] == "internal"
    assert "the-id-that-is-shown" in shown["message"]
    (line,) = [line for line in invocation.entries if "the-id-that-is-shown" in line.values()]
    assert line["level"] == "ERROR"
    assert "questions.py" in line["exception"]
    assert line["exception"].endswith("ResourceNotFoundException")
    assert line.items() >= {"request_id": REQUEST_ID, "connection_id": ann.connection_id, "chat_id": chat_id}.items()
    assert not [secret for secret in SECRETS if secret in invocation.output]
