"""Finds the passages for a question."""

import logging
import time
from collections.abc import Sequence
from itertools import chain
from threading import Event
from typing import TYPE_CHECKING

from answer.first_page import asks_for_first_page, beginnings
from answer.follow_up import last_turns, standalone
from answer.parts import in_turns, parts_of
from answer.passages import Passage, Retrieved
from answer.services import Services
from answer.whole_document import documents_meant, from_summaries
from documind import metrics
from documind.clients.models import Models
from documind.clients.search import Hit, RoomScope, SearchIndex
from documind.errors import Ending, UnavailableError
from documind.limits import PASSAGES
from documind.stores.conversation import Question
from documind.stores.documents import StoredDocument

if TYPE_CHECKING:
    from concurrent.futures import Future

    from documind.wire import Message

# By embedding model: a question whose best hit scores less is off topic. With other models the chat model always
# decides. On evals/golden.jsonl 10 of 20 off-topic questions score less, and 2 of 150 that the documents answer.
LEAST_SCORES = {"universal-sentence-encoder-simplified": 0.1}

logger = logging.getLogger(__name__)


def retrieve(
    services: Services,
    question: Question,
    documents: Sequence[StoredDocument],
    messages: "Future[list[Message]]",
    searching: Event,
) -> Retrieved:
    """Return the best passages of these documents, which are ready; chunks of any other are never found.

    `messages` are the newest ones of the room; `searching` is set while the search runs. The question is searched for
    as it was asked while the model rewrites it; only if the result differs, it is searched for again.

    If a model or the search cannot be reached, the question ends here: if the run failed instead, the workflow would
    apologise later.
    """
    if whole := from_summaries(services, documents_meant(question.asked, documents)):
        return whole
    scope = RoomScope(question.chat_id, tuple(chain.from_iterable(document.searched_ids for document in documents)))
    if not scope.ready_ingest_ids:
        return Retrieved(ending=Ending.NO_RESULTS)
    finding = services.executor.submit(
        find, services.models, services.search, scope, question.asked, searching=searching
    )
    finding.add_done_callback(lambda _: searching.clear())
    asked, tokens = standalone(services.models, question.asked, last_turns(messages.result(), question))
    try:
        hits = finding.result() if asked == question.asked else find(services.models, services.search, scope, asked)
    except UnavailableError as error:
        logger.warning("retrieving failed", extra={"code": error.code.value})
        return Retrieved(ending=Ending.ERROR, tokens=tokens)
    if not hits:
        return Retrieved(ending=Ending.NO_RESULTS, tokens=tokens)
    found_in = {document.document_id: document for document in documents}
    first: list[Passage] = []
    if asks_for_first_page(asked):
        in_order = dict.fromkeys(hit.chunk.document_id for hit in hits)
        first = beginnings(services.objects, (found_in[each] for each in in_order))
    passages = first + [
        Passage(number, found_in[hit.chunk.document_id], hit.chunk.page, hit.chunk.text, hit.chunk.start, hit.score)
        for number, hit in enumerate(hits[: PASSAGES - len(first)], start=len(first) + 1)
    ]
    is_refused = not first and is_off_topic(hits, services.settings.embedding_model)
    ending = Ending.REFUSED if is_refused else None
    return Retrieved(ending=ending, question=asked, tokens=tokens, passages=passages, found_at=time.time())


def find(
    models: Models,
    search: SearchIndex,
    scope: RoomScope,
    question: str,
    *,
    limit: int = PASSAGES,
    searching: Event | None = None,
) -> list[Hit]:
    """Return the best chunks for a question; if it has several parts, the hits of each part and of the whole in turns.

    `searching` is set when the question has been embedded.
    """
    started = time.monotonic()
    asked = [*parts_of(question), question]
    vectors = models.embed(asked, questions=True)
    if searching:
        searching.set()
    found = [search.find(scope, each, vector, limit=limit) for each, vector in zip(asked, vectors, strict=True)]
    metrics.emit(metrics.RETRIEVAL, (time.monotonic() - started) * 1_000)
    return in_turns(found)[:limit]


def is_off_topic(hits: Sequence[Hit], embedding_model: str) -> bool:
    """Return whether the best hit shows that a question is off topic, so that no chat model need be paid."""
    return max(hit.score for hit in hits) < LEAST_SCORES.get(embedding_model, 0.0)
