"""The connection is cut again and again during one long answer."""

import random
import time
from pathlib import Path

from bench.crowd import enter
from documind.errors import Ending
from documind_cli.client import Client
from tests.deployed import Models, Person
from tests.e2e.asking import Following, send_question
from tests.e2e.rooms import history_of
from tests.faults.breaking import cut
from tests.faults.long_answers import LONG_QUESTION, MANY_CHARACTERS, upload_long_document
from tests.faults.tables import Tables
from tests.sizes import size

CUTS = size(5, 50)
LISTEN_S = 0.6  # at most, before a cut
PACE_S = size(0.06, 0.25)  # of some 240 pieces
END_TIMEOUT_S = 90


def test_the_text_is_whole_however_often_the_connection_is_cut(
    person: Person, offline_models: Models, tables: Tables, tmp_path: Path
) -> None:
    client = person.connect()
    chat_id = client.open("Cut off").chat_id
    upload_long_document(client, tmp_path)
    offline_models.fail(chat={"delay_per_piece_s": PACE_S})
    answer = Following(send_question(client, LONG_QUESTION))
    listen(client, answer, END_TIMEOUT_S, until_text=True)
    for done in range(CUTS):
        listen(client, answer, random.uniform(0, LISTEN_S))  # noqa: S311
        assert answer.end is None, f"the answer was over after {done} cuts"
        cut(client)
        client = person.connect()
        enter(client, chat_id)
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


def listen(client: Client, answer: Following, for_s: float, *, until_text: bool = False) -> None:
    """Follow the answer for a while, at most until it ends or, if so wished, until there is some text."""
    stop_at = time.monotonic() + for_s
    while answer.end is None and not (until_text and answer.text):
        try:
            frame = next(client.frames(stop_at - time.monotonic()))
        except TimeoutError:
            return
        answer.take(client, frame)
