"""One run of the workflow: claims the question, broadcasts it, finds passages, and generates the answer."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, wait
from threading import Event

from answer.follow_up import last_messages
from answer.generate import generate
from answer.greetings import is_greeting
from answer.passages import Retrieved
from answer.publish import HEARTBEAT_S, Publisher
from answer.reasons import reasons
from answer.retrieve import retrieve
from answer.services import Services
from documind.errors import Ending
from documind.stores.conversation import Question
from documind.stores.documents import StoredDocument
from documind.wire import Message, MessageFrame

WAKING_AFTER = 3  # heartbeats, 4 to 6 s: only a serverless search that has to wake takes longer


def answer(services: Services, chat_id: str, question_id: str, *, run: str) -> None:
    """Answer a question; does nothing if another run has claimed it or it has ended.

    Fan-out list, documents and history are read while the claim is made; the models, which cost money, are called after
    it. The question is broadcast here and not when it is stored, so that no other frame about it can arrive first.
    """
    end_at = time.time() + services.settings.max_answer_s
    listed = services.sockets.list_soon(chat_id)
    documents = services.executor.submit(services.documents.list, chat_id)
    messages = services.executor.submit(last_messages, services.history, chat_id)
    question = services.questions.claim(chat_id, question_id, run)
    if question is None:
        _end_if_overdue(services, chat_id, question_id)
        return
    searched = _searched(question, documents.result())
    greeted = is_greeting(question.asked)
    frame = MessageFrame(chat_id=chat_id, message=question.message, searching=None if greeted else len(searched))
    shown = services.executor.submit(services.sockets.post_to_listed, chat_id, listed.result(), frame)
    publisher = Publisher(services, question, shown, end_at=end_at)
    retrieved = (
        Retrieved(ending=Ending.GREETING) if greeted else _retrieved(services, question, searched, messages, publisher)
    )
    if retrieved is None:
        message = None
    elif retrieved.ending is None:
        message = generate(services, question, retrieved, publisher)
    else:
        message = services.questions.end(
            question,
            retrieved.ending,
            text=retrieved.text,
            citations=list(retrieved.citations),
            tokens=retrieved.tokens,
            reasons=reasons(question, retrieved, retrieved.tokens),
        )
    publisher.wait()
    services.sockets.post_message(chat_id, message)


def _end_if_overdue(services: Services, chat_id: str, question_id: str) -> None:
    """End a question that could not be claimed if it is past its deadline; else it has ended or is another run's."""
    question = services.questions.get(chat_id, question_id)
    if question:
        services.broadcast_end(question, services.questions.end_overdue(question))


def _searched(question: Question, documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return the documents to search: those with chunks that can be found, of those that the question names, if any."""
    wanted = question.document_ids
    return [each for each in documents if each.searched_ids and (wanted is None or each.document_id in wanted)]


def _retrieved(
    services: Services,
    question: Question,
    documents: Sequence[StoredDocument],
    messages: Future[list[Message]],
    publisher: Publisher,
) -> Retrieved | None:
    """Return the result of `retrieve`, or an ending if the user stops the question or the time of the apology comes.

    None if another run has claimed the question or it has ended. The stage `waking` is posted here and not by
    `retrieve`, so that nothing is posted about a question that has ended.
    """
    searching, searched_for = Event(), 0  # heartbeats
    retrieving = services.executor.submit(retrieve, services, question, documents, messages, searching)
    while True:
        wait([retrieving], min(HEARTBEAT_S, max(publisher.apology_at - time.time(), 0)))
        if retrieving.done():
            return retrieving.result()
        saved = services.questions.save(question, "")
        if saved is None:
            return None
        if saved.stop or time.time() >= publisher.apology_at:
            return Retrieved(ending=Ending.STOPPED if saved.stop else Ending.TIMEOUT)
        if searching.is_set():
            searched_for += 1
            if searched_for == WAKING_AFTER and services.settings.search_kind == "serverless":
                publisher.post_stage("waking")
