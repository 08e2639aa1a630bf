"""The second step: have the answer written, shown while it is, and end the question with it."""

import time
from collections.abc import Sequence
from contextlib import closing

from answer.citations import cite
from answer.marked import MarkedPassages
from answer.passages import Passage
from answer.prompt import estimated_tokens, prompt
from answer.publish import Outcome, Publisher
from answer.reader import Reader
from answer.services import Services
from documind import metrics
from documind.errors import Ending
from documind.stores.conversation import Question
from documind.wire import Citation, Stage


def generate(services: Services, chat_id: str, question_id: str, *, run: str, passages: Sequence[Passage]) -> None:
    """Answer a question from its passages; does nothing if another run has claimed it or it has ended."""
    question = services.questions.claim(chat_id, question_id, run)
    if question is None:
        _end_if_overdue(services, chat_id, question_id)
        return
    documents = len({passage.document_id for passage in passages})
    stage = Stage(chat_id=chat_id, question_id=question_id, name="reading", documents=documents)
    posted = services.executor.submit(services.sockets.post_to_room, chat_id, stage)
    marked = MarkedPassages(services, passages)
    messages = prompt(question.asked, passages)
    with closing(Reader(services.models.stream_answer(messages))) as reader:
        posted.result()  # one post at a time for each connection
        publisher = Publisher(
            services.questions,
            services.sockets,
            question,
            apology_at=question.accepted_at + services.settings.apology_after_s,
            end_at=time.time() + services.settings.max_answer_s,
        )
        outcome = publisher.publish(reader)
    if outcome is not Outcome.OVERTAKEN:
        tokens = reader.tokens or estimated_tokens(messages, reader.text)
        metrics.emit(metrics.TOKENS, tokens)
        text, citations = cite(reader.text, passages, marked.under(reader.text))
        _end(services, question, outcome, text, citations, tokens)


def _end_if_overdue(services: Services, chat_id: str, question_id: str) -> None:
    """A question that could not be claimed is another run's or has ended, unless retrieving took all of its time."""
    question = services.questions.get(chat_id, question_id)
    if question:
        services.sockets.post_message(chat_id, services.questions.end_overdue(question))


def _end(
    services: Services,
    question: Question,
    outcome: Outcome,
    text: str,
    citations: list[Citation],
    tokens: int,
) -> None:
    """End the question; what cites nothing is no answer: claims that no passage supports are not kept."""
    ending = {
        Outcome.WRITTEN: Ending.ANSWER if citations else Ending.REFUSED,
        Outcome.STOPPED: Ending.STOPPED,
        Outcome.SILENT: Ending.TIMEOUT,
    }.get(outcome, Ending.ERROR)
    kept = "" if ending is Ending.REFUSED else text.strip()
    message = services.questions.end(question, ending, text=kept, citations=citations, tokens=tokens)
    services.sockets.post_message(question.chat_id, message)
