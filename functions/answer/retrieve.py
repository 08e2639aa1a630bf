"""The first step: find the passages that a question can be answered from."""

import logging
import time
from itertools import chain

from answer.follow_up import last_turns, standalone
from answer.greetings import is_greeting
from answer.passages import Passage, Retrieved
from answer.services import Services
from documind import metrics
from documind.clients.search import Hit, RoomScope
from documind.errors import Ending, UnavailableError
from documind.limits import PASSAGES
from documind.stores.conversation import Question
from documind.wire import Stage

logger = logging.getLogger(__name__)


def retrieve(services: Services, chat_id: str, question_id: str) -> Retrieved:
    """Return the best passages; none when the question has ended, or is being answered by another run already.

    It ends here if there is nothing to find, or if the model or the search cannot be reached: a step that fails would
    be followed by another one, and the person who waits would hear of it seconds later.

    Only documents that are ready count: what the index holds of any other is invisible.
    """
    question = services.questions.get(chat_id, question_id)
    if question is None or question.state != "accepted":
        return Retrieved()
    if is_greeting(question.asked):
        return _ended(services, question, Ending.GREETING)
    turns = services.executor.submit(last_turns, services.history, question)
    documents = [
        document
        for document in services.documents.list(chat_id)
        if document.status == "ready"
        and (question.document_ids is None or document.document_id in question.document_ids)
    ]
    stage = Stage(chat_id=chat_id, question_id=question_id, name="searching", documents=len(documents))
    posted = services.executor.submit(services.sockets.post_to_room, chat_id, stage)
    scope = RoomScope(chat_id, tuple(chain.from_iterable(document.searched_ids for document in documents)))
    asked, tokens, hits, failed = question.asked, 0, [], False
    try:
        if scope.ready_ingest_ids:
            asked, tokens = standalone(services.models, question.asked, turns.result())
            hits = _find(services, scope, asked)
    except UnavailableError as error:
        logger.warning("retrieving failed", extra={"code": error.code.value})
        failed = True
    posted.result()
    if not hits:
        return _ended(services, question, Ending.ERROR if failed else Ending.NO_RESULTS, tokens)
    found_in = {document.document_id: document for document in documents}
    passages = [
        Passage.from_hit(
            number,
            hit,
            document=found_in[hit.chunk.document_id].name,
            ingest_id=found_in[hit.chunk.document_id].ingest_id or "",
        )
        for number, hit in enumerate(hits, start=1)
    ]
    return Retrieved(state="found", question=asked, tokens=tokens, passages=passages)


def _ended(services: Services, question: Question, ending: Ending, tokens: int = 0) -> Retrieved:
    message = services.questions.end(question, ending, tokens=tokens)
    services.sockets.post_message(question.chat_id, message)
    return Retrieved()


def _find(services: Services, scope: RoomScope, question: str) -> list[Hit]:
    """Return the best chunks for a question."""
    started = time.monotonic()
    (vector,) = services.models.embed([question])
    hits = services.search.find(scope, question, vector, limit=PASSAGES)
    metrics.emit(metrics.RETRIEVAL, (time.monotonic() - started) * 1_000)
    return hits
