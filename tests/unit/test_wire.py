"""The protocol: what a frame may contain, and that both ends read it alike."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from docs import protocol
from documind.wire import SERVER_FRAMES, Ask, Citation, Message, MessageFrame, parse, routes
from documind.wire.client import CLIENT_FRAME_CLASSES

REFUSED: list[dict[str, Any]] = [
    {"type": "ping", "request_id": ""},
    {"type": "ping", "request_id": "a" * 65},
    {"type": "ping", "request_id": "a b"},
    {"type": "ping", "request_id": "r", "more": 1},
    {"type": "open", "request_id": "r"},
    {"type": "open", "request_id": "r", "room": "a", "chat_id": "b"},
    {"type": "open", "request_id": "r", "room": " \n "},
    {"type": "open", "request_id": "r", "room": "長" * 101},
    {"type": "open", "request_id": "r", "chat_id": "ROOM#1"},
    {"type": "ask", "chat_id": "c1", "request_id": "r", "question_id": "q#1", "text": "a"},
    {"type": "ask", "chat_id": "c1", "request_id": "r", "question_id": "q1", "text": " \n "},
    {"type": "ask", "chat_id": "c1", "request_id": "r", "question_id": "q1", "text": 5},
    {"type": "ask", "chat_id": "c1", "request_id": "r", "question_id": "q1", "text": "a", "document_ids": ["d"] * 101},
    {"type": "resume", "chat_id": "c1", "request_id": "r", "question_id": "q1", "seq": -1},
    {"type": "resume", "chat_id": "c1", "request_id": "r", "question_id": "q1", "epoch": -1},
    {"type": "upload", "chat_id": "c1", "request_id": "r", "name": "", "size": 1, "sha256": "0" * 64},
    {"type": "upload", "chat_id": "c1", "request_id": "r", "name": "a" * 256, "size": 1, "sha256": "0" * 64},
    {"type": "upload", "chat_id": "c1", "request_id": "r", "name": "a.pdf", "size": -1, "sha256": "0" * 64},
    {"type": "upload", "chat_id": "c1", "request_id": "r", "name": "a.pdf", "size": 1, "sha256": "Z" * 64},
    {"type": "document.view", "chat_id": "c1", "request_id": "r", "document_id": "d", "page": 0},
    {"type": "document.view", "chat_id": "c1", "request_id": "r", "document_id": "d", "start": -1},
    {"type": "history", "chat_id": "c1", "request_id": "r", "before": ""},
    {"type": "room.invite", "chat_id": "c1", "request_id": "r", "role": "owner"},
    {"type": "room.list", "request_id": "r", "after": "a" * 401},
]


@pytest.mark.parametrize("frame", REFUSED, ids=str)
def test_invalid_frames_are_refused(frame: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parse(json.dumps(frame).encode())


def test_each_frame_of_a_client_is_a_route_with_a_description() -> None:
    assert len(set(routes())) == len(CLIENT_FRAME_CLASSES) == 20
    assert all(frame.__doc__ for frame in CLIENT_FRAME_CLASSES)


def test_readers_may_not_send_exactly_the_frames_that_change_a_room() -> None:
    writing = {str(frame.model_fields["type"].default) for frame in CLIENT_FRAME_CLASSES if frame.writes}
    assert writing == {"ask", "stop", "upload", "document.delete", "document.retry"}


def test_frames_are_kept_short_by_not_escaping_characters() -> None:
    assert '"text":"質量 🍎"' in Ask(request_id="r", chat_id="c1", question_id="q", text="質量 🍎").model_dump_json()


def test_a_client_that_knows_no_ending_could_not_read_a_message_of_ours() -> None:
    citation = Citation(number=1, document_id="d", page=2, start=0, end=5, score=0.5, quote="Mass.")
    message = Message(
        message_id="01A",
        kind="answer",
        question_id="q",
        sender=None,
        text="[1]",
        citations=[citation],
        ending="refused",
    )
    frame = MessageFrame(chat_id="c", message=message)
    assert SERVER_FRAMES.validate_json(frame.model_dump_json()) == frame
    with pytest.raises(ValidationError):
        SERVER_FRAMES.validate_json(frame.model_dump_json().replace("refused", "vanished"))


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({"seq": True}, False),
        ({"seq": "2"}, False),
        ({"seq": 2.0}, True),
        ({"seq": 2.5}, False),
        ({"seq": 2**53}, False),
    ],
)
def test_an_integer_is_defined_as_in_json_schema(changed: dict[str, Any], allowed: bool) -> None:
    frame = {"type": "resume", "request_id": "r1", "chat_id": "c1", "question_id": "q1", **changed}
    assert schema_allows(frame) is server_allows(frame) is allowed


@pytest.mark.parametrize(("text", "allowed"), [(" ", False), ("\u3000\x1c\n", False), (" a ", True), ("\ufeff", True)])
def test_white_space_alone_is_no_text(text: str, allowed: bool) -> None:
    frame = {"type": "ask", "request_id": "r1", "chat_id": "c1", "question_id": "q1", "text": text}
    assert schema_allows(frame) is server_allows(frame) is allowed


def schema_allows(frame: dict[str, Any]) -> bool:
    definitions = json.loads(protocol.schema())["$defs"]
    return bool(Draft202012Validator({"$ref": "#/$defs/ClientFrame", "$defs": definitions}).is_valid(frame))


def server_allows(frame: dict[str, Any]) -> bool:
    try:
        return parse(json.dumps(frame).encode()) is not None
    except ValidationError:
        return False
