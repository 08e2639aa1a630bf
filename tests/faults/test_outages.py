"""What answers depend on fails: the function is killed, the model hangs, the search is unavailable for a while."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from documind.errors import ENDING_SENTENCES, Ending
from documind.wire import Delta, MessageFrame
from documind_cli.client import Client
from local.system import LocalSystem
from tests.deployed import STAGE, Models, Person
from tests.e2e.asking import ask, assembled, continues, send_question, until, until_end
from tests.e2e.rooms import HANDBOOK, upload
from tests.faults.breaking import kill_function, search_frozen, search_stopped
from tests.faults.long_answers import LONG_QUESTION, upload_long_document
from tests.faults.tables import Tables
from tests.sizes import size

KILLS = size(1, 5)
AWAY_S = size(5, 20)
QUESTION = "Who founded the library?"
SLACK_S = 5
ENDINGS_OF_TROUBLE = {Ending.ANSWER, Ending.ERROR, Ending.TIMEOUT}
BACK_TIMEOUT_S = 60


def test_a_question_ends_though_its_function_is_killed(
    person: Person, system: LocalSystem, offline_models: Models, tables: Tables, tmp_path: Path
) -> None:
    client = person.connect()
    client.open("Killed")
    upload_long_document(client, tmp_path)
    for _ in range(KILLS):
        offline_models.fail(chat={"delay_per_piece_s": 0.1})
        question_id = send_question(client, LONG_QUESTION)
        first = until(client, Delta)
        assert kill_function(system, "AnsweringAnswer") >= 1
        frames = until_end(client, question_id)
        end = frames[-1]
        assert isinstance(end, MessageFrame)
        assert end.message.ending is Ending.ERROR
        streamed = assembled([first, *(frame for frame in frames if isinstance(frame, Delta))])
        assert continues(end.message, streamed)
    offline_models.fail()
    assert ask(client, LONG_QUESTION).end.ending is Ending.ANSWER
    tables.assert_nothing_is_lost()


def test_a_hanging_model_leads_to_the_apology_in_time(person: Person, offline_models: Models, tables: Tables) -> None:
    client = person.connect()
    client.open("Hanging")
    upload(client, HANDBOOK)
    assert ask(client, QUESTION).end.ending is Ending.ANSWER
    offline_models.fail(chat={"delay_s": 3600})
    asked_at = time.monotonic()
    end = ask(client, QUESTION).end
    assert end.text == ENDING_SENTENCES[Ending.TIMEOUT].en
    assert STAGE.apology_after_s <= time.monotonic() - asked_at <= STAGE.apology_after_s + SLACK_S
    tables.assert_nothing_is_lost()


@pytest.mark.parametrize("away", [search_frozen, search_stopped])
def test_questions_end_while_the_search_is_away_and_are_answered_once_it_is_back(
    away: Callable[[LocalSystem], AbstractContextManager[None]], person: Person, system: LocalSystem, tables: Tables
) -> None:
    client = person.connect()
    client.open("Without search")
    upload(client, HANDBOOK)
    assert ask(client, QUESTION).end.ending is Ending.ANSWER
    with away(system):
        gone_at = time.monotonic()
        question_id = send_question(client, QUESTION)
        time.sleep(AWAY_S)
        assert time.monotonic() - gone_at >= AWAY_S
    end = until_end(client, question_id)[-1]
    assert isinstance(end, MessageFrame)
    assert end.message.ending in ENDINGS_OF_TROUBLE
    wait_until_answered(client)
    tables.assert_nothing_is_lost()


def wait_until_answered(client: Client) -> None:
    give_up_at = time.monotonic() + BACK_TIMEOUT_S
    while ask(client, QUESTION).end.ending is not Ending.ANSWER:
        assert time.monotonic() < give_up_at
