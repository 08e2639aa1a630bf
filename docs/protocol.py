"""The protocol's page and JSON Schema, from the models of `documind.wire` and the sentences of `documind.errors`."""

import json
from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import TypeAdapter

from docs import limits
from docs.source import docstring, field_comments, table
from documind.errors import ENDING_SENTENCES, SENTENCES, Code, Ending
from documind.wire import CLIENT_FRAMES, MAX_FRAME_BYTES, MAX_SNAPSHOT_BYTES, SERVER_FRAMES, RoomClientFrame, records
from documind.wire.client import CLIENT_FRAME_CLASSES, ClientFrame
from documind.wire.records import MAX_INTEGER, NOT_BLANK, WireModel
from documind.wire.server import AnyServerFrame, ServerFrame

SERVER_FRAME_CLASSES: tuple[type[ServerFrame], ...] = get_args(get_args(AnyServerFrame)[0])
RECORDS = [
    each
    for each in vars(records).values()
    if isinstance(each, type) and issubclass(each, WireModel) and each is not WireModel
]
HEAD = f"""# Protocol

Generated from `documind.wire` and `documind.errors` by `make docs`; a test checks that it is current. A JSON Schema for
other clients is [protocol.schema.json](protocol.schema.json), with `ClientFrame` and `ServerFrame` under `$defs`.
[`cli/documind_cli/client.py`](../cli/documind_cli/client.py) is a typed client in Python.

## Connection

- One WebSocket: the stack's output `WebSocketUrl` with `?token=…&language=…`. `token` is an access token of one of the
  stack's Cognito clients; `language` (`en` or `zh-TW`) is that of error sentences. Without a valid token: 401 or 403.
- Each frame is one JSON object as text, at most {MAX_FRAME_BYTES:,} bytes of UTF-8; the server splits lists longer than
  {MAX_SNAPSHOT_BYTES:,} bytes. The server refuses unknown fields; clients must ignore them.
- `type` names the frame. Each client frame has a `request_id`, chosen by the client; every reply echoes it. An id is 1
  to 64 letters, digits, `_` and `-`. Integers are at most 2^53 - 1. Text is Unicode without lone surrogates.
- API Gateway closes a connection after 10 idle minutes and after 2 hours: send `ping`, and reconnect before.
- A refused frame is answered with `error` and changes nothing.

## Order

- Send `open` first. `opened` and `history` are the snapshot of the room; after that the connection gets its broadcasts.
- Frames of one connection may be handled concurrently: wait for the reply if the order matters.
- An `accepted` question ends exactly once, by the `message` that has an `ending`; it replaces what was streamed.
- The `message` of a question arrives before its `stage` and `delta`; only while a room is being opened may these arrive
  before `history`. The sender's `accepted` may arrive before or after them.
- `members` is broadcast when a user's first connection opens the room and when the last one leaves it.
- A `delta` continues an answer only if its `epoch` and `after` match the client's text. Ignore older ones; after a gap,
  or if nothing has arrived within `limits.apology_after_s`, send `resume`.
- `question_id` is an idempotency key: sending it again has no further effect. Clients order messages by `message_id`.
- Spans (`start`, `end`, `after`, `seq`) count code points, not UTF-16 units.
"""


def page() -> str:
    """Return the protocol as Markdown."""
    lines = [HEAD, *limits.section(), "## Frames of the client", ""]
    for each in CLIENT_FRAME_CLASSES:
        lines += described(each, frame_name(each), rights(each))
    lines += ["## Frames of the server", ""]
    for frame in SERVER_FRAME_CLASSES:
        lines += described(frame, frame_name(frame))
    lines += ["## Records", ""]
    for record in RECORDS:
        lines += described(record, f"{record.__name__} record")
    lines += ["## Errors", "", "`error.code`, or the `reason` of a failed document.", ""]
    lines += table(("code", "sentence"), sentences((code.value, SENTENCES[code]) for code in Code))
    lines += ["", "## Endings", "", "`message.ending` of an answer; the text of `answer` is written by the model.", ""]
    written = ((ending.value, ENDING_SENTENCES[ending]) for ending in Ending if ending in ENDING_SENTENCES)
    lines += table(("ending", "sentence"), sentences(written))
    return "\n".join(lines) + "\n"


def schema() -> str:
    """Return all frames as JSON Schema: the client's as they are accepted, the server's as they are sent."""
    named, whole = TypeAdapter.json_schemas(
        [("ClientFrame", "validation", CLIENT_FRAMES), ("ServerFrame", "serialization", SERVER_FRAMES)]
    )
    definitions = whole["$defs"] | {name: each for (name, _mode), each in named.items()}
    for each in CLIENT_FRAME_CLASSES:  # `type` has a default in the models, but is required as the discriminator
        definitions[each.__name__]["required"].append("type")
    everything = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Frames of the DocuMind WebSocket API",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name, _mode in named],
        "$defs": definitions,
    }
    return json.dumps(everything, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def sentences(written: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(f"`{name}`", f"{sentence.en}<br>{sentence.zh_tw}") for name, sentence in written]


def frame_name(frame: type[ClientFrame] | type[ServerFrame]) -> str:
    return f"`{frame.model_fields['type'].default}`"


def rights(frame: type[ClientFrame]) -> str:
    """Say who may send a frame."""
    if frame.owner_only:
        return "From the owner of the room only."
    if frame.writes:
        return "From members who may write."
    return "From members of the room." if issubclass(frame, RoomClientFrame) else ""


def described(model: type[WireModel], name: str, note: str = "") -> list[str]:
    """Return the section of one model: what it is for, and its fields."""
    drawn = model.model_json_schema()
    comments = field_comments(model)
    required = drawn.get("required", [])
    rows = [
        (f"`{field}`", kind(each), "required" if field in required else default(each), comments.get(field, ""))
        for field, each in drawn.get("properties", {}).items()
        if field not in {"type", "request_id"}
    ]
    about = " ".join(filter(None, (docstring(model), note)))
    return [f"### {name}", "", about, "", *([*table(("field", "type", "default", ""), rows), ""] if rows else [])]


def default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "none" if value is None else f"`{json.dumps(value)}`"


def kind(field: dict[str, Any]) -> str:
    """Say a field's type and its limits in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{ANCHORS.get(name, f'{name.lower()}-record')})"
    if "anyOf" in field:
        return " or ".join(kind(each) for each in field["anyOf"] if each != {"type": "null"})
    if "enum" in field or "const" in field:
        return " or ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    return COMPOSED.get(field["type"], plain)(field)


def array(field: dict[str, Any]) -> str:
    if "prefixItems" in field:
        return f"{len(field['prefixItems'])} numbers"
    most = f"at most {field['maxItems']}: " if "maxItems" in field else ""
    return f"list of {most}{kind(field['items'])}"


def text(field: dict[str, Any]) -> str:
    if field.get("pattern") == ID_PATTERN:
        return "id"
    if field.get("pattern") not in {None, NOT_BLANK}:
        return f"`{field['pattern']}`"
    most = f", at most {field['maxLength']} characters" if "maxLength" in field else ""
    least = ", not blank" if "pattern" in field else ", not empty" if field.get("minLength") else ""
    return f"string{most}{least}"


def plain(field: dict[str, Any]) -> str:
    if "minimum" not in field:
        return str(field["type"])
    most = field.get("maximum", MAX_INTEGER)
    return f"{field['type']}, {field['minimum']} " + ("or more" if most == MAX_INTEGER else f"to {most:,}")


ANCHORS = {"Code": "errors", "Ending": "endings"}
ID_PATTERN = "^[A-Za-z0-9_-]+$"
COMPOSED: dict[str, Callable[[dict[str, Any]], str]] = {
    "array": array,
    "string": text,
    "object": lambda field: f"object of {kind(field['additionalProperties'])}s",
}
