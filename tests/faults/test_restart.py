"""The local AWS is restarted while connections are open; after all fault tests no message is missing. Runs last."""

from collections.abc import Callable

from bench.crowd import enter, join
from documind.errors import Ending
from documind.wire import MessageFrame
from local.system import LocalSystem
from tests.deployed import Models, Person
from tests.e2e.asking import Following, ask, send_question, until
from tests.e2e.rooms import HANDBOOK, history_of, upload
from tests.faults.breaking import restart_aws, wait_until_closed
from tests.faults.tables import Tables

QUESTION = "Who founded the library?"
RESUME_AFTER_S = 1


def test_tabs_that_were_open_come_back_to_the_same_conversation(
    system: LocalSystem, sign_up: Callable[[], Person], offline_models: Models
) -> None:
    people = [sign_up(), sign_up()]
    asking, watching = (person.connect() for person in people)
    chat_id = asking.open("Restarted").chat_id
    join(asking, watching)
    upload(asking, HANDBOOK)
    answered = ask(asking, QUESTION).end
    offline_models.fail(chat={"delay_s": 3600})
    waiting = Following(send_question(asking, QUESTION))
    question = until(asking, MessageFrame).message
    restart_aws(system)
    offline_models.fail()
    for client in (asking, watching):
        wait_until_closed(client)

    back = [person.connect() for person in people]
    for client in back:
        enter(client, chat_id)
    while waiting.end is None:  # its run was killed: opening the room or resuming past the deadline ends it
        try:
            waiting.take(back[0], next(back[0].frames(RESUME_AFTER_S)))
        except TimeoutError:
            back[0].send(waiting.resume(back[0]))
    assert waiting.end.ending in {Ending.TIMEOUT, Ending.ERROR}
    assert ask(back[1], QUESTION).end.ending is Ending.ANSWER
    for person in people:
        client = person.connect()
        enter(client, chat_id)
        said = [message.message_id for message in history_of(client)]
        assert len(said) == 6
        assert said[1:4] == [answered.message_id, question.message_id, waiting.end.message_id]


def test_after_all_faults_no_message_is_missing(tables: Tables) -> None:
    tables.assert_nothing_is_lost()
