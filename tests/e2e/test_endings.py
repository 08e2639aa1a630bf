"""A question ends, and only once, if nothing is found, the model fails or somebody stops it."""

import time
from collections.abc import Callable

import pytest

from documind.errors import ENDING_SENTENCES, Ending
from documind.ids import new_random_id
from documind.languages import Language
from documind.wire import Accepted, Delta, MessageFrame, Resume, Stage, Stop
from tests.deployed import STAGE, Models, Person
from tests.e2e.asking import ask, assembled, continues, send_question, until, until_end
from tests.e2e.rooms import HANDBOOK, history_of, upload

QUESTION = "Who founded the library?"
OFF_TOPIC = {"en": "Which gearbox suits the tractor?", "zh-TW": "月球背面有什麼？"}
SLACK_S = 6


@pytest.mark.parametrize(("language", "question"), OFF_TOPIC.items())
def test_no_documents_is_said_in_the_question_s_language(language: Language, question: str, person: Person) -> None:
    client = person.connect("zh-TW" if language == "en" else "en")  # the language of the page, which must not matter
    client.open("Empty")
    asked = ask(client, question)
    assert asked.end.ending is Ending.NO_RESULTS
    assert asked.end.text == ENDING_SENTENCES[Ending.NO_RESULTS].in_language(language)
    assert [frame.searching for frame in asked.of(MessageFrame)] == [0, None]
    assert asked.end.citations == []


def test_a_model_that_fails_ends_the_question_as_an_error(person: Person, offline_models: Models) -> None:
    client = person.connect()
    client.open("Errors")
    upload(client, HANDBOOK)
    offline_models.fail(chat={"status": 500})
    assert ask(client, QUESTION).end.text == ENDING_SENTENCES[Ending.ERROR].en
    offline_models.fail(embeddings={"status": 500})
    assert ask(client, QUESTION).end.ending is Ending.ERROR

    offline_models.fail(chat={"cut_after_pieces": 10, "delay_per_piece_s": 0.1})
    cut = ask(client, QUESTION)
    assert cut.end.ending is Ending.ERROR
    assert cut.streamed
    assert continues(cut.end, cut.streamed)

    offline_models.fail(embeddings={"status": 429, "retry_after": 0, "times": 1})
    assert ask(client, QUESTION).end.ending is Ending.ANSWER  # after a retry


def test_an_answer_that_is_stopped_keeps_what_was_shown(person: Person, offline_models: Models) -> None:
    client = person.connect()
    client.open("Stopping")
    upload(client, HANDBOOK)
    aborted = offline_models.count("chat", "aborted")
    offline_models.fail(chat={"delay_per_piece_s": 0.5})
    question_id = send_question(client, QUESTION)
    first = until(client, Delta)
    client.request(Stop(request_id=new_random_id(), chat_id=client.chat_id, question_id=question_id), Accepted)
    frames = until_end(client, question_id)
    end = frames[-1]
    assert isinstance(end, MessageFrame)
    assert end.message.ending is Ending.STOPPED
    streamed = assembled([first, *(frame for frame in frames if isinstance(frame, Delta))])
    assert continues(end.message, streamed)
    assert len(end.message.text) < 100  # the whole answer has 190 characters
    give_up_at = time.monotonic() + 5
    while offline_models.count("chat", "aborted") == aborted:  # the request to the model is closed
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


@pytest.mark.skipif(STAGE.name == "local", reason="with the real times the embedding gives up before the deadline")
def test_a_silent_model_leads_to_the_apology_in_time(sign_up: Callable[[], Person], offline_models: Models) -> None:
    first_person, second_person = sign_up(), sign_up()
    unanswered, unfound = first_person.connect(), second_person.connect("zh-TW")
    for client in (unanswered, unfound):
        client.open("Silence")
        upload(client, HANDBOOK)
    offline_models.fail(chat={"delay_s": 3600})
    first_at = time.monotonic()
    first = send_question(unanswered, QUESTION)
    unanswered.wait_for(Stage, lambda stage: stage.name == "reading")
    offline_models.fail(chat={"delay_s": 3600}, embeddings={"delay_s": 3600})
    second = send_question(unfound, "誰創立了圖書館？")
    until(unfound, Accepted)
    second_at = time.monotonic()  # the deadline counts from when the question was stored, which takes a moment

    apology = until_end(unanswered, first)[-1]
    assert isinstance(apology, MessageFrame)
    assert apology.message.text == ENDING_SENTENCES[Ending.TIMEOUT].en
    assert STAGE.apology_after_s - 1 <= time.monotonic() - first_at <= STAGE.apology_after_s + SLACK_S

    # Retrieval hangs, so that no step can apologise; a resume after the deadline ends the question.
    time.sleep(max(second_at + STAGE.apology_after_s + 1 - time.monotonic(), 0))
    ended = unfound.request(
        Resume(request_id=new_random_id(), chat_id=unfound.chat_id, question_id=second), MessageFrame
    )
    assert ended.message.text == ENDING_SENTENCES[Ending.TIMEOUT].zh_tw

    # The workflow times out later, and adds no message.
    time.sleep(max(second_at + STAGE.apology_after_s + 2 * SLACK_S - time.monotonic(), 0))
    again = second_person.connect()
    again.open("Silence")
    assert [message.ending for message in history_of(again)] == [None, Ending.TIMEOUT]
