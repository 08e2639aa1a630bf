"""The metrics that questions and erasures emit."""

from collections.abc import Callable

import pytest

from documind.clients.objects import Objects
from documind.wire import RoomDelete
from tests.emitted import emitted
from tests.functional.test_erasing import run_erasures
from tests.functional.world import Person, World


@pytest.mark.usefixtures("document")
def test_the_metrics_of_an_answered_question(
    world: World, ann: Person, chat_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world.models.pieces, world.models.tokens = ["Mass is ", "inertia [1]."], 1_234
    ann.ask()
    world.run_workflow(chat_id)
    found = emitted(capsys)
    assert found["QuestionsEnded", "answer"] == [1]
    assert found["Tokens", None] == [1_234]
    (first_text_s,) = found["TimeToFirstText", None]
    (retrieval_ms,) = found["RetrievalTime", None]
    assert first_text_s >= 0
    assert retrieval_ms >= 0


def test_each_ending_is_counted_once(
    world: World, ann: Person, chat_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ann.ask()
    world.run_workflow(chat_id)
    world.step("apologise", chat_id, error="States.Timeout")
    assert emitted(capsys) == {("QuestionsEnded", "no_results"): [1]}


def test_the_age_of_an_unfinished_erasure_is_emitted(
    world: World,
    ann: Person,
    objects: Objects,
    let_pass: Callable[[float], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    ann.open()
    ann.send(RoomDelete(request_id="r", chat_id=ann.room))
    let_pass(300)
    run_erasures(world, objects)
    ages = emitted(capsys)["OpenErasureAge", None]
    assert len(ages) == 1
    assert 299 <= ages[0] < 330
