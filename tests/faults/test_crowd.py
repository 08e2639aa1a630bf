"""Many people ask at the same moment, and each question ends once at everybody of its room."""

from collections import Counter
from collections.abc import Callable

import pytest

from bench.crowd import Asker, Crowd, gather, p50, p95
from documind.errors import Ending
from documind.wire import Message
from tests.deployed import Models, Person
from tests.faults.tables import Tables
from tests.sizes import size

ROOMS = size(2, 10)
PEOPLE = size(8, 50)
WARM_UPS = size(1, 4)  # local functions start slowly, and few at once
WARM_UP_TAKES_S = size(0, 10)  # of the model, so that in the end as many functions run as questions are asked
MODEL_TAKES_S = size((0,), (0, 4))
ENDED_WITHIN_S = 60


def test_everybody_who_asks_at_once_is_answered_once(
    sign_up: Callable[[], Person],
    tables: Tables,
    offline_models: Models,
    capsys: pytest.CaptureFixture[str],
) -> None:
    crowd = gather(lambda: sign_up().connect(), rooms=ROOMS, people=PEOPLE)
    offline_models.fail(chat={"delay_s": WARM_UP_TAKES_S})
    for _ in range(WARM_UPS):
        crowd.ask_at_once(ENDED_WITHIN_S)
        assert_each_question_ended_once(crowd)
    for delay_s in MODEL_TAKES_S:
        offline_models.fail(chat={"delay_s": delay_s})
        crowd.ask_at_once(ENDED_WITHIN_S)
        assert_each_question_ended_once(crowd)
        assert {message.ending for asker in crowd.askers for message in asker.endings} == {Ending.ANSWER}
        ended_s = crowd.ended_s()
        with capsys.disabled():
            print(
                f"\n{PEOPLE} askers in {ROOMS} rooms, model takes {delay_s} s: ended after p50 {p50(ended_s):.2f} s, "
                f"p95 {p95(ended_s):.2f} s, longest {ended_s[-1]:.2f} s"
            )
    tables.assert_nothing_is_lost()


def assert_each_question_ended_once(crowd: Crowd) -> None:
    """At every connection of its room, each question has one ending, and at all of them the same."""
    for room in crowd.rooms:
        asked = Counter(asker.question_id for asker in room)
        for asker in room:
            assert Counter(message.question_id for message in asker.endings) == asked
            assert endings_of(asker) == endings_of(room[0])


def endings_of(asker: Asker) -> dict[str, Message]:
    return {message.question_id: message for message in asker.endings}
