"""The second step: have the answer written, shown while it is, and end the question with it."""

import logging
import time
from collections.abc import Sequence
from contextlib import closing

from answer.citations import cite
from answer.passages import Passage
from answer.prompt import prompt
from answer.publish import Outcome, Publisher
from answer.reader import Reader
from answer.services import Services
from documind.errors import Ending
from documind.stores.conversation import Question
from documind.wire import Stage

logger = logging.getLogger(__name__)


def generate(services: Services, chat_id: str, question_id: str, *, run: str, passages: Sequence[Passage]) -> None:
    """Answer a question from its passages; does nothing if another run has claimed it or it has ended."""
    question = services.questions.claim(chat_id, question_id, run)
    if question is None:
        logger.info("the question is another run's, or has ended")
        return
    documents = len({passage.document_id for passage in passages})
    stage = Stage(chat_id=chat_id, question_id=question_id, name="reading", documents=documents)
    posted = services.executor.submit(services.sockets.post_to_room, chat_id, stage)
    with closing(Reader(services.models.stream_answer(prompt(question.asked, passages)))) as reader:
        posted.result()  # one post at a time for each connection
        publisher = Publisher(
            services.questions,
            services.sockets,
            chat_id,
            question,
            apology_at=question.accepted_at + services.settings.apology_after_s,
            end_at=time.time() + services.settings.max_answer_s,
        )
        outcome = publisher.publish(reader)
    if outcome is not Outcome.OVERTAKEN:
        _end(services, chat_id, question, outcome, reader.text, passages)


def _end(
    services: Services, chat_id: str, question: Question, outcome: Outcome, written: str, passages: Sequence[Passage]
) -> None:
    """End the question; an answer that cites nothing is a refusal, for no passage supports it."""
    text, citations = cite(written, passages)
    ending = {
        Outcome.WRITTEN: Ending.ANSWER if citations else Ending.REFUSED,
        Outcome.STOPPED: Ending.STOPPED,
        Outcome.SILENT: Ending.TIMEOUT,
    }.get(outcome, Ending.ERROR)
    message = services.questions.end(
        chat_id, question, ending, text=text.strip(), citations=citations, only_epoch=question.epoch
    )
    services.sockets.post_message(chat_id, message)
