"""A conversation on fake AWS: users with connections, the real handlers, and the frames that they receive."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import pytest
from boto3.dynamodb.conditions import Key

import answer.handler
import connect.handler
import flush_history.expiry
import flush_history.handler
import message.handler
from answer.services import Services as AnswerServices
from connect.services import Services as ConnectServices
from documind import wire
from documind.clients.objects import Objects, upload_key
from documind.clients.search import Chunk
from documind.clients.sockets import Sockets
from documind.ids import new_ulid
from documind.pages import PageText
from documind.room_services import RoomServices
from documind.settings import AnswerSettings
from documind.stores.accounts import AccountStore
from documind.stores.budgets import Allowance, BudgetStore
from documind.stores.checkpoint import Checkpoint
from documind.stores.connections import ConnectionStore
from documind.stores.conversation import HistoryStore, Question, QuestionStore
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.erasures import ErasureStore
from documind.stores.items import Item, ItemTable
from documind.stores.members import MemberStore
from documind.stores.receipts import ReceiptStore
from documind.stores.rooms import RoomStore
from message.rate import Rate
from message.services import Services as MessageServices
from tests.fakes import (
    AtOnce,
    FakeFunctions,
    FakePeople,
    FakeQueue,
    FakeSocketsApi,
    FakeWorkflow,
    ScriptedModels,
    ScriptedSearch,
)
from tests.lambda_context import Context

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

Settings = dict[str, Any]
FrameT = TypeVar("FrameT", bound=wire.ServerFrame)
ANN = wire.User(user_id="ann", name="Ann")
PLENTY = Allowance(questions=10**6, tokens=10**9, pages=10**6)
HERE = "here"  # as chat_id in a frame: replaced by the room that the person opened last


@dataclass
class Person:
    """A user with one connection: sends frames through the real handlers and reads those that it receives."""

    world: "World"
    user_id: str
    connection_id: str
    language: str = "en"
    token_expires_at: int = 4_000_000_000
    room: str = "none-yet"
    _seen: int = 0
    _requests: int = 0

    def connect(self) -> None:
        connect.handler.handler({"requestContext": self.request("CONNECT")}, Context())

    def disconnect(self) -> None:
        self.world.api.gone.add(self.connection_id)
        flush_history.handler.handler({"requestContext": self.request("DISCONNECT")}, Context())

    def request_id(self) -> str:
        self._requests += 1
        return f"{self.connection_id}-{self._requests}"

    def send(self, frame: wire.ClientFrame | str) -> list[wire.ServerFrame]:
        """Send a frame, and return the frames that this connection receives meanwhile."""
        text = frame if isinstance(frame, str) else frame.model_dump_json()
        body = text.replace(f'"{HERE}"', f'"{self.room}"')
        self.seen()
        message.handler.handler({"requestContext": self.request("MESSAGE"), "body": body}, Context())
        return self.seen()

    def seen(self) -> list[wire.ServerFrame]:
        """Return the frames received since the last call."""
        new = self.world.api.frames[self.connection_id][self._seen :]
        self.room = next((frame.chat_id for frame in reversed(new) if isinstance(frame, wire.Opened)), self.room)
        self._seen += len(new)
        return new

    def open(self, room: str = "Physics") -> str:
        """Open a room by its name, and return its id."""
        opened = only(wire.Opened, self.send(wire.Open(request_id=self.request_id(), room=room)))
        return opened.chat_id

    def enter(self, chat_id: str) -> list[wire.ServerFrame]:
        return self.send(wire.Open(request_id=self.request_id(), chat_id=chat_id))

    def ask(self, question_id: str = "q1", text: str = "What is mass?", **more: Any) -> wire.Accepted:
        frame = wire.Ask(request_id=self.request_id(), chat_id=HERE, question_id=question_id, text=text, **more)
        return only(wire.Accepted, self.send(frame))

    def request(self, kind: Literal["CONNECT", "MESSAGE", "DISCONNECT"]) -> dict[str, Any]:
        authorizer = {
            "user_id": self.user_id,
            "user_name": self.user_id.title(),
            "expires_at": str(self.token_expires_at),
            "language": self.language,
        }
        return {"connectionId": self.connection_id, "requestId": "request", "eventType": kind, "authorizer": authorizer}


@dataclass
class World:
    """The tables, the bucket and the fakes, and the functions' services made from them."""

    rooms_table: "Table"
    messages_table: "Table"
    objects: Objects
    monkeypatch: pytest.MonkeyPatch
    api: FakeSocketsApi = field(default_factory=FakeSocketsApi)
    workflow: FakeWorkflow = field(default_factory=FakeWorkflow)
    models: ScriptedModels = field(default_factory=ScriptedModels)
    search: ScriptedSearch = field(default_factory=ScriptedSearch)
    upload_queue: FakeQueue = field(default_factory=FakeQueue)
    queue: FakeQueue = field(default_factory=FakeQueue)
    people: FakePeople = field(default_factory=FakePeople)
    functions: FakeFunctions = field(default_factory=FakeFunctions)

    def __post_init__(self) -> None:
        self.accounts = AccountStore(ItemTable(self.rooms_table))
        self.rooms = RoomStore(ItemTable(self.rooms_table))
        self.members = MemberStore(ItemTable(self.rooms_table))
        self.erasures = ErasureStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))
        self.receipts = ReceiptStore(ItemTable(self.rooms_table))
        self.connections = ConnectionStore(ItemTable(self.rooms_table))
        self.documents = DocumentStore(ItemTable(self.rooms_table))
        self.questions = QuestionStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))
        self.history = HistoryStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))
        self.sockets = Sockets(self.api.as_client(), self.connections, AtOnce())
        self.set_up()

    def set_up(
        self,
        *,
        limits: wire.Limits | None = None,
        of_answer: Settings | None = None,
        a_user: Allowance = PLENTY,
        a_room: Allowance = PLENTY,
        executor: Executor | None = None,
    ) -> None:
        """Replace the handlers' services, with these limits of a room, settings of `answer` and daily budgets."""
        shared = {"rooms_table": "rooms", "messages_table": "messages", "callback_url": "https://callback"}
        shared |= {"documents_bucket": "documents"}
        models = {"model_key_parameter": "k", "embedding_model": "words", "embedding_dimensions": 2, "vector_weight": 1}
        models |= {"model_base_url": "http://models", "chat_model": "talker", "asks_for_dimensions": True}
        models |= {"search_endpoint": "http://search", "search_kind": "own", "apology_after_s": 60, "max_answer_s": 140}
        models |= {"user_tokens_a_day": 10**9, "room_tokens_a_day": 10**9}
        answer_settings = AnswerSettings.model_validate({**shared, **models, **(of_answer or {})})
        shared_services = RoomServices(**{each.name: getattr(self, each.name) for each in fields(RoomServices)})
        self.shared = shared_services
        message_services = MessageServices(
            **vars(shared_services),
            limits=limits or wire.Limits(apology_after_s=60),
            rate=Rate(),
            budgets=BudgetStore(ItemTable(self.rooms_table), of_user=a_user, of_room=a_room),
            objects=self.objects,
            workflow=self.workflow,
            answer_function=self.functions.answer(),
            upload_queue=self.upload_queue,
            erasure_queue=self.queue,
            people=self.people,
        )
        answer_services = AnswerServices(
            **vars(shared_services),
            settings=answer_settings,
            budgets=BudgetStore(ItemTable(self.rooms_table), of_user=a_user, of_room=a_room),
            objects=self.objects,
            models=self.models,
            search=self.search,
            executor=executor or AtOnce(),
        )
        connect_services = ConnectServices(self.accounts, self.connections, self.sockets)
        self.monkeypatch.setattr(connect.handler, "services", lambda: connect_services)
        self.monkeypatch.setattr(message.handler, "services", lambda: message_services)
        self.monkeypatch.setattr(answer.handler, "services", lambda: answer_services)
        self.monkeypatch.setattr(flush_history.handler, "services", lambda: shared_services)
        self.monkeypatch.setattr(flush_history.expiry, "services", lambda: shared_services)

    def person(self, user_id: str = "ann", *, device: str = "laptop", language: str = "en") -> Person:
        person = Person(self, user_id, f"{user_id}-{device}", language)
        person.connect()
        return person

    def invite(self, chat_id: str, user_id: str, role: Literal["writer", "reader"] = "writer") -> None:
        """Make a user a member."""
        self.members.set_role(chat_id, wire.User(user_id=user_id, name=user_id.title()), role)

    def expel(self, chat_id: str, user_id: str) -> None:
        self.members.remove(chat_id, user_id)

    def begin_deletion(self, chat_id: str) -> None:
        """Begin the erasure of a room."""
        (owner,) = [each.user_id for each in self.members.of_room(chat_id) if each.role == "owner"]
        self.erasures.begin(chat_id, owner, "", lambda _erasure: None)

    def ready_document(
        self, chat_id: str, *pages: str, name: str = "physics.pdf", by: wire.User = ANN
    ) -> StoredDocument:
        """Store a ready document in which each page is one chunk."""
        announced = self.documents.register(chat_id, name, 1_000, new_ulid(), by)
        self.documents.queue(chat_id, announced.document_id, upload_key(chat_id, announced.document_id), "v1")
        claimed = self.documents.claim(chat_id, announced.document_id, message_id="m", lease_s=60)
        assert claimed
        ingest_id = claimed.ingest_id or ""
        for page, text in enumerate(pages, start=1):
            self.objects.write_pages(ingest_id, page, [PageText(text)])
            self.search.chunks.append(Chunk(claimed.document_id, ingest_id, chat_id, page, 0, len(text), text))
        total = len(pages)
        checkpoint = Checkpoint(pages=total, chunks=total, attempt_ids=(ingest_id,))
        self.documents.commit(claimed, checkpoint, pages_total=total)
        ready = self.documents.ready(claimed, pages_total=total, chunks=total)
        assert ready
        return ready

    def claim(self, chat_id: str, run: str = "run-1", *, question_id: str = "q1") -> Question:
        claimed = self.questions.claim(chat_id, question_id, run)
        assert claimed
        return claimed

    def step(self, step: str, chat_id: str, question_id: str = "q1", run: str = "run-1", **more: Any) -> None:
        """Do one step of the workflow through the real handler."""
        question = {"chat_id": chat_id, "question_id": question_id}
        answer.handler.handler({"step": step, "execution": run, "question": question, **more}, Context())

    def run_workflow(self, chat_id: str, question_id: str = "q1", run: str = "run-1") -> None:
        self.step("answer", chat_id, question_id, run)

    def live_messages(self, chat_id: str) -> list[Item]:
        return list(ItemTable(self.messages_table).query(Key("chat_id").eq(chat_id)))

    def segments(self, chat_id: str) -> list[str]:
        condition = Key("pk").eq(f"ROOM#{chat_id}") & Key("sk").begins_with("SEG#")
        return [item["sk"] for item in ItemTable(self.rooms_table).query(condition)]

    def whole_history(self, chat_id: str) -> list[wire.Message]:
        messages, _ = self.history.page(chat_id, limit=10_000)
        return messages


def all_of(kind: type[FrameT], frames: Sequence[wire.ServerFrame]) -> list[FrameT]:
    """Return the frames of one kind."""
    return [frame for frame in frames if isinstance(frame, kind)]


def only(kind: type[FrameT], frames: Sequence[wire.ServerFrame]) -> FrameT:
    """Return the one frame of a kind, of which there must be exactly one."""
    (frame,) = all_of(kind, frames)
    return frame


def kinds(frames: Sequence[wire.ServerFrame]) -> list[str]:
    """Return the types of the frames, in order."""
    return [str(type(frame).model_fields["type"].default) for frame in frames]


def endings(frames: Sequence[wire.ServerFrame]) -> list[wire.Message]:
    """Return the final messages among the frames."""
    return [frame.message for frame in all_of(wire.MessageFrame, frames) if frame.message.ending]


def shown_text(frames: Sequence[wire.ServerFrame]) -> str:
    """Return the text that a client shows after these frames, by the rule of `delta`; fails at a gap."""
    epoch, text = 0, ""
    for delta in all_of(wire.Delta, frames):
        assert delta.seq == delta.after + len(delta.text)
        if delta.epoch > epoch and delta.after == 0:
            epoch, text = delta.epoch, delta.text
        elif delta.epoch == epoch and delta.seq > len(text):
            assert delta.after in {0, len(text)}, f"a gap before {delta}"
            text = text[: delta.after] + delta.text
    return text
