"""Converts messages to items of the table `messages` and back."""

import json
import time

from documind.stores.items import Item
from documind.wire import Message

LIVE_S = 7 * 24 * 3600  # TTL of a live message; on expiry flush_history writes it to a segment


def to_item(chat_id: str, message: Message) -> Item:
    """Return the item of a live message, without the quotes of its citations, which are never stored.

    Citations are stored as JSON: scores and rectangles are floats, which boto3 refuses as DynamoDB numbers.
    """
    plain = message.model_dump(exclude={"citations"}, exclude_none=True, mode="json")
    citations = [citation.model_dump_json(exclude={"quote"}, exclude_defaults=True) for citation in message.citations]
    return {
        **plain,
        "chat_id": chat_id,
        "citations": citations,
        "expires_at": int(time.time()) + LIVE_S,
    }


def from_item(item: Item) -> Message:
    """Return the message of an item."""
    kept = {name: item[name] for name in Message.model_fields if name in item}
    return Message.model_validate({"sender": None, **kept, "citations": list(map(json.loads, item["citations"]))})
