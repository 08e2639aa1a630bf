"""How a message is written as an item of the table `messages`."""

import time

from pydantic import TypeAdapter

from documind.stores.items import VERSION, Item
from documind.wire import Citation, Message

CITATIONS = TypeAdapter(list[Citation])
LIVE_S = 7 * 24 * 3600  # a live message expires then; flush_history keeps it for good


def to_item(chat_id: str, message: Message) -> Item:
    """Return the item of a live message; quotes are left out, for citations are references.

    Scores and rectangles are floats, which DynamoDB's SDK refuses: citations are kept as JSON.
    """
    plain = message.model_dump(exclude={"citations"}, exclude_none=True, mode="json")
    citations = [citation.model_dump_json(exclude={"quote"}, exclude_defaults=True) for citation in message.citations]
    return {
        **plain,
        "chat_id": chat_id,
        "citations": citations,
        "version": VERSION,
        "expires_at": int(time.time()) + LIVE_S,
    }


def from_item(item: Item) -> Message:
    """Return the message of an item."""
    citations = "[" + ",".join(item["citations"]) + "]"
    names = Message.model_fields.keys() - {"citations"}
    plain = Message.model_validate({"sender": None} | {name: item[name] for name in names if name in item})
    return plain.model_copy(update={"citations": CITATIONS.validate_json(citations)})
