"""Many people ask at the same moment, and each question ends once at everybody of its room."""

from collections import Counter
from collections.abc import Callable

import pytest

from bench.crowd import QUESTION, Asker, Crowd, gather, p50, p95
from documind.errors import Ending
from documind.wire import Message, MessageFrame
from documind_cli.client import Client
from tests.deployed import Models, Person
from tests.e2e.asking import send_question
from tests.faults.tables import Tables
from tests.sizes import size

ROOMS = size(2, 10)
PEOPLE = size(8, 50)
WARM_UPS = size(1, 4)  # local functions start slowly, and few at once
WARM_UP_TAKES_S = size(0, 10)  # of the model, so that in the end as many functions run as questions are asked
MODEL_TAKES_S = size((0,), (0, 4))
ENDED_WITHIN_S = 60
ONE_ROOM, EACH, OF_ONE = size((4, 2, 5), (50, 3, 30))  # people in one room, their questions, those of one user
SLOW_MODEL_S = size(1, 20)


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


def test_nobody_of_many_who_ask_at_once_is_told_that_a_budget_is_used_up(
    sign_up: Callable[[], Person], offline_models: Models, tables: Tables
) -> None:
    """With the default budgets only at full size: the stage of the short tests has none to speak of."""
    (room,) = gather(lambda: sign_up().connect(), rooms=1, people=ONE_ROOM).rooms
    alone = gather(lambda: sign_up().connect(), rooms=1, people=1).rooms[0][0]
    offline_models.fail(chat={"delay_s": SLOW_MODEL_S})
    asked = [(asker.client, send_question(asker.client, QUESTION)) for _ in range(EACH) for asker in room]
    asked += [(alone.client, send_question(alone.client, QUESTION)) for _ in range(OF_ONE)]
    ends = [end_of(client, question_id) for client, question_id in asked]
    assert len(ends) == ONE_ROOM * EACH + OF_ONE
    assert {end.ending for end in ends} <= {Ending.ANSWER, Ending.TIMEOUT}  # on two cores not all run at once
    tables.assert_nothing_is_lost()


def end_of(client: Client, question_id: str) -> Message:
    """Return what a question ended with; raises RefusedError for the error `busy`, and at any other."""
    frame = client.wait_for(
        MessageFrame, lambda frame: frame.message.question_id == question_id and frame.message.ending is not None, 120
    )
    return frame.message


def assert_each_question_ended_once(crowd: Crowd) -> None:
    """At every connection of its room, each question has one ending, and at all of them the same."""
    for room in crowd.rooms:
        asked = Counter(asker.question_id for asker in room)
        for asker in room:
            assert Counter(message.question_id for message in asker.endings) == asked
            assert endings_of(asker) == endings_of(room[0])


def endings_of(asker: Asker) -> dict[str, Message]:
    return {message.question_id: message for message in asker.endings}
