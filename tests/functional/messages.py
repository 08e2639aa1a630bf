"""Makes messages of a fictitious conversation, puts them into the table, and deletes them as TTL does."""

from collections.abc import Sequence
from typing import Any

from ulid import ULID

from documind.errors import Ending
from documind.stores.conversation.messages import to_item
from documind.wire import Message
from tests.functional.world import World

BEGINNING_MS = 1_700_000_000_000 >> 20 << 20  # the beginning of a span of time; segments never cross one
EVERY_MS = 20_000


def said(number: int, text: str | None = None, *, kind: str = "answer") -> Message:
    """Return one message of a conversation with a message every 20 seconds."""
    made_ms = BEGINNING_MS + number * EVERY_MS
    return Message(
        message_id=str(ULID(made_ms.to_bytes(6) + bytes(10))),
        kind="question" if kind == "question" else "answer",
        question_id=f"q{number}",
        sender="Ann" if kind == "question" else None,
        text=text or f"message {number}",
        ending=None if kind == "question" else Ending.ANSWER,
    )


def say(world: World, chat_id: str, messages: Sequence[Message]) -> None:
    with world.messages_table.batch_writer() as writer:
        for message in messages:
            writer.put_item(Item=to_item(chat_id, message))


def expire(world: World, chat_id: str) -> list[dict[str, Any]]:
    """Delete all live messages, as TTL does, and return the items."""
    items = world.live_messages(chat_id)
    with world.messages_table.batch_writer() as writer:
        for item in items:
            writer.delete_item(Key={"chat_id": chat_id, "message_id": item["message_id"]})
    return items
