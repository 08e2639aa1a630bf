"""Runs of the workflow that are stopped, silent, duplicated, overtaken or failed: the question has one ending."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from documind.errors import Code, Ending, UnavailableError
from documind.logs import InvocationFailedError
from documind.stores.conversation import Question
from documind.wire import Delta, MessageFrame, ServerFrame, Stage, Stop
from tests.functional.world import HERE, Person, World, all_of, endings, kinds, shown_text


@pytest.mark.usefixtures("document")
def test_a_stop_during_the_answer_keeps_the_text_and_closes_the_stream(world: World, ann: Person, chat_id: str) -> None:
    def endlessly() -> Iterator[str]:
        yield "Mass [1] "
        while True:
            time.sleep(0.005)
            yield "and so on "

    def stop_at_the_first_text(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Delta) and frame.after == 0:
            ann.send(Stop(request_id="r", chat_id=HERE, question_id="q1"))

    ann.ask()
    world.models.pieces = endlessly()
    world.api.on_post = stop_at_the_first_text
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert ended.ending == Ending.STOPPED
    assert ended.text.startswith("Mass [1] and so on")
    assert [each.number for each in ended.citations] == [1]
    assert world.models.closed == 1


@pytest.mark.usefixtures("document")
def test_a_silent_model_leads_to_the_apology(world: World, ann: Person, chat_id: str) -> None:
    apologised = Event()

    def silence() -> Iterator[str]:
        apologised.wait(5)
        yield "too late [1]"

    world.set_up(of_answer={"apology_after_s": 0})
    world.monkeypatch.setattr("answer.reader.CLOSE_S", 0.01)
    ann.ask(text="質量？")
    world.models.pieces = silence()
    world.run_workflow(chat_id)
    apologised.set()
    frames = ann.seen()
    assert kinds(frames) == ["message", "stage", "message"]
    (ended,) = endings(frames)
    assert (ended.ending, ended.text) == (Ending.TIMEOUT, "抱歉，沒能及時得到答案，請稍後再問一次。")


@pytest.mark.usefixtures("document")
def test_a_slow_broadcast_of_the_question_does_not_delay_the_model(world: World, ann: Person, chat_id: str) -> None:
    called, called_meanwhile = Event(), []

    def pieces() -> Iterator[str]:
        called.set()
        yield "Mass [1]."

    def take(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, MessageFrame) and frame.searching:
            called_meanwhile.append(called.wait(5))

    ann.ask()
    world.models.pieces = pieces()
    world.api.on_post = take
    with ThreadPoolExecutor() as executor:
        world.set_up(executor=executor)
        world.run_workflow(chat_id)
    assert called_meanwhile == [True]
    assert kinds(ann.seen()) == ["message", "delta", "message"]


@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.usefixtures("document")
def test_a_slow_broadcast_of_a_stage_delays_no_save_and_stays_in_order(
    world: World, ann: Person, chat_id: str, breaks: bool
) -> None:
    reading, read_on, overtaken, meanwhile = Event(), Event(), Event(), []

    def pieces() -> Iterator[str]:
        reading.wait(5)
        if breaks:
            read_on.set()
            raise OSError
        yield "Mass [1]."

    def take(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Stage):
            reading.set()
            meanwhile.append((read_on.wait(5), overtaken.wait(0.05)))
        elif reading.is_set():
            overtaken.set()

    def save(question: Question, text: str) -> Question | None:
        if text:
            read_on.set()
        return saved(question, text)

    ann.ask()
    saved = world.questions.save
    world.monkeypatch.setattr(world.questions, "save", save)
    world.monkeypatch.setattr("answer.publish.READING_AFTER_S", 0)
    world.models.pieces = pieces()
    world.api.on_post = take
    with ThreadPoolExecutor() as executor:
        world.set_up(executor=executor)
        world.run_workflow(chat_id)
    assert meanwhile == [(True, False)]
    assert kinds(ann.seen()) == ["message", "stage", *([] if breaks else ["delta"]), "message"]


@pytest.mark.usefixtures("document")
def test_of_two_runs_only_the_first_claims_and_answers(world: World, ann: Person, chat_id: str) -> None:
    second: list[ServerFrame] = []

    def while_another_run_comes(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Delta) and not second:
            second.append(frame)
            world.step("answer", chat_id, run="run-2")
            world.step("apologise", chat_id, run="run-2", error="States.TaskFailed")

    ann.ask()
    world.models.pieces = ["Mass [1]."]
    world.api.on_post = while_another_run_comes
    world.run_workflow(chat_id)
    assert second
    assert len(world.models.prompts) == 1
    assert len(world.models.embedded) == 1
    assert [(ended.ending, ended.text) for ended in endings(ann.seen())] == [(Ending.ANSWER, "Mass [1].")]


@pytest.mark.usefixtures("document")
def test_a_run_that_was_overtaken_posts_nothing_more(world: World, ann: Person, chat_id: str) -> None:
    def endlessly() -> Iterator[str]:
        while True:
            yield "on and on [1] "
            time.sleep(0.005)

    def the_task_is_retried(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Delta) and frame.epoch == 1 and len(world.models.prompts) == 1:
            world.models.pieces = ["Anew [2]."]
            world.run_workflow(chat_id)

    ann.ask()
    world.models.pieces = endlessly()
    world.api.on_post = the_task_is_retried
    world.run_workflow(chat_id)
    frames = ann.seen()
    assert [(ended.ending, ended.text) for ended in endings(frames)] == [(Ending.ANSWER, "Anew [1].")]
    assert shown_text(frames) == "Anew [1]."
    assert [delta.epoch for delta in all_of(Delta, frames)] == [1, 2]
    assert world.models.closed == 2


@pytest.mark.usefixtures("document")
def test_a_run_that_is_overtaken_before_its_last_write_does_not_end_the_question(
    world: World, ann: Person, chat_id: str
) -> None:
    def the_task_is_retried(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Delta):
            assert world.questions.claim(chat_id, "q1", "run-1")

    ann.ask()
    world.models.pieces = ["Mass [1]."]
    world.api.on_post = the_task_is_retried
    world.run_workflow(chat_id)
    assert endings(ann.seen()) == []
    assert [question.epoch for question in world.questions.open_in(chat_id)] == [2]


@pytest.mark.usefixtures("document")
def test_a_workflow_that_runs_twice_answers_once(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    world.models.pieces = ["Mass [1]."]
    world.run_workflow(chat_id)
    world.run_workflow(chat_id, run="run-2")
    world.step("apologise", chat_id, run="run-2", error="States.Timeout")
    assert len(endings(ann.seen())) == 1
    assert len(world.models.prompts) == 1
    assert [message.kind for message in world.whole_history(chat_id)] == ["question", "answer"]


@pytest.mark.parametrize(
    ("saved", "error", "ending"),
    [
        (None, "States.Timeout", Ending.TIMEOUT),
        (None, "States.TaskFailed", Ending.ERROR),
        ("", "States.Timeout", Ending.TIMEOUT),
        ("Half", "States.Timeout", Ending.ERROR),
        ("Half", "Runtime.HandlerError", Ending.ERROR),
    ],
)
def test_a_run_that_failed_apologises_and_keeps_what_was_shown(
    world: World, ann: Person, chat_id: str, saved: str | None, error: str, ending: Ending
) -> None:
    ann.ask()
    if saved is not None:
        world.questions.save(world.claim(chat_id), saved)
    world.step("apologise", chat_id, error=error)
    (ended,) = endings(ann.seen())
    assert ended.ending == ending
    assert ended.text == saved if saved else ended.text.startswith("Sorry,")
    world.step("apologise", chat_id, error=error)
    assert endings(ann.seen()) == []


@pytest.mark.usefixtures("document")
def test_an_unreachable_search_ends_the_question_at_once(world: World, ann: Person, chat_id: str) -> None:
    def fail(*_: object, **__: object) -> list[object]:
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    ann.ask()
    world.monkeypatch.setattr(world.search, "find", fail)
    world.run_workflow(chat_id)
    assert [ended.ending for ended in endings(ann.seen())] == [Ending.ERROR]
    assert world.models.prompts == []


@pytest.mark.usefixtures("document")
def test_a_defect_in_retrieval_ends_the_question_by_the_apology(world: World, ann: Person, chat_id: str) -> None:
    def fail(*_: object, **__: object) -> list[object]:
        raise RuntimeError

    ann.ask()
    world.monkeypatch.setattr(world.search, "find", fail)
    with pytest.raises(InvocationFailedError, match="RuntimeError"):
        world.run_workflow(chat_id)
    assert endings(ann.seen()) == []
    world.step("apologise", chat_id, error="Runtime.HandlerError")
    assert [ended.ending for ended in endings(ann.seen())] == [Ending.ERROR]


@pytest.mark.usefixtures("document")
def test_a_connection_lost_during_the_answer_does_not_affect_others(world: World, ann: Person, chat_id: str) -> None:
    phone = world.person(device="phone")
    phone.enter(chat_id)
    world.api.gone.add(phone.connection_id)
    ann.ask()
    world.models.pieces = ["Mass [1]."]
    world.run_workflow(chat_id)
    assert len(endings(ann.seen())) == 1
    assert [each.connection_id for each in world.connections.of_room(chat_id)] == [ann.connection_id]


def test_an_unknown_question_is_no_error(world: World, chat_id: str) -> None:
    world.step("answer", chat_id, "q9")
    world.step("apologise", chat_id, "q9")
    assert world.live_messages(chat_id) == []


@pytest.mark.usefixtures("document")
def test_a_question_past_its_deadline_before_its_run_began_ends_before_any_model_is_called(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    let_pass(61)
    world.run_workflow(chat_id)
    frames = ann.seen()
    assert [ended.ending for ended in endings(frames)] == [Ending.TIMEOUT]
    assert kinds(frames) == ["message", "message"]
    assert (world.models.embedded, world.models.prompts) == ([], [])
