"""The history of a room: live messages and the segments they are moved to, read as one list.

A reader merges both by `message_id`, so a message may be in either or in both. Segments may overlap or repeat (two
flushes at once, a flush that died, expiry). All messages of a segment were made in the same span of about 17 minutes,
so a reader may stop at the first segment that begins in a span before that of the oldest message of its page.
"""

import gzip
import time
from collections.abc import Iterator
from itertools import islice

from pydantic import TypeAdapter

from documind.stores import keys
from documind.stores.conversation.messages import from_item
from documind.stores.items import ABSENT, Item, ItemTable, room_is_active
from documind.wire import Message

# Uncompressed, so that a segment stays far below DynamoDB's 400 KB an item:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
MAX_SEGMENT_BYTES = 200_000
SPAN_CHARACTERS = 6  # ULIDs with the same first 6 characters were made in the same span of 2**20 ms, about 17 minutes
SEGMENTS_AT_ONCE = 30  # a request; most segments hold one question and its answer
PAGE_MESSAGES = 50
LIVE_AT_ONCE = PAGE_MESSAGES + 1
LAST_ID = "~"  # sorts behind every ULID

MESSAGES = TypeAdapter(list[Message])


class HistoryStore:
    """Messages of a room in the table `messages` (live) and in `ROOM#c/SEG#first#last` of `rooms` (durable)."""

    def __init__(self, rooms: ItemTable, messages: ItemTable) -> None:
        self._rooms = rooms
        self._messages = messages

    def page(
        self, chat_id: str, *, before: str | None = None, limit: int = PAGE_MESSAGES
    ) -> tuple[list[Message], bool]:
        """Return the newest `limit` messages before an id, in ascending order, and whether there are older ones."""
        before = before or LAST_ID
        newest: dict[str, Message] = {}
        for message in islice(self._live_before(chat_id, before), limit + 1):
            newest[message.message_id] = message
        for item in self._segments_before(chat_id, before):
            ids = keys.SEGMENT.ids_in(item)
            first, last = ids["first"], ids["last"]
            oldest = sorted(newest)[-limit - 1] if len(newest) > limit else ""
            if last < oldest and first[:SPAN_CHARACTERS] < oldest[:SPAN_CHARACTERS]:
                break
            if last > oldest:
                newest.update({each.message_id: each for each in _unpack(item) if each.message_id < before})
        ordered = sorted(newest)
        return [newest[message_id] for message_id in ordered[-limit:]], len(ordered) > limit

    def message(self, chat_id: str, message_id: str) -> Message | None:
        """Return one message, live or from a segment."""
        found, _ = self.page(chat_id, before=message_id + "0", limit=1)
        return found[0] if found and found[0].message_id == message_id else None

    def flush(self, chat_id: str) -> int:
        """Move the live messages before the first open question into segments; return how many were moved.

        A segment is put by a conditional write (absent, room active), then exactly the messages that it holds are
        deleted. Two flushes at once, or one that dies in between, leave copies, which readers merge.
        """
        moved = 0
        for batch in _segments_of(self._ended_prefix(chat_id)):
            kept = self._keep(chat_id, batch)
            self._messages.remove_all(keys.message(chat_id, message.message_id) for message in kept)
            moved += len(kept)
        return moved

    def keep(self, chat_id: str, item: Item) -> None:
        """Write a segment of one message that has expired from the table, given its old item; idempotent."""
        self._keep(chat_id, [from_item(item)])

    def _ended_prefix(self, chat_id: str) -> list[Message]:
        condition = keys.messages_of(chat_id)
        live = [from_item(item) for item in self._messages.query(condition)]
        answered = {message.question_id for message in live if message.kind == "answer"}
        for index, message in enumerate(live):
            if message.kind == "question" and message.question_id not in answered and self._is_open(chat_id, message):
                return live[:index]
        return live

    def _is_open(self, chat_id: str, message: Message) -> bool:
        # An earlier flush may have moved the answer and died before it moved this message.
        question = self._rooms.get(**keys.QUESTION(chat_id=chat_id, question_id=message.question_id))
        return question is not None and question["state"] != "ended"

    def _keep(self, chat_id: str, messages: list[Message]) -> list[Message]:
        """Put a segment if absent and return the messages that the stored one holds; none in a room being deleted."""
        key = keys.SEGMENT(chat_id=chat_id, first=messages[0].message_id, last=messages[-1].message_id)
        item = {**key, "messages": _pack(messages), "kept_at": int(time.time())}
        if not self._rooms.transact(room_is_active(self._rooms, chat_id), self._rooms.put_part(item, ABSENT)):
            return messages
        existing = self._rooms.get(**key)
        return _unpack(existing) if existing else []

    def _live_before(self, chat_id: str, before: str) -> Iterator[Message]:
        condition = keys.messages_before(chat_id, before)
        items = self._messages.query(condition, ScanIndexForward=False, Limit=LIVE_AT_ONCE)
        return (from_item(item) for item in items)

    def _segments_before(self, chat_id: str, before: str) -> Iterator[Item]:
        """Yield the segments that begin before an id, in descending order of their first id."""
        condition = keys.SEGMENT.all_before(before, chat_id=chat_id)
        return self._rooms.query(condition, ScanIndexForward=False, Limit=SEGMENTS_AT_ONCE)


def _segments_of(messages: list[Message]) -> Iterator[list[Message]]:
    batch: list[Message] = []
    size = 0
    for message in messages:
        length = len(message.model_dump_json().encode())
        if batch and (size + length > MAX_SEGMENT_BYTES or not _in_one_span(batch[0], message)):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += length
    if batch:
        yield batch


def _in_one_span(one: Message, other: Message) -> bool:
    return one.message_id[:SPAN_CHARACTERS] == other.message_id[:SPAN_CHARACTERS]


def _pack(messages: list[Message]) -> bytes:
    return gzip.compress(MESSAGES.dump_json(messages, exclude_defaults=True), mtime=0)


def _unpack(item: Item) -> list[Message]:
    return MESSAGES.validate_json(gzip.decompress(bytes(item["messages"])), extra="ignore")
