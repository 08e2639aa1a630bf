"""Every connection that has a room open receives the same frames, and nobody else does."""

from collections.abc import Callable

import pytest

from documind.errors import Code
from documind.ids import new_random_id
from documind.wire import Accepted, Ask, Delta, MessageFrame, Open, Opened, RoomList, Rooms, ServerFrame, Stage
from documind_cli.client import Client, RefusedError
from tests.deployed import Models, Person
from tests.e2e.asking import follow_answer, send_question, until, until_end
from tests.e2e.rooms import HANDBOOK, follow, history_of, upload

QUESTION = "How many volumes may readers with a green card borrow?"


def test_two_connections_of_a_room_see_the_same(person: Person) -> None:
    asking, watching = person.connect(), person.connect("zh-TW")
    room = asking.open("Together")
    assert watching.open("Together").chat_id == room.chat_id
    document, told = upload(asking, HANDBOOK)
    seen = follow(watching, document.document_id)[1]
    while seen[-1] != told[-1]:
        seen += follow(watching, document.document_id)[1]
    assert seen[-len(told) :] == told
    question_id = send_question(asking, QUESTION)
    assert of_question(until_end(watching, question_id)) == of_question(until_end(asking, question_id))
    watching.close()
    assert [room.name for room in asking.request(RoomList(request_id=new_random_id()), Rooms).rooms] == ["Together"]


def test_a_room_opened_during_an_answer_shows_its_text_so_far_and_later(person: Person, offline_models: Models) -> None:
    asking = person.connect()
    asking.open("Late")
    upload(asking, HANDBOOK)
    offline_models.fail(chat={"delay_per_piece_s": 1})
    question_id = send_question(asking, QUESTION)
    until(asking, Delta)

    late = person.connect()
    opened = late.open("Late")
    assert [question.question_id for question in opened.active] == [question_id]
    assert [message.kind for message in history_of(late)] == ["question"]
    offline_models.fail(chat={"delay_per_piece_s": 0.2})
    text, end = follow_answer(late, question_id)
    assert end.text.startswith(text.rstrip())
    assert len(text) > len(end.text) / 2
    shown = until_end(asking, question_id)[-1]
    assert isinstance(shown, MessageFrame)
    assert shown.message == end


def test_a_stranger_cannot_open_a_room_by_its_id(sign_up: Callable[[], Person]) -> None:
    owner, stranger = sign_up().connect(), sign_up().connect("zh-TW")
    room = owner.open("私人")
    with pytest.raises(RefusedError) as refused:
        open_by_id(stranger, room.chat_id)
    assert refused.value.frame.code is Code.ROOM_NOT_FOUND
    assert "找不到" in refused.value.frame.message
    stranger.chat_id = room.chat_id
    with pytest.raises(RefusedError) as refused:
        stranger.request(Ask(request_id="r", chat_id=stranger.chat_id, question_id="q", text=QUESTION), Accepted)
    assert refused.value.frame.code is Code.ROOM_NOT_FOUND
    assert stranger.open("私人").chat_id != room.chat_id
    assert open_by_id(owner, room.chat_id).name == "私人"


def open_by_id(client: Client, chat_id: str) -> Opened:
    return client.request(Open(request_id=new_random_id(), chat_id=chat_id), Opened)


def of_question(frames: list[ServerFrame]) -> list[ServerFrame]:
    """Return the frames about a question, with the question itself first.

    One function posts the question and another its stages, so their order may differ between two connections.
    """
    told = [frame for frame in frames if isinstance(frame, Stage | Delta | MessageFrame)]
    return sorted(told, key=lambda frame: not (isinstance(frame, MessageFrame) and frame.message.kind == "question"))
