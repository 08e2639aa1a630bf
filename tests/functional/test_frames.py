"""Frames that cannot be handled: each gets one `error`, in the caller's language, and changes nothing."""

import json
import time

import pytest

import connect.handler
import flush_history.handler
from documind.errors import Code
from documind.logs import InvocationFailedError
from documind.wire import MAX_FRAME_BYTES, ErrorFrame, Limits, Ping, Pong
from tests.functional.world import HERE, Person, World, kinds, only
from tests.lambda_context import Context


def ask(text: str) -> str:
    frame = {"type": "ask", "request_id": "r1", "chat_id": HERE, "question_id": "q1", "text": text}
    return json.dumps(frame, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "code", "request_id"),
    [
        ("", Code.FRAME_INVALID, None),
        ("hello", Code.FRAME_INVALID, None),
        ("[1, 2]", Code.FRAME_INVALID, None),
        ("null", Code.FRAME_INVALID, None),
        ('{"type": "ping", "request_id": "r1"', Code.FRAME_INVALID, None),
        ('{"type": "ping"}', Code.FRAME_INVALID, None),
        ('{"type": "ping", "request_id": 5}', Code.FRAME_INVALID, None),
        ('{"request_id": "r1"}', Code.FRAME_INVALID, "r1"),
        ('{"type": 5, "request_id": "r1"}', Code.FRAME_UNKNOWN, "r1"),
        ('{"type": "sing", "request_id": "r1"}', Code.FRAME_UNKNOWN, "r1"),
        ('{"type": "ask", "request_id": "r1"}', Code.FRAME_INVALID, "r1"),
        (
            '{"type": "ask", "request_id": "r1", "chat_id": "here", "question_id": "q1", "text": "\\ud83d"}',
            Code.FRAME_INVALID,
            None,
        ),
        ('{"type": "ping", "request_id": "r1", "extra": 1}', Code.FRAME_INVALID, "r1"),
        ("[" * 20_000, Code.FRAME_INVALID, None),
        (ask("a\ud83db"), Code.FRAME_INVALID, None),
        ('{"type": "ping", "request_id": "r1\x00"}', Code.FRAME_INVALID, None),
        ("AAECAw==", Code.FRAME_INVALID, None),  # a binary frame, which API Gateway passes on in base64
        (
            '{"type": "resume", "request_id": "r1", "chat_id": "c", "question_id": "q", "seq": 1e999}',
            Code.FRAME_INVALID,
            "r1",
        ),
        ('{"type": ["ask"], "request_id": "r1"}', Code.FRAME_UNKNOWN, "r1"),
        (ask("x" * 33_000), Code.FRAME_TOO_LARGE, "r1"),
        (ask("長" * 11_000), Code.FRAME_TOO_LARGE, "r1"),
        (ask("長" * 4_001), Code.QUESTION_TOO_LONG, "r1"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_frames_that_cannot_be_handled_are_refused(world: World, body: str, code: Code, request_id: str | None) -> None:
    ann = world.person()
    ann.open()
    calls: list[str] = []
    events = world.rooms_table.meta.client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="counted")
    (error,) = ann.send(body)
    events.unregister("before-call.dynamodb", unique_id="counted")
    assert isinstance(error, ErrorFrame)
    assert (error.code, error.request_id) == (code, request_id)
    assert calls in ([], ["BatchGetItem"])  # a well-formed frame also costs the check of membership
    assert world.workflow.started == []
    assert world.live_messages(ann.world.connections.room_of(ann.connection_id) or "") == []


def test_the_longest_question_is_accepted(world: World, ann: Person, chat_id: str) -> None:
    ann.send(ask(" " + "長" * 4_000 + "\n"))
    assert world.workflow.started == [(chat_id, "q1")]


@pytest.mark.parametrize(("more", "kinds_of_reply"), [(0, ["accepted"]), (1, ["error"])])
def test_a_frame_may_have_at_most_32_kb(ann: Person, more: int, kinds_of_reply: list[str]) -> None:
    body = ask("長" * 4_000 + "_").replace(HERE, ann.open())
    padding = " " * (MAX_FRAME_BYTES + more - len(body.encode()) + 1)
    body = body.replace("長_", "長" + padding)
    assert len(body.encode()) == MAX_FRAME_BYTES + more
    assert kinds(ann.send(body)) == kinds_of_reply


def test_the_sentence_about_a_limit_is_in_the_callers_language(world: World) -> None:
    world.set_up(limits=Limits(max_question_characters=5, apology_after_s=60))
    ann, bob = world.person("ann"), world.person("bob", language="zh-TW")
    ann.open()
    bob.open()
    assert only(ErrorFrame, ann.send(ask("Too long"))).message.startswith("A question may have at most 5 characters.")
    assert only(ErrorFrame, bob.send(ask("太長的問題啊"))).message.startswith("問題最多 5 個字。")
    assert kinds(bob.send(ask("不長的問題"))) == ["accepted"]


def test_an_invalid_frame_is_described_by_the_fields_name_without_english_words(world: World) -> None:
    bob = world.person(language="zh-TW")
    error = only(ErrorFrame, bob.send(ask(" ")))
    assert error.message == "無法理解這則訊息（text string_pattern_mismatch）。請重新整理頁面後再試一次。"


def test_a_field_as_long_as_a_frame_still_gets_its_reply(world: World) -> None:
    body = json.dumps({"type": "ping", "request_id": "r1", "長" * 10_000: 1}, ensure_ascii=False)
    error = only(ErrorFrame, world.person().send(body))
    assert (error.code, error.request_id) == (Code.FRAME_INVALID, "r1")
    assert len(error.message) < 250


def test_a_defect_shows_the_user_an_id_and_not_its_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret: the table is called rooms")

    monkeypatch.setattr(world.rooms, "open_by_name", fail)
    error = only(ErrorFrame, world.person().send('{"type": "open", "request_id": "r1", "room": "Physics"}'))
    assert (error.code, error.request_id) == (Code.INTERNAL, "r1")
    assert "request" in error.message
    assert "secret" not in error.message


def test_a_connection_that_outlives_its_token_must_sign_in_again(world: World) -> None:
    ann = world.person(language="zh-TW")
    ann.token_expires_at = int(time.time()) + 5
    assert only(Pong, ann.send(Ping(request_id="r1"))).request_id == "r1"
    ann.token_expires_at = int(time.time())
    error = only(ErrorFrame, ann.send(Ping(request_id="r2")))
    assert (error.code, error.request_id, error.message) == (
        Code.NOT_SIGNED_IN,
        "r2",
        "登入已過期，請重新登入。",
    )


def test_a_reply_to_a_connection_that_is_gone_is_no_error(world: World, ann: Person) -> None:
    world.api.gone.add(ann.connection_id)
    assert ann.send(Ping(request_id="r1")) == []


def test_a_disconnect_that_crashes_leaves_no_stale_fan_out_entry(world: World, ann: Person, chat_id: str) -> None:
    with world.monkeypatch.context() as patch:
        patch.setattr(world.connections, "drop", lambda *_: 1 / 0)
        with pytest.raises(InvocationFailedError, match="ZeroDivisionError"):
            ann.disconnect()
    assert world.connections.room_of(ann.connection_id) == chat_id  # the next attempt finds the remaining items
    ann.disconnect()
    assert world.connections.of_room(chat_id) == []
    assert world.connections.room_of(ann.connection_id) is None


def test_too_many_frames_are_refused_with_the_seconds_until_a_retry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("message.rate.BURST_FRAMES", 3)
    monkeypatch.setattr("message.rate.FRAMES_PER_S", 0.1)
    ann, bob = world.person("ann"), world.person("bob", language="zh-TW")
    assert [kinds(ann.send(Ping(request_id="r1"))) for _ in range(4)] == [["pong"]] * 3 + [["error"]]
    assert [kinds(bob.send("not even JSON")) for _ in range(3)] == [["error"]] * 3
    error = only(ErrorFrame, bob.send(Ping(request_id="r2")))
    assert (error.code, error.request_id, error.retry_after_s) == (Code.RATE_LIMITED, "r2", 10)
    assert error.message == "訊息太多了，請於 10 秒後再試一次。"


@pytest.mark.parametrize("route", ["$connect", "$disconnect"])
def test_a_frame_that_names_connect_or_disconnect_is_refused_and_ends_no_connection(world: World, route: str) -> None:
    ann = world.person()
    chat_id = ann.open()
    handler = connect.handler.handler if route == "$connect" else flush_history.handler.handler
    body = json.dumps({"type": route, "request_id": "r1"})
    before = world.rooms_table.scan()["Items"]
    handler({"requestContext": ann.request("MESSAGE"), "body": body}, Context())
    error = only(ErrorFrame, ann.seen())
    assert (error.code, error.request_id) == (Code.FRAME_UNKNOWN, "r1")
    assert world.connections.room_of(ann.connection_id) == chat_id
    assert world.rooms_table.scan()["Items"] == before
