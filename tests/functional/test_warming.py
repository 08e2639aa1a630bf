"""What is done before the first question: the function that answers is started, and a sleeping search woken."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

import answer.handler
from documind import wire
from documind.clients.search import RoomScope
from documind.clients.workflow import WARM_FOR_S, AnswerFunction
from documind.errors import Code, Ending, UnavailableError
from documind.wire import Stage
from tests.fakes import FakeFunctions
from tests.functional.world import Person, World, all_of, endings, kinds
from tests.lambda_context import Context

WARM = {"step": "warm"}


def test_opening_rooms_warms_the_answer_once_in_a_while(world: World, ann: Person) -> None:
    ann.open("Physics")
    ann.open("Chemistry")
    assert world.functions.invoked == [WARM]


def test_a_page_that_renews_its_connection_wakes_nothing(world: World, ann: Person) -> None:
    chat_id = ann.open("Physics")
    world.functions.invoked.clear()
    world.set_up()
    ann.send(wire.Open(request_id="r9", chat_id=chat_id, again=True))
    assert world.functions.invoked == []


def test_a_room_opens_though_nothing_can_be_warmed(world: World, ann: Person) -> None:
    world.functions.failing = True
    assert ann.open("Physics")


def test_it_is_warmed_again_after_eight_minutes() -> None:
    functions, now = FakeFunctions(), [0.0]
    function = AnswerFunction(functions, "answer", clock=lambda: now[0])
    functions.failing = True
    function.warm()  # a failure is tried again
    functions.failing = False
    for now[0] in (0, WARM_FOR_S - 1, WARM_FOR_S, WARM_FOR_S + 1):
        function.warm()
    assert functions.invoked == [WARM, WARM]


@pytest.mark.parametrize("is_there", [True, False])
def test_warming_sends_the_search_a_request_and_fails_at_nothing(world: World, is_there: bool) -> None:
    asked: list[RoomScope] = []

    def count(scope: RoomScope) -> int:
        asked.append(scope)
        if not is_there:
            raise UnavailableError(Code.SEARCH_UNAVAILABLE)
        return 0

    world.monkeypatch.setattr(world.search, "count", count)
    answer.handler.handler(WARM, Context())
    assert len(asked) == 1


@pytest.mark.parametrize(("kind", "told"), [("serverless", ["waking"]), ("domain", [])])
def test_who_asks_is_told_that_the_search_wakes(
    world: World, ann: Person, chat_id: str, kind: str, told: list[str]
) -> None:
    world.ready_document(chat_id, "Mass is inertia.")
    world.models.pieces = ["Mass is inertia [1]."]
    world.monkeypatch.setattr("answer.retrieve.WAKING_AFTER_S", 0.05)
    find, awake = world.search.find, Event()

    def find_when_awake(*arguments: Any, **keywords: Any) -> Any:
        awake.wait(1 if kind == "serverless" else 0.2)
        return find(*arguments, **keywords)

    world.monkeypatch.setattr(world.search, "find", find_when_awake)
    with ThreadPoolExecutor() as executor:
        world.set_up(of_answer={"search_kind": kind}, executor=executor)
        ann.ask()
        world.run_workflow(chat_id)
    frames = ann.seen()
    assert [stage.name for stage in all_of(Stage, frames)] == told
    assert kinds(frames) == ["message", *["stage" for _ in told], "delta", "message"]
    assert [message.ending for message in endings(frames)] == [Ending.ANSWER]
