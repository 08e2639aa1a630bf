"""Asks, ends, flushes, expires, reads, crashes and deletes in random order: no message is lost or duplicated."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from boto3.dynamodb.conditions import Key
from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from documind.errors import DocumindError, Ending
from documind.stores.conversation import HistoryStore, QuestionStore, history
from documind.stores.erasures import ErasureStore
from documind.stores.items import Item, ItemTable
from documind.stores.rooms import RoomStore
from documind.wire import Message
from tests.functional.messages import BEGINNING_MS
from tests.functional.steps import Steps
from tests.functional.world import ANN
from tests.sizes import size

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

EVERY_MS = 300_000  # between messages: three in a span of time
SMALL_SEGMENT_BYTES = 400  # room for two messages

commands = st.one_of(
    st.tuples(st.sampled_from(["ask", "end"]), st.integers(3, 5)),
    st.tuples(st.just("expire"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["flush", "flush", "deliver", "redeliver", "read"]), st.just(0)),
    *[st.tuples(st.sampled_from(["step"] * 9 + ["die"]), st.integers(0, 2))] * 4,
    st.tuples(st.sampled_from(["step"] * 5 + ["delete"]), st.just(0)),
)
scripts = st.lists(commands, min_size=20, max_size=60)


@dataclass
class Conversation:
    """A room whose operations are interleaved step by step, with its invariants."""

    rooms_table: "Table"
    messages_table: "Table"
    chat_id: str
    running: list[Steps] = field(default_factory=list)
    stream: list[Item] = field(default_factory=list)  # records of expired messages that have not been delivered
    told: list[Item] = field(default_factory=list)  # delivered ones, which may be delivered again
    expired: int = 0
    is_deleted: bool = False

    def __post_init__(self) -> None:
        self.questions = QuestionStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))
        self.history = HistoryStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))
        self.erasures = ErasureStore(ItemTable(self.rooms_table), ItemTable(self.messages_table))

    def talk(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.ask(f"q{number}")
            self.end(f"q{number}")

    def do(self, command: str, number: int) -> None:
        if command in ("step", "die"):
            if self.running:
                getattr(self.running[number % len(self.running)], command)()
            self.running = [steps for steps in self.running if not steps.is_over]
        elif command == "expire":
            self.expire(number)
        elif len(self.running) < 3:
            self.is_deleted |= command == "delete"
            self.running.append(Steps(self.work(command, number)))

    def work(self, command: str, number: int) -> Callable[[], Any]:
        if command == "ask":
            return lambda: self.ask(f"q{number}")
        if command == "end":
            return lambda: self.end(f"q{number}")
        if command == "flush":
            return lambda: self.history.flush(self.chat_id)
        if command in ("read", "delete"):
            return self.read if command == "read" else self.erase
        return lambda: self.deliver(self.stream if command == "deliver" else self.told)

    def ask(self, question_id: str) -> None:
        with suppress(DocumindError):  # the room is being erased
            self.questions.accept(
                self.chat_id, question_id, user=ANN, text="What is mass?", document_ids=None, within_s=60
            )

    def end(self, question_id: str) -> None:
        question = self.questions.get(self.chat_id, question_id)
        if question:
            self.questions.end(question, Ending.ANSWER, text=f"Inertia {question_id}.")

    def expire(self, number: int) -> None:
        """Delete a live message as TTL does; its record is delivered later, perhaps more than once."""
        live = self.items(self.messages_table, Key("chat_id").eq(self.chat_id))
        if live:
            item = live[number % len(live)]
            self.messages_table.delete_item(Key={name: item[name] for name in ("chat_id", "message_id")})
            self.stream.append(item)
            self.expired += 1

    def deliver(self, records: list[Item]) -> None:
        if records:
            item = records[0]
            self.history.keep(self.chat_id, item)
            self.told.append(item)
            if records is self.stream:  # only after it was kept: a crashed delivery is repeated
                records[:] = [each for each in records if each is not item]

    def read(self) -> None:
        """Assert that messages shown before are still shown, although others are being moved."""
        expired = self.expired  # counted first: a message may also expire while it is read
        before = self.shown(limit=100)
        now, _ = self.history.page(self.chat_id, limit=100)
        if self.expired == expired and not self.is_deleted:
            assert [each for each in now if each in before] == before

    def erase(self) -> None:
        """Erase the room as the functions do; a crashed attempt may have done a part of it."""
        with suppress(DocumindError):  # the room is closed already; delete what is left
            self.erasures.begin(self.chat_id, ANN.user_id, "", lambda _erasure: None)
        self.erasures.delete_live_messages(self.chat_id)
        self.erasures.delete_items(self.chat_id)
        self.erasures.finish(self.chat_id)

    def everything(self) -> list[tuple["Table", Any]]:
        room = Key("pk").eq(f"ROOM#{self.chat_id}")
        kept = [(self.rooms_table, room & Key("sk").begins_with(prefix)) for prefix in ("Q#", "SEG#")]
        return [*kept, (self.messages_table, Key("chat_id").eq(self.chat_id))]

    def shown(self, limit: int) -> list[Message]:
        """Return all messages, read in pages back to the first."""
        shown: list[Message] = []
        more = True
        while more:
            page, more = self.history.page(self.chat_id, before=shown[0].message_id if shown else None, limit=limit)
            assert len(page) == limit or not more
            shown = page + shown
        return shown

    def settle(self) -> None:
        """Finish all running work, and deliver all records of expired messages."""
        for work in self.running:
            work.finish()
        while self.stream:
            self.deliver(self.stream)
        if self.is_deleted:
            self.erase()  # as the queue repeats the message of a crashed attempt

    def check(self, limit: int) -> None:
        if self.is_deleted:
            assert [self.items(table, condition) for table, condition in self.everything()] == [[], [], []]
            return
        questions = self.items(*self.everything()[0])
        expected = Counter((each["question_id"], "question") for each in questions)
        expected.update((each["question_id"], "answer") for each in questions if each["state"] == "ended")
        shown = self.shown(limit)
        assert Counter((each.question_id, each.kind) for each in shown) == expected
        assert [each.message_id for each in shown] == sorted(each.message_id for each in shown)

    @staticmethod
    def items(table: "Table", condition: Any) -> list[Item]:
        return list(ItemTable(table).query(condition))


@pytest.fixture(scope="module")
def conversation(made_rooms_table: "Table", made_messages_table: "Table") -> Iterator[Callable[[], Conversation]]:
    events = made_rooms_table.meta.client.meta.events
    events.register("before-call", Steps.passed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "MAX_SEGMENT_BYTES", SMALL_SEGMENT_BYTES)

        def new() -> Conversation:
            ids = (str(ULID((BEGINNING_MS + number * EVERY_MS).to_bytes(6) + bytes(10))) for number in range(100))
            patch.setattr("documind.stores.conversation.questions.new_ulid", lambda **_: next(ids))
            room = RoomStore(ItemTable(made_rooms_table)).open_by_name(ANN, str(ULID()))
            return Conversation(made_rooms_table, made_messages_table, room.chat_id)

        yield new
    events.unregister("before-call", Steps.passed)


@settings(max_examples=size(10, 1_000), deadline=None, derandomize=size(True, False), database=None)
@given(said=st.integers(0, 3), script=scripts, limit=st.integers(1, 5))
def test_nothing_is_lost_or_shown_twice(
    conversation: Callable[[], Conversation], said: int, script: list[tuple[str, int]], limit: int
) -> None:
    room = conversation()
    room.talk(range(said))
    for command, number in script:
        room.do(command, number)
    room.settle()
    room.check(limit)
