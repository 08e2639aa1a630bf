"""The second step: have the answer written, shown while it is, and end the question with it."""

import time
from contextlib import closing

from answer.citations import Cited, cite
from answer.marked import MarkedPassages
from answer.passages import Retrieved
from answer.prompt import estimated_tokens, prompt
from answer.publish import Outcome, Publisher
from answer.reader import Reader
from answer.services import Services
from documind import metrics
from documind.errors import Ending
from documind.pages import Rectangle
from documind.stores.conversation import Question
from documind.wire import Stage


def generate(services: Services, chat_id: str, question_id: str, *, run: str, retrieved: Retrieved) -> None:
    """Answer a question from its passages; does nothing if another run has claimed it or it has ended."""
    passages = retrieved.passages
    question = services.questions.claim(chat_id, question_id, run)
    if question is None:
        _end_if_overdue(services, chat_id, question_id)
        return
    documents = len({passage.document_id for passage in passages})
    stage = Stage(chat_id=chat_id, question_id=question_id, name="reading", documents=documents)
    posted = services.executor.submit(services.sockets.post_to_room, chat_id, stage)
    marked = MarkedPassages(services, passages)
    messages = prompt(retrieved.question, passages)
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
        tokens = retrieved.tokens + (reader.tokens or estimated_tokens(messages, reader.text))
        metrics.emit(metrics.TOKENS, tokens)
        cited = cite(reader.text.strip(), passages)
        _end(services, question, outcome, cited, marked.under(cited.text, cited.passages), tokens)


def _end_if_overdue(services: Services, chat_id: str, question_id: str) -> None:
    """A question that could not be claimed is another run's or has ended, unless retrieving took all of its time."""
    question = services.questions.get(chat_id, question_id)
    if question:
        services.sockets.post_message(chat_id, services.questions.end_overdue(question))


def _end(
    services: Services,
    question: Question,
    outcome: Outcome,
    cited: Cited,
    rectangles: dict[int, list[Rectangle]],
    tokens: int,
) -> None:
    """End the question; what no passage supports at all is no answer, but what was shown of it stays."""
    ending = {
        Outcome.WRITTEN: Ending.ANSWER if cited.passages else Ending.REFUSED,
        Outcome.STOPPED: Ending.STOPPED,
        Outcome.SILENT: Ending.TIMEOUT,
    }.get(outcome, Ending.ERROR)
    message = services.questions.end(
        question,
        ending,
        text=cited.text,
        citations=cited.citations(rectangles),
        unverified=[(span.start, span.end) for span in cited.unverified],
        tokens=tokens,
    )
    services.sockets.post_message(question.chat_id, message)
