"""The operator's commands on a deployed stage: the sentence for each fault, and what the commands leave behind."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from documind.clients.search_requests import index_name
from documind.stores.documents import DocumentStore
from documind.stores.documents.document import StoredDocument
from documind.stores.items import ItemTable
from documind_cli.__main__ import main
from documind_cli.admin.stage import Stage
from documind_cli.admin.stage import deployed as deployed_stage
from local import aws
from local.deployment import Deployment
from local.system import LocalSystem
from tests.deployed import Person
from tests.e2e.asking import ask
from tests.e2e.rooms import HANDBOOK, upload

KEY, MODEL = "sk-right", "talker"
STREAMED = b'data: {"choices": []}\n\ndata: [DONE]\n\n'
SHUT_DOWN_ON = datetime.now(UTC).date() + timedelta(days=15)


@dataclass
class ModelServer:
    """A model server with one key and one model; its vectors have 512 numbers, and it may announce a shut-down."""

    shutdown_date: str | None = None
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(200, {"object": "list", "data": [{"id": MODEL, "shutdown_date": told.shutdown_date}]})

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != f"Bearer {KEY}":
                    self.answer(401, {"error": {"message": "no", "code": "invalid_api_key"}})
                elif asked["model"] != MODEL:
                    self.answer(404, {"error": {"message": "no", "code": "model_not_found"}})
                elif self.path.endswith("/embeddings"):
                    self.answer(200, {"data": [{"index": 0, "embedding": [0.1] * 512}], "model": MODEL})
                else:
                    self.answer(200, None)

            def answer(self, status: int, body: object) -> None:
                content = STREAMED if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json" if body else "text/event-stream")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1"


@pytest.fixture
def models() -> Iterator[ModelServer]:
    models = ModelServer()
    Thread(target=models.server.serve_forever, daemon=True).start()
    yield models
    models.server.shutdown()
    models.server.server_close()


@pytest.fixture
def stage(system: LocalSystem, deployed: Deployment) -> Stage:
    assert deployed.outputs
    return deployed_stage("local", state=system.folder)


class Operator:
    """Runs `documind admin` commands on the local stage of a system."""

    def __init__(self, system: LocalSystem, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = system.folder, capsys

    def types(self, *arguments: str) -> tuple[int, str]:
        status = main(["admin", *arguments, "--stage", "local", "--state", str(self._folder)])
        printed = self._capsys.readouterr()
        return status, printed.out + printed.err


@pytest.fixture
def operator(system: LocalSystem, stage: Stage, capsys: pytest.CaptureFixture[str]) -> Operator:
    assert stage
    return Operator(system, capsys)


@contextmanager
def deployed_with(stage: Stage, settings: dict[str, str]) -> Iterator[None]:
    """Give the check function other settings, as if the stage were deployed with them; restore them at the end."""
    functions, name = stage.client("lambda"), stage.outputs["CheckFunction"]
    before = functions.get_function_configuration(FunctionName=name)["Environment"]
    changed = before["Variables"] | {key.upper(): value for key, value in settings.items()}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
    yield
    functions.update_function_configuration(FunctionName=name, Environment=before)


@pytest.fixture
def key(stage: Stage) -> Iterator[Any]:
    """Return a function that stores another key of the model; the key is restored at the end."""
    ssm, name = stage.client("ssm"), stage.outputs["ModelKeyParameter"]
    before = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    def store(value: str) -> None:
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    yield store
    store(before)


def test_each_fault_of_a_stage_is_one_sentence_that_says_what_to_do(
    stage: Stage, operator: Operator, models: ModelServer, key: Any
) -> None:
    status, told = operator.types("doctor")
    assert (status, "FAULT" in told) == (0, False), told
    plain = {"model_base_url": models.url, "chat_model": MODEL, "embedding_model": MODEL}

    def faults(**settings: str) -> list[str]:
        with deployed_with(stage, plain | settings):
            status, told = operator.types("doctor")
        assert status == 1
        return [line.removeprefix("FAULT ") for line in told.splitlines() if line.startswith("FAULT")]

    key("sk-wrong")
    wrong_key = (
        f"{models.url} refuses the key. Store one that it takes with `.venv/bin/documind admin key --stage local`"
    )
    assert faults()[0].startswith(wrong_key)
    key(KEY)
    (unknown,) = faults(chat_model="nobody")
    assert unknown.startswith("nobody is a model that the server does not know. Name another one (chat_model")
    models.shutdown_date = SHUT_DOWN_ON.isoformat()
    (soon,) = faults()
    assert soon.startswith(f"{MODEL} is shut down on {SHUT_DOWN_ON}. Choose its successor (chat_model) and run")
    models.shutdown_date = None
    (dimensions,) = faults(embedding_dimensions="1024")
    assert dimensions.startswith(f"{MODEL} gives vectors of 512 dimensions where 1024 are set. Set embedding_dimen")
    (_, mapping) = faults(embedding_dimensions="20000")  # more than any OpenSearch takes
    assert mapping.startswith(f"The search refuses to make the index {index_name(MODEL, 20000)} (400, mapper_pars")
    assert "report it with these codes" in mapping


def test_dead_letters_are_reported_and_redriven(stage: Stage, operator: Operator) -> None:
    stage.client("sqs").send_message(QueueUrl=stage.outputs["ExpiryFailures"], MessageBody="{}")
    status, told = operator.types("doctor")
    assert status == 1
    assert "Dead letters of expired messages are waiting (1): `.venv/bin/documind admin redrive" in told
    assert operator.types("redrive")[0] == 0
    assert operator.types("doctor")[0] == 0


def test_a_stage_that_is_not_deployed_is_reported(
    deployed: Deployment, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.command_environment(deployed.aws_endpoint, os.environ["PATH"]).items():
        monkeypatch.setenv(name, value)
    assert main(["admin", "doctor", "--stage", "dev"]) == 1
    assert "There is no stack DocuMind-dev in us-east-1 of this account: deploy it with" in capsys.readouterr().err


def test_smoke_leaves_nothing(stage: Stage, operator: Operator) -> None:
    status, told = operator.types("smoke")
    assert status == 0, told
    assert "citing page 1" in told
    pool = stage.outputs["UserPoolId"]
    assert not [
        user
        for user in stage.client("cognito-idp").list_users(UserPoolId=pool)["Users"]
        if user["Username"].startswith("smoke-")
    ]


def test_a_smoke_that_fails_says_why_and_leaves_nothing_either(stage: Stage, operator: Operator) -> None:
    documents = DocumentStore(ItemTable(stage.table("RoomsTable")))
    before = {document.document_id for document in documents.of_all_rooms()}
    status, told = operator.types("smoke", "--question", "What is the airspeed velocity of an unladen swallow?")
    assert (status, "name another one with --question" in told) == (1, True), told
    assert {document.document_id for document in documents.of_all_rooms()} == before


def test_documents_are_read_again_and_lost_rooms_come_back(stage: Stage, operator: Operator, person: Person) -> None:
    client = person.connect()
    client.open("Kept")
    document, _ = upload(client, HANDBOOK)
    documents, chat_id = DocumentStore(ItemTable(stage.table("RoomsTable"))), client.chat_id
    stored = documents.get(chat_id, document.document_id)
    assert stored
    status, told = operator.types("reindex", "--all")
    assert status == 0, told
    again = documents.get(chat_id, document.document_id)
    assert isinstance(again, StoredDocument)
    assert again.checkpoint.index == stage.outputs["SearchIndex"]
    assert not set(again.searched_ids) & set(stored.searched_ids)
    assert ask(client, "Who founded the library?").end.citations
    # The local AWS needs backups switched on, and copies the table as it is now: so restore it before the loss.
    instant = datetime.now(UTC).replace(microsecond=0)
    table = stage.table("RoomsTable")
    table.meta.client.update_continuous_backups(
        TableName=table.name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    table.meta.client.restore_table_to_point_in_time(
        SourceTableName=table.name, TargetTableName=f"{table.name}-{instant:%Y%m%dT%H%M%SZ}", RestoreDateTime=instant
    )
    table.delete_item(Key={"pk": f"ROOM#{chat_id}", "sk": f"DOC#{document.document_id}"})
    status, told = operator.types("restore", "--at", f"{instant:%Y-%m-%dT%H:%M:%SZ}")
    assert status == 0, told
    restored = documents.get(chat_id, document.document_id)
    assert restored
    assert (restored.status, restored.searched_ids) == ("ready", again.searched_ids)
