"""Messages of a conversation that never was: put straight into the table, and taken away as TTL does."""

from collections.abc import Sequence
from typing import Any

from documind.errors import Ending
from documind.stores.conversation.messages import to_item
from documind.wire import Message
from tests.functional.world import World


def said(number: int, text: str | None = None, *, kind: str = "answer") -> Message:
    """Return the message of second `number` in a conversation."""
    return Message(
        message_id=f"01HF7Y{number:020}",
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
    """Take all live messages away, as TTL does, and return the items."""
    items = world.live_messages(chat_id)
    with world.messages_table.batch_writer() as writer:
        for item in items:
            writer.delete_item(Key={"chat_id": chat_id, "message_id": item["message_id"]})
    return items
