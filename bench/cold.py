"""Cold starts: import plus first call of each function's package under AWS's runtime, compared with a naive one."""

import gzip
import json
import resource
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from documind.clients.objects import PAGES_VERSION
from documind.clients.search import Chunk
from documind.clients.search_requests import MAPPING_VERSION
from documind.clients.vectors import ChunkVectors, packed
from documind.ids import new_random_id, new_ulid
from documind.stores.connections import ConnectionStore
from documind.stores.conversation import QuestionStore
from documind.stores.documents import DocumentStore
from documind.stores.items import ItemTable
from documind.stores.rooms import RoomStore
from documind.wire import Open, User
from local.tables import dynamodb_local, make_messages_table, make_rooms_table
from tests.infra.conftest import Stack
from tests.infra.elsewhere import Elsewhere, elsewhere
from tests.infra.lambda_runtime import Invocation, invoke
from tests.infra.packages import Packages, make_packages

RUNS = 10
NAIVE = Path(__file__).resolve().parent / "naive"
ANN = User(user_id="ann", name="Ann")
CONNECTION = "connection-1"
PASSAGE = "Mass is inertia."
AIMS = {"connect": 0.40, "message": 0.40, "flush_history": 0.40, "answer": 0.65}  # share of naive, at most
EMPTY = "def handler(event, context):\n    return {}\n"


class Times(NamedTuple):
    """Wall time and processor time of a call, in seconds; the latter hardly depends on other work on the machine."""

    s: float
    processor_s: float

    def without(self, other: "Times") -> "Times":
        """Return by how much one took longer than the other."""
        return Times(self.s - other.s, self.processor_s - other.processor_s)


@dataclass(frozen=True)
class Scene:
    """A room with a person, a document and a question, and the environment in which functions find it."""

    environment: dict[str, str]
    events: dict[str, dict[str, Any]]  # the first call of each function
    prepare: Callable[[], None]  # restores the room before a call


def run() -> None:
    """Print the medians, both without the time that the interpreter and AWS's runtime client take by themselves."""
    with tempfile.TemporaryDirectory() as temporary, elsewhere() as server:
        folder = Path(temporary)
        packages = make_packages(folder / "packages", Stack("local"))
        with dynamodb_local(folder) as dynamodb:
            rooms, messages = make_rooms_table(dynamodb), make_messages_table(dynamodb)
            scene = made_scene(rooms, messages, server, dynamodb.meta.client.meta.endpoint_url)
            print("| function | own package, ms | naive package, ms | share | of processor time | aim |")
            print("|---|---|---|---|---|---|")
            for function, aim in AIMS.items():
                calls = (partial(call, packages, function, scene) for call in (call_own, call_naive))
                nothing, own, naive = measured(partial(call_empty, folder), *calls)
                own, naive = own.without(nothing), naive.without(nothing)
                shares = f"{own.s / naive.s:.0%} | {own.processor_s / naive.processor_s:.0%}"
                print(f"| {function} | {own.s * 1000:.0f} | {naive.s * 1000:.0f} | {shares} | {aim:.0%} |")


def measured(*calls: Callable[[], Invocation]) -> list[Times]:
    """Return the medians of each call; calls alternate, each in a new process.

    A first call of each, which is not counted, compiles the imported modules.
    """
    for call in calls:
        call()
    times = [[timed(call) for call in calls] for _ in range(RUNS)]
    return [Times(*map(statistics.median, zip(*of_one, strict=True))) for of_one in zip(*times, strict=True)]


def timed(call: Callable[[], Invocation]) -> Times:
    """Return the times of one call."""
    before = processor_s()
    seconds = call().took_s
    return Times(seconds, processor_s() - before)


def processor_s() -> float:
    """Return the processor time of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call_own(packages: Packages, function: str, scene: Scene) -> Invocation:
    """Call a function of ours with its own layers."""
    scene.prepare()
    return succeeded(packages.invoke(f"{function}.handler.handler", scene.events[function], scene.environment))


def call_naive(packages: Packages, function: str, scene: Scene) -> Invocation:
    """Call the same function in a package that imports and makes everything first."""
    scene.prepare()
    layers = [packages.layers[name] for name in ("Dependencies", "Retrieval", "Pdf", "Documind", "Runtime")]
    package = packages.folder / f"{function}.handler.handler"  # holds the function's folder
    environment = {**scene.environment, "NAIVE_HANDLER": f"{function}.handler"}
    event = scene.events[function]
    return succeeded(invoke("naive.handler", event, package=package, layers=[NAIVE, *layers], environment=environment))


def call_empty(folder: Path) -> Invocation:
    """Call a function that does nothing."""
    (folder / "empty.py").write_text(EMPTY)
    return invoke("empty.handler", {}, package=folder, layers=[folder / "packages" / "Runtime"], environment={})


def succeeded(invocation: Invocation) -> Invocation:
    """Return the invocation; raises RuntimeError if the function failed."""
    failed = [line for line in invocation.lines if line.get("level") in {"WARNING", "ERROR"}]
    if invocation.error or failed:
        raise RuntimeError(invocation.output)
    return invocation


def made_scene(rooms: Any, messages: Any, server: Elsewhere, dynamodb_url: str) -> Scene:
    """Make the room and its contents."""
    connections, questions = ConnectionStore(ItemTable(rooms)), QuestionStore(ItemTable(rooms), ItemTable(messages))
    chat_id = RoomStore(ItemTable(rooms)).open_by_name(ANN, "Bench").chat_id
    document = ready_document(DocumentStore(ItemTable(rooms)), chat_id)
    question = {"chat_id": chat_id}
    server.answers["/_msearch"] = found(Chunk(document[0], document[1], chat_id, 1, 0, len(PASSAGE), PASSAGE))
    page = {"version": PAGES_VERSION, "text": PASSAGE, "lines": []}
    server.answers["/1.json.gz"] = 200, gzip.compress(json.dumps(page).encode())
    server.answers["/chat/completions"] = 200, streamed(f"{PASSAGE} [1]")
    caller = {"user_id": "ann", "user_name": "Ann", "expires_at": "4000000000", "language": "en"}
    request = {"connectionId": CONNECTION, "requestId": "r1", "authorizer": caller}
    opening = Open(request_id="r1", chat_id=chat_id).model_dump_json()

    def prepare() -> None:
        connections.register(CONNECTION, ANN.user_id, ANN.name, token_expires_at=4_000_000_000)
        question["question_id"] = new_random_id()
        asked = {"user": ANN, "text": "What is mass?", "document_ids": None, "within_s": 3600}
        questions.accept(chat_id, question["question_id"], **asked)  # type: ignore[arg-type]

    return Scene(
        environment(server.url, dynamodb_url),
        {
            "connect": {"requestContext": {**request, "eventType": "CONNECT"}},
            "message": {"requestContext": {**request, "eventType": "MESSAGE"}, "body": opening},
            "flush_history": {"requestContext": {**request, "eventType": "DISCONNECT"}},
            "answer": {"step": "answer", "execution": "run-1", "question": question},
        },
        prepare,
    )


def ready_document(documents: DocumentStore, chat_id: str) -> tuple[str, str]:
    """Store a document that is ready; return its id and its ingest id."""
    announced = documents.register(chat_id, "physics.pdf", 1_000, new_ulid(), ANN)
    documents.queue(chat_id, announced.document_id, "uploads/1.pdf", "v1")
    claimed = documents.claim(chat_id, announced.document_id, message_id="m", lease_s=60)
    if claimed is None or claimed.ingest_id is None:
        raise RuntimeError("the document cannot be claimed")
    documents.ready(claimed, pages_total=1, chunks=1)
    return claimed.document_id, claimed.ingest_id


def streamed(text: str) -> str:
    """Return the chat model's response as server-sent events."""
    event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    choices = [{"index": 0, "delta": {"content": text}}, {"index": 0, "delta": {}, "finish_reason": "stop"}]
    return "".join(f"data: {json.dumps(event | {'choices': [choice]})}\n\n" for choice in choices)


def found(chunk: Chunk) -> tuple[int, dict[str, Any]]:
    """Return the response of the search: this chunk, found by vectors and by words."""
    source = vars(chunk) | {"vectors": packed(ChunkVectors([1.0, 0.0]))}
    hit = {"_index": f"chunks-v{MAPPING_VERSION}-words-2", "_score": 1.0, "_source": source}
    return 200, {"responses": [{"_shards": {"failed": 0}, "hits": {"hits": [hit]}}] * 2}


def environment(elsewhere_url: str, dynamodb_url: str) -> dict[str, str]:
    """Return the variables of all functions."""
    return {
        "AWS_ENDPOINT_URL": elsewhere_url,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url,
        "ROOMS_TABLE": "rooms",
        "MESSAGES_TABLE": "messages",
        "CALLBACK_URL": f"{elsewhere_url}/live",
        "DOCUMENTS_BUCKET": "documents",
        "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:1:stateMachine:Workflow",
        "UPLOAD_QUEUE_URL": elsewhere_url,
        "ANSWER_FUNCTION": "answer",
        "ERASURE_QUEUE_URL": elsewhere_url,
        "USER_POOL_ID": "us-east-1_pool",
        "USER_QUESTIONS_A_DAY": "10",
        "ROOM_QUESTIONS_A_DAY": "10",
        "USER_TOKENS_A_DAY": "1000000",
        "ROOM_TOKENS_A_DAY": "1000000",
        "MODEL_BASE_URL": f"{elsewhere_url}/v1",
        "MODEL_KEY_PARAMETER": "key",
        "CHAT_MODEL": "chat",
        "EMBEDDING_MODEL": "words",
        "EMBEDDING_DIMENSIONS": "2",
        "ASKS_FOR_DIMENSIONS": "True",
        "VECTOR_WEIGHT": "0.5",
        "SEARCH_ENDPOINT": elsewhere_url,
        "SEARCH_KIND": "own",
        "APOLOGY_AFTER_S": "60",
        "MAX_ANSWER_S": "140",
    }
