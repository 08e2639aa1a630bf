"""The connection is cut repeatedly: between frames during one long answer, and within frames of any kind."""

import random
import time
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from bench.crowd import enter
from documind.errors import Ending
from documind_cli.answering import Question
from documind_cli.client import Client
from documind_cli.room import Room
from tests.attack.cutter import Cutter
from tests.deployed import Models, Person
from tests.e2e.asking import Following, send_question
from tests.e2e.rooms import history_of
from tests.faults.breaking import cut
from tests.faults.long_answers import LONG_QUESTION, MANY_CHARACTERS, upload_long_document
from tests.faults.tables import Tables
from tests.sizes import size

CUTS = size(5, 50)
LISTEN_S = 0.6  # at most, between two cuts
SLOW_S, PACE_S = 0.25, 0.06  # per piece of an answer with about 240: until the last cut, and after it
END_TIMEOUT_S = 90
CUT_QUESTIONS, FEWEST_CUTS = size((4, 1), (30, 10))
FIRST_BYTES = 5_000  # of the first connection: enough to open the room, too few for an answer
MOST_BYTES = 50_000  # of a later connection; opening a room takes 3 KB, with its history 25 KB


def test_the_text_is_whole_however_often_the_connection_is_cut(
    person: Person, offline_models: Models, tables: Tables, tmp_path: Path
) -> None:
    client = person.connect()
    chat_id = client.open("Cut off").chat_id
    upload_long_document(client, tmp_path)
    offline_models.fail(chat={"delay_per_piece_s": SLOW_S})
    answer = Following(send_question(client, LONG_QUESTION))
    listen(client, answer, END_TIMEOUT_S, until_text=True)
    for done in range(CUTS):
        listen(client, answer, random.uniform(0, LISTEN_S))  # noqa: S311
        assert answer.end is None, f"the answer was over after {done} cuts"
        cut(client)
        client = person.connect()
        enter(client, chat_id)
    offline_models.fail(chat={"delay_per_piece_s": PACE_S})
    listen(client, answer, END_TIMEOUT_S)

    assert answer.end is not None
    assert answer.end.ending is Ending.ANSWER
    assert len(answer.end.text) > MANY_CHARACTERS
    assert answer.end.text.startswith(answer.text.rstrip())
    assert len(answer.text) > len(answer.end.text) - 100  # the last piece comes with the end
    shown = person.connect()
    enter(shown, chat_id)
    assert [message.text for message in history_of(shown)] == [LONG_QUESTION, answer.end.text]
    tables.assert_nothing_is_lost()


def test_each_question_is_asked_and_answered_once_though_frames_are_cut_in_two(
    person: Person, offline_models: Models, tables: Tables, tmp_path: Path
) -> None:
    direct = person.connect()
    chat_id = direct.open("Cut in two").chat_id
    upload_long_document(direct, tmp_path)
    offline_models.fail(chat={"delay_per_piece_s": 0.01})
    gateway = urlsplit(person.deployed.websocket_url)
    let_pass = chain([FIRST_BYTES], iter(lambda: random.randrange(MOST_BYTES), None))  # noqa: S311
    with Cutter(gateway.hostname or "", gateway.port or 80, lambda: next(let_pass)) as cutter:
        url = gateway._replace(netloc=f"localhost:{cutter.port}").geturl()
        cut_off = replace(person, deployed=replace(person.deployed, websocket_url=url), connections=[])
        with Room(lambda _renew: cut_off.connect(), "Cut in two") as room:
            ends = [Question(room, LONG_QUESTION).follow() for _ in range(CUT_QUESTIONS)]
        assert cutter.cuts >= FEWEST_CUTS
    assert [end.ending for end in ends] == [Ending.ANSWER] * CUT_QUESTIONS
    shown = person.connect()
    enter(shown, chat_id)
    said = [message for page in reversed(list(shown.pages_of_history(chat_id))) for message in page]
    assert [message.message_id for message in said if message.ending] == [end.message_id for end in ends]
    assert len(said) == 2 * CUT_QUESTIONS
    tables.assert_nothing_is_lost()


def listen(client: Client, answer: Following, for_s: float, *, until_text: bool = False) -> None:
    """Follow the answer for `for_s` seconds, or until it ends or, with `until_text`, has some text."""
    stop_at = time.monotonic() + for_s
    while answer.end is None and not (until_text and answer.text):
        try:
            frame = next(client.frames(stop_at - time.monotonic()))
        except TimeoutError:
            return
        answer.take(client, frame)
