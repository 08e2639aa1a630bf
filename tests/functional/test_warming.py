"""Before the first question the answer function is started and a search scaled to zero is woken."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

import answer.handler
from answer.answering import WAKING_AFTER
from documind import wire
from documind.clients.workflow import WARM_FOR_S, AnswerFunction
from documind.errors import Ending
from documind.wire import ServerFrame, Stage
from tests.fakes import FakeFunctions
from tests.functional.world import Person, World, all_of, endings, kinds
from tests.lambda_context import Context

WARM = {"step": "warm"}


def test_opening_rooms_warms_the_answer_function_at_intervals(world: World, ann: Person) -> None:
    ann.open("Physics")
    ann.open("Chemistry")
    assert world.functions.invoked == [WARM]


def test_a_page_that_renews_its_connection_warms_nothing(world: World, ann: Person) -> None:
    chat_id = ann.open("Physics")
    world.functions.invoked.clear()
    world.set_up()
    ann.send(wire.Open(request_id="r9", chat_id=chat_id, again=True))
    assert world.functions.invoked == []


def test_a_room_opens_although_warming_fails(world: World, ann: Person) -> None:
    world.functions.failing = True
    assert ann.open("Physics")


def test_it_is_warmed_again_after_eight_minutes() -> None:
    functions, now = FakeFunctions(), [0.0]
    function = AnswerFunction(functions, "answer", clock=lambda: now[0])
    functions.failing = True
    function.warm()  # a failed call does not count as warming
    functions.failing = False
    for now[0] in (0, WARM_FOR_S - 1, WARM_FOR_S, WARM_FOR_S + 1):
        function.warm()
    assert functions.invoked == [WARM, WARM]


def test_warming_wakes_the_search(world: World) -> None:
    woken: list[bool] = []
    world.monkeypatch.setattr(world.search, "wake", lambda: woken.append(True))
    answer.handler.handler(WARM, Context())
    assert woken == [True]


@dataclass
class Waits:
    """Makes calls wait, counted in heartbeats of the run that answers."""

    world: World
    heartbeats: int = 0

    def count(self) -> None:
        self.heartbeats += 1

    def long(self) -> None:
        """Wait for longer than a search that is awake takes."""
        until = self.heartbeats + 2 * WAKING_AFTER
        while self.heartbeats < until:
            time.sleep(0.001)

    def before(self, part: object, method: str, waits: Callable[[], None]) -> None:
        function = getattr(part, method)

        def called(*arguments: Any, **keywords: Any) -> Any:
            waits()
            return function(*arguments, **keywords)

        self.world.monkeypatch.setattr(part, method, called)

    def run_workflow(self, chat_id: str, question_id: str = "q1", kind: str = "serverless") -> None:
        with ThreadPoolExecutor() as executor:
            self.world.set_up(of_answer={"search_kind": kind}, executor=executor)
            self.world.run_workflow(chat_id, question_id)


@pytest.fixture
def waits(world: World, chat_id: str) -> Waits:
    world.ready_document(chat_id, "Mass is inertia.")
    world.models.pieces, world.models.written = ["Mass is inertia [1]."], '{"question": "And energy?"}'
    world.monkeypatch.setattr("answer.answering.HEARTBEAT_S", 0.01)
    waits = Waits(world)
    waits.before(world.questions, "save", waits.count)
    return waits


@pytest.mark.parametrize(("kind", "told"), [("serverless", ["waking"]), ("domain", [])])
def test_the_asker_is_told_once_that_the_search_is_waking(
    waits: Waits, ann: Person, chat_id: str, kind: str, told: list[str]
) -> None:
    waits.before(waits.world.search, "find", waits.long)
    ann.ask()
    waits.run_workflow(chat_id, kind=kind)
    frames = ann.seen()
    assert [stage.name for stage in all_of(Stage, frames)] == told
    assert kinds(frames) == ["message", *["stage" for _ in told], "delta", "message"]
    assert [message.ending for message in endings(frames)] == [Ending.ANSWER]


@pytest.mark.parametrize("slow", ["embed", "write_json"])
def test_a_slow_model_is_not_reported_as_a_waking_search(waits: Waits, ann: Person, chat_id: str, slow: str) -> None:
    ann.ask()
    waits.run_workflow(chat_id)
    ann.ask("q2", "And energy?")
    waits.before(waits.world.models, slow, waits.long)
    waits.run_workflow(chat_id, "q2")
    assert waits.heartbeats > 2 * WAKING_AFTER
    assert kinds(ann.seen()) == ["message", "delta", "message"]


def test_a_waking_search_is_not_reported_after_a_stop(waits: Waits, ann: Person, chat_id: str) -> None:
    ended, told, told_then = Event(), Event(), []

    def stop() -> None:
        waits.world.questions.stop(chat_id, "q1")
        told_then.append((ended.wait(5), told.wait(0.1)))

    def take(_connection_id: str, frame: ServerFrame) -> None:
        if isinstance(frame, Stage):
            told.set()
        elif endings([frame]):
            ended.set()

    ann.ask()
    waits.world.api.on_post = take
    waits.before(waits.world.search, "find", stop)
    waits.run_workflow(chat_id)
    assert told_then == [(True, False)]
