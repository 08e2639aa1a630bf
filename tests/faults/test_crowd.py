"""Many people ask at the same moment, and each member of a room receives one ending of each question."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.crowd import QUESTION, Asker, Crowd, gather, p50, p95
from documind.errors import Ending
from documind.ids import new_random_id
from documind.wire import Leave, Message, Pong
from tests.deployed import Models, Person
from tests.e2e.asking import send_question
from tests.faults.tables import Tables
from tests.sizes import size

ROOMS = size(2, 10)
PEOPLE = size(8, 50)
WARM_UPS = size(1, 4)  # because local functions start slowly, and few in parallel
WARM_UP_TAKES_S = size(0, 10)  # by the model: slow, so that in the end as many functions run as questions are asked
MODEL_TAKES_S = size((0,), (0, 4))
ENDED_WITHIN_S = 60
ONE_ROOM, EACH, OF_ONE = size((4, 2, 5), (50, 3, 30))  # people in a room, questions of each, of a lone user
SLOW_MODEL_S = size(1, 20)
ALL_ENDED_WITHIN_S = size(60, 240)


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


def test_concurrent_questions_never_end_as_budget(
    sign_up: Callable[[], Person], offline_models: Models, tables: Tables
) -> None:
    """The default budgets apply only at full size: the stage of the short tests has almost unlimited ones.

    Only one member has the room open and receives everything; the others have left it, so that the pieces of 150
    answers are not posted fifty times each.
    """
    (room,) = gather(lambda: sign_up().connect(), rooms=1, people=ONE_ROOM).rooms
    ((alone,),) = gather(lambda: sign_up().connect(), rooms=1, people=1).rooms
    for asker in room[1:]:
        asker.client.request(Leave(request_id=new_random_id()), Pong)
    offline_models.fail(chat={"delay_s": SLOW_MODEL_S})
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        told = [
            pool.submit(asker.listen, questions, started, ALL_ENDED_WITHIN_S)
            for asker, questions in ((room[0], ONE_ROOM * EACH), (alone, OF_ONE))
        ]
        asked = {send_question(asker.client, QUESTION) for _ in range(EACH) for asker in room}
        asked |= {send_question(alone.client, QUESTION) for _ in range(OF_ONE)}
        for each in told:
            each.result()
    ended = room[0].endings + alone.endings
    assert Counter(message.question_id for message in ended) == Counter(asked)  # a refused one would have no ending
    # On two cores not all run in parallel, so some may time out.
    assert {message.ending for message in ended} <= {Ending.ANSWER, Ending.TIMEOUT}
    tables.assert_nothing_is_lost()


def assert_each_question_ended_once(crowd: Crowd) -> None:
    """Assert that every connection of a room received one ending of each question, and all the same one."""
    for room in crowd.rooms:
        asked = Counter(asker.question_id for asker in room)
        for asker in room:
            assert Counter(message.question_id for message in asker.endings) == asked
            assert endings_of(asker) == endings_of(room[0])


def endings_of(asker: Asker) -> dict[str, Message]:
    return {message.question_id: message for message in asker.endings}
