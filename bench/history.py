"""How long pages of a long history take on DynamoDB Local: the newest one, and all back to the first message."""

import statistics
import tempfile
import time
from pathlib import Path

from ulid import ULID

from documind.errors import Ending
from documind.ids import new_ulid
from documind.stores.conversation import HistoryStore
from documind.stores.conversation.messages import to_item
from documind.stores.items import ItemTable
from documind.stores.rooms import RoomStore
from documind.wire import Message, User
from local.tables import dynamodb_local, make_messages_table, make_rooms_table

MESSAGES = 5_000
FLUSHED_AT_ONCE = 100
EVERY_MS = 20_000  # between two messages
OPENINGS = 20
TEXT = "質量是慣性的量度。" * 20


def run() -> None:
    """Print the time of the first read of the newest page, the median of others, and the time of all pages."""
    with tempfile.TemporaryDirectory() as folder, dynamodb_local(Path(folder)) as dynamodb:
        rooms, messages = ItemTable(make_rooms_table(dynamodb)), ItemTable(make_messages_table(dynamodb))
        history = HistoryStore(rooms, messages)
        chat_id = RoomStore(rooms).open_by_name(User(user_id="ann", name="Ann"), "Bench").chat_id
        began_ms = int(time.time() * 1000) - MESSAGES * EVERY_MS
        for number in range(MESSAGES):
            message_id = str(ULID((began_ms + number * EVERY_MS).to_bytes(6) + bytes(10)))
            message = Message(
                message_id=message_id,
                kind="answer",
                question_id=new_ulid(),
                sender=None,
                text=TEXT,
                ending=Ending.ANSWER,
            )
            messages.put(to_item(chat_id, message))
            if number % FLUSHED_AT_ONCE == FLUSHED_AT_ONCE - 1:
                history.flush(chat_id)
        newest = [_time_of_newest(history, chat_id) for _ in range(OPENINGS)]
        started = time.perf_counter()
        pages = _pages_to_the_first(history, chat_id)
        whole = time.perf_counter() - started
    print(f"| history of {MESSAGES} messages | ms |\n|---|---|")
    print(f"| the first opening, cold | {newest[0] * 1000:.0f} |")
    print(f"| the newest page, p50 of {OPENINGS - 1} | {statistics.median(newest[1:]) * 1000:.0f} |")
    print(f"| back to the first, {pages} pages | {whole * 1000:.0f} |")


def _time_of_newest(history: HistoryStore, chat_id: str) -> float:
    started = time.perf_counter()
    history.page(chat_id)
    return time.perf_counter() - started


def _pages_to_the_first(history: HistoryStore, chat_id: str) -> int:
    pages, more, before = 0, True, None
    while more:
        messages, more = history.page(chat_id, before=before)
        before, pages = messages[0].message_id, pages + 1
    return pages
