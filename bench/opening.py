"""How long opening a room takes on DynamoDB Local: an empty one, and one with documents and ended questions."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from documind.errors import Ending
from documind.stores.connections import ConnectionStore
from documind.stores.conversation import HistoryStore, QuestionStore
from documind.stores.documents import DocumentStore
from documind.stores.items import ItemTable
from documind.stores.members import MemberStore
from documind.stores.rooms import RoomStore
from documind.wire import Limits, Open, User
from local.tables import dynamodb_local, make_messages_table, make_rooms_table
from message.opening import open_room
from message.services import Caller

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

DOCUMENTS = 100
QUESTIONS = 2_000
FLUSHED_AT_ONCE = 100
OPENINGS = 20
ANN = User(user_id="ann", name="Ann")


class Unheard:
    """Sockets that drop every frame: nobody is connected."""

    def post(self, *_: object) -> None:
        pass

    def post_to_room(self, *_: object, **__: object) -> None:
        pass

    post_message = post


def run() -> None:
    """Print the medians of opening both rooms."""
    with _services() as services:
        services.rooms.open_by_name(ANN, "Empty")
        full = services.rooms.open_by_name(ANN, "Full").chat_id
        with redirect_stdout(StringIO()):  # each ending writes a metric to stdout
            _fill(services, full)
        print("| opening a room | p50 ms |\n|---|---|")
        print(f"| an empty one | {_opening_ms(services, 'Empty'):.0f} |")
        print(f"| {QUESTIONS:,} ended questions, {DOCUMENTS} documents | {_opening_ms(services, 'Full'):.0f} |")


@contextmanager
def _services() -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder, dynamodb_local(Path(folder)) as dynamodb:
        yield _made(dynamodb)


def _made(dynamodb: "DynamoDBServiceResource") -> Any:
    """Return those of the function's services that opening a room uses."""
    rooms, messages = ItemTable(make_rooms_table(dynamodb)), ItemTable(make_messages_table(dynamodb))
    return SimpleNamespace(
        rooms=RoomStore(rooms),
        connections=ConnectionStore(rooms),
        documents=DocumentStore(rooms),
        members=MemberStore(rooms),
        questions=QuestionStore(rooms, messages),
        history=HistoryStore(rooms, messages),
        sockets=Unheard(),
        limits=Limits(apology_after_s=60),
    )


def _fill(services: Any, chat_id: str) -> None:
    for number in range(DOCUMENTS):
        services.documents.register(chat_id, f"document {number}.pdf", 1, f"{number:064}", ANN)
    for number in range(QUESTIONS):
        accepted = services.questions.accept(
            chat_id, f"q{number}", user=ANN, text="What is mass?", document_ids=None, within_s=60
        )
        if accepted:
            services.questions.end(accepted[0], Ending.ANSWER, text="Mass is inertia. " * 20)
        if number % FLUSHED_AT_ONCE == FLUSHED_AT_ONCE - 1:
            services.history.flush(chat_id)


def _opening_ms(services: Any, room: str) -> float:
    services.connections.register("connection", ANN.user_id, ANN.name, 4_000_000_000)
    caller = Caller(connection_id="connection", user=ANN, language="en")
    times_ms = []
    for _ in range(OPENINGS):
        started = time.perf_counter()
        open_room(services, caller, Open(request_id="r", room=room))
        times_ms.append((time.perf_counter() - started) * 1_000)
    return statistics.median(times_ms)
