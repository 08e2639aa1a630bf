"""Asking, stopping and resuming: what is stored and broadcast, and that a question ends once."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from documind.clients.search import Hit
from documind.errors import Code, Ending
from documind.stores.conversation import Question
from documind.stores.documents import StoredDocument
from documind.wire import Accepted, Ask, ErrorFrame, MessageFrame, Resume, Stop
from tests.functional.world import HERE, Person, World, all_of, endings, kinds, only


def ask(question_id: str = "q1", text: str = "What is mass?", request_id: str = "r1") -> Ask:
    return Ask(request_id=request_id, chat_id=HERE, question_id=question_id, text=text)


def test_a_question_is_accepted_started_once_and_broadcast(
    world: World, ann: Person, bob: Person, chat_id: str
) -> None:
    accepted = only(Accepted, ann.send(ask(text="  質量是什麼？ ")))
    (shown,) = world.whole_history(chat_id)
    assert (accepted.request_id, accepted.question_id, accepted.message_id) == ("r1", "q1", shown.message_id)
    assert (shown.kind, shown.sender, shown.text, shown.ending) == ("question", "Ann", "質量是什麼？", None)
    assert world.workflow.started == [(chat_id, "q1")]
    world.run_workflow(chat_id)
    frames = bob.seen()
    assert kinds(frames) == ["message", "message"]
    assert frames == ann.seen()
    assert all_of(MessageFrame, frames)[0].message == shown


def test_asking_twice_with_the_same_id_is_idempotent(world: World, ann: Person, bob: Person, chat_id: str) -> None:
    first = ann.ask()
    again = ann.send(ask(request_id="r2"))
    assert kinds(again) == ["accepted", "message"]
    assert only(Accepted, again).message_id == first.message_id
    (shown,) = all_of(MessageFrame, bob.seen())
    world.run_workflow(chat_id)
    # Clients identify and order messages by their ids, so they show it once.
    assert all_of(MessageFrame, bob.seen())[0].message == shown.message
    assert world.workflow.started == [(chat_id, "q1")]
    assert [message.kind for message in world.whole_history(chat_id)] == ["question", "answer"]


def test_a_question_id_cannot_be_used_for_another_text_or_user(
    world: World, ann: Person, bob: Person, chat_id: str
) -> None:
    ann.ask()
    for person, text in ((ann, "What is energy?"), (bob, "What is mass?")):
        (error,) = person.send(ask(text=text))[-1:]
        assert isinstance(error, ErrorFrame)
        assert error.code == Code.QUESTION_ID_TAKEN
    assert [message.text for message in world.whole_history(chat_id)] == ["What is mass?"]
    assert len(world.workflow.started) == 1


def test_the_same_id_in_another_room_is_another_question(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    other = ann.open("Chemistry")
    ann.ask(text="What is an acid?")
    assert world.workflow.started == [(chat_id, "q1"), (other, "q1")]
    assert [message.text for message in world.whole_history(chat_id)] == ["What is mass?"]


def test_a_question_whose_workflow_cannot_start_is_broadcast_and_ends_at_once(
    world: World, ann: Person, bob: Person, chat_id: str
) -> None:
    world.ready_document(chat_id, "Mass is inertia.")
    world.workflow.failing = True
    frames = ann.send(ask())
    assert kinds(frames) == ["accepted", "message", "message"]
    assert [message.ending for message in endings(frames)] == [Ending.ERROR]
    assert endings(bob.seen()) == endings(frames)
    world.run_workflow(chat_id)  # the workflow was started although the call failed
    assert world.models.embedded == []
    assert ann.seen() == []


def test_a_question_whose_run_has_claimed_it_is_not_ended_by_a_failed_start(
    world: World, ann: Person, chat_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin_and_fail(*_: object) -> bool:
        return world.questions.claim(chat_id, "q1", "run-1") is None

    monkeypatch.setattr(world.workflow, "start", begin_and_fail)
    assert endings(ann.send(ask())) == []
    assert [question.state for question in world.questions.open_in(chat_id)] == ["streaming"]


def test_the_same_question_at_the_same_moment_is_started_once(
    world: World, ann: Person, bob: Person, chat_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, phone = world.workflow.start, world.person("ann", device="phone")
    phone.enter(chat_id)

    def while_it_comes_again(*question: str) -> bool:
        monkeypatch.setattr(world.workflow, "start", start)
        assert kinds(phone.send(ask(request_id="r2"))) == ["accepted", "message"]
        return start(*question)

    monkeypatch.setattr(world.workflow, "start", while_it_comes_again)
    ann.ask()
    assert world.workflow.started == [(chat_id, "q1")]
    assert kinds(bob.seen()) == ["message"]


def test_a_run_that_claims_a_question_during_a_stop_ends_it_itself(
    world: World, ann: Person, chat_id: str, document: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = world.questions.stop

    def stop_and_be_claimed(*question: str) -> Question | None:
        stopped = stop(*question)
        world.models.pieces = ["Mass is inertia [1]."]
        world.run_workflow(chat_id)
        return stopped

    ann.ask()
    monkeypatch.setattr(world.questions, "stop", stop_and_be_claimed)
    frames = ann.send(Stop(request_id="r2", chat_id=HERE, question_id="q1"))
    assert document
    assert len(endings(frames)) == 1


def test_a_stop_before_any_run_ends_the_question_at_once(world: World, ann: Person, bob: Person, chat_id: str) -> None:
    world.ready_document(chat_id, "Mass is inertia.")
    ann.ask()
    bob.seen()
    frames = ann.send(Stop(request_id="r2", chat_id=HERE, question_id="q1"))
    assert kinds(frames) == ["accepted", "message", "message"]  # the stop posts the question, because no run will
    assert only(Accepted, frames).request_id == "r2"
    (ended,) = endings(frames)
    assert (ended.ending, ended.text) == (Ending.STOPPED, "Stopped.")
    assert endings(bob.seen()) == [ended]
    world.run_workflow(chat_id)
    assert bob.seen() == []
    assert world.models.prompts == []
    assert world.models.embedded == []


@pytest.mark.parametrize("ended_by", ["stop", "time", "another run"])
def test_a_question_that_ends_during_its_search_calls_no_model(
    world: World,
    ann: Person,
    chat_id: str,
    document: StoredDocument,
    monkeypatch: pytest.MonkeyPatch,
    ended_by: str,
) -> None:
    is_over, find = Event(), world.search.find

    def slowly(*asked: Any, **how: Any) -> list[Hit]:
        if ended_by == "stop":
            ann.send(Stop(request_id="r2", chat_id=HERE, question_id="q1"))
        elif ended_by == "another run":
            world.claim(chat_id)
        is_over.wait(10)
        return find(*asked, **how)

    ann.ask()
    monkeypatch.setattr(world.search, "find", slowly)
    monkeypatch.setattr("answer.answering.HEARTBEAT_S", 0.05)
    with ThreadPoolExecutor(8) as executor:
        world.set_up(of_answer={"apology_after_s": 0 if ended_by == "time" else 60}, executor=executor)
        world.run_workflow(chat_id)
        is_over.set()
    assert document
    assert world.models.prompts == []
    ended = {"stop": [Ending.STOPPED], "time": [Ending.TIMEOUT], "another run": []}[ended_by]
    assert [message.ending for message in world.whole_history(chat_id)] == [None, *ended]


def test_a_stop_of_an_ended_question_answers_with_its_end(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    (frame,) = ann.send(Stop(request_id="r2", chat_id=HERE, question_id="q1"))
    assert frame == MessageFrame(request_id="r2", chat_id=chat_id, message=ended)


@pytest.mark.parametrize(
    "frame",
    [Stop(request_id="r", chat_id=HERE, question_id="q9"), Resume(request_id="r", chat_id=HERE, question_id="q9")],
)
def test_an_unknown_question_cannot_be_stopped_or_resumed(ann: Person, chat_id: str, frame: Stop | Resume) -> None:
    assert chat_id
    error = only(ErrorFrame, ann.send(frame))
    assert (error.code, error.request_id) == (Code.QUESTION_NOT_FOUND, "r")


def test_a_question_gets_a_ttl_of_a_day_when_it_ends(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    key = {"pk": f"ROOM#{chat_id}", "sk": "Q#q1"}
    assert "expires_at" not in world.rooms_table.get_item(Key=key)["Item"]  # else it might expire before it is ended
    world.run_workflow(chat_id)
    expires_at = world.rooms_table.get_item(Key=key)["Item"]["expires_at"]
    assert int(str(expires_at)) == pytest.approx(time.time() + 24 * 3600, abs=5)


def test_a_question_goes_to_the_room_that_it_names_whatever_room_is_open(world: World, ann: Person) -> None:
    physics, poems = ann.open("Physics"), ann.open("Poems")
    accepted = only(Accepted, ann.send(Ask(request_id="r", chat_id=physics, question_id="q1", text="What is mass?")))
    assert accepted.chat_id == physics
    assert [len(world.live_messages(chat_id)) for chat_id in (physics, poems)] == [1, 0]
