"""Converts messages to items of the table `messages` and back."""

import json
import time
from typing import Any

from documind.stores.items import Item
from documind.wire import MAX_FRAME_BYTES, Message

LIVE_S = 7 * 24 * 3600  # TTL of a live message; on expiry flush_history writes it to a segment
MAX_MESSAGE_BYTES = MAX_FRAME_BYTES - 1_000  # as JSON; the other fields of a frame need less


def sendable(message: Message) -> Message:
    """Return a message that fits a frame, so that it can be posted and the history can be read.

    If it is too long, it gets no quotes, then no rectangles (clients get both by `document.view`), then one span for
    all that is unverified; at last its text is cut.
    """
    bare = [each.model_copy(update={"quote": None}) for each in message.citations]
    spans = message.unverified
    shorter: list[dict[str, Any]] = [
        {"citations": bare},
        {"citations": [each.model_copy(update={"rects": []}) for each in bare]},
        {"unverified": [(spans[0][0], spans[-1][1])] if spans else []},
    ]
    while len(message.model_dump_json().encode()) > MAX_MESSAGE_BYTES:
        text = message.text[: len(message.text) * 3 // 4]
        kept = [(start, min(end, len(text))) for start, end in message.unverified if start < len(text)]
        cut = {"text": text, "unverified": kept}
        message = message.model_copy(update=shorter.pop(0) if shorter else cut)
    return message


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
    """Return the message of an item, without fields that a newer version has added."""
    plain = {"sender": None, **item, "citations": list(map(json.loads, item["citations"]))}
    return Message.model_validate(plain, extra="ignore")
