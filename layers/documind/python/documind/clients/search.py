"""The search: chunks in OpenSearch, found by meaning and by words, only ever within one room.

Uses nothing that one kind of OpenSearch lacks (serverless collection, managed domain, own server): no custom ids,
no delete-by-query, no refresh on demand, no search pipelines.
"""

import logging
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, TransportError

from documind import metrics
from documind.clients.search_connection import REFUSED, TRIES, json_lines, open_search, pause_before, retried
from documind.clients.search_requests import (
    EVERY_INDEX,
    MAPPING_VERSION,
    allowed,
    by_meaning,
    by_words,
    index_definition,
)
from documind.errors import Code, UnavailableError
from documind.logs import identifier
from documind.settings import RetrievalSettings, SearchKind

RANK_CONSTANT = 10  # of reciprocal rank fusion: measured better than the usual 60, which makes weak vectors hurt
REFUSED_ITEM = REFUSED | {500}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoomScope:
    """What may be found: the chunks of these ingests of this room. Nothing is searched without one."""

    chat_id: str
    ready_ingest_ids: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """A passage: code points `start` to `end` of a page's text (pages count from 1), and these words themselves."""

    document_id: str
    ingest_id: str
    chat_id: str
    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hit:
    """A chunk that was found.

    `score` lies in (0, 1]: the share of the best rank that was possible. 1 means first by meaning and first by words;
    it compares the hits of one question and says nothing across questions.
    """

    chunk: Chunk
    score: float


class SearchIndex:
    """The index of one embedding model; its name carries all that makes two indices incompatible.

    Every method raises UnavailableError(SEARCH_UNAVAILABLE) when the search cannot be reached, or is still too busy
    after three tries.
    """

    def __init__(
        self, client: OpenSearch, *, embedding_model: str, dimensions: int, kind: SearchKind, vector_weight: float
    ) -> None:
        self._client = client
        self._dimensions = dimensions
        self._kind = kind
        self._vector_weight = vector_weight
        model = re.sub(r"[^a-z0-9.]+", "-", embedding_model.lower()).strip("-.")
        self.name = f"chunks-v{MAPPING_VERSION}-{model}-{dimensions}"

    @classmethod
    def from_settings(cls, settings: RetrievalSettings) -> "SearchIndex":
        """Make the real one, signed for its service; opens no connection yet."""
        return cls(
            open_search(settings),
            embedding_model=settings.embedding_model,
            dimensions=settings.embedding_dimensions,
            kind=settings.search_kind,
            vector_weight=settings.vector_weight,
        )

    def ensure(self) -> None:
        """Make the index unless it is there."""
        if retried(lambda: self._client.indices.exists(index=self.name)):
            return
        definition = index_definition(self._dimensions, self._kind)
        try:
            retried(lambda: self._client.indices.create(index=self.name, body=definition))
        except TransportError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def write(self, chunks: Sequence[Chunk], vectors: Sequence[Sequence[float]]) -> None:
        """Add the chunks with their vectors; they are found after the next refresh.

        A lost connection is not tried again: the chunks may have arrived, and without ids a second try doubles them.
        The caller starts a new ingest instead. Raises ValueError for a vector of the wrong length or of zeros.
        """
        waiting = [
            asdict(chunk) | {"embedding": self._unit(vector)} for chunk, vector in zip(chunks, vectors, strict=True)
        ]
        for attempt in range(TRIES):
            pause_before(attempt)
            waiting = self._write_once(waiting)
            if not waiting:
                return
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    def count(self, scope: RoomScope) -> int:
        """Return how many chunks a search in this scope can find now."""
        if not scope.ready_ingest_ids:
            return 0
        body = {"query": allowed(scope.chat_id, scope.ready_ingest_ids)}
        try:
            return int(retried(lambda: self._client.count(index=self.name, body=body))["count"])
        except NotFoundError:
            return 0

    def find(
        self,
        scope: RoomScope,
        question: str,
        vector: Sequence[float],
        *,
        limit: int = 5,
        document_ids: Sequence[str] | None = None,
    ) -> list[Hit]:
        """Return the best `limit` chunks (at most 20) for a question, best first, optionally of some documents only.

        `vector` is the question's embedding. Both searches travel in one request; their rankings are fused here.
        What was read with another embedding model, or is indexed with an older mapping, is found by its words.
        """
        if not scope.ready_ingest_ids or (document_ids is not None and not document_ids):
            return []
        filters = allowed(scope.chat_id, scope.ready_ingest_ids, document_ids)
        words = {"index": EVERY_INDEX}
        lines = json_lines([{}, by_meaning(self._unit(vector), filters), words, by_words(question, filters)])
        responses = retried(lambda: self._client.msearch(index=self.name, body=lines))["responses"]
        rankings = [_chunks_inside(scope, response) for response in responses]
        return fused(list(zip([self._vector_weight, 1.0], rankings, strict=True)))[:limit]

    def _write_once(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send the records in one bulk request and return those that were refused for now."""
        action: dict[str, Any] = {"index": {}}
        lines = json_lines(line for record in records for line in (action, record))
        result = retried(lambda: self._client.bulk(index=self.name, body=lines), only_refused=True)
        refused = []
        for record, item in zip(records, result["items"], strict=True):
            outcome = item["index"]
            if outcome["status"] in REFUSED_ITEM:
                refused.append(record)
            elif "error" in outcome:
                raise RuntimeError(f"OpenSearch does not take a chunk: {outcome['error'].get('type')}")
        return refused

    def _unit(self, vector: Sequence[float]) -> list[float]:
        """Return the vector with length one."""
        length = math.hypot(*vector)
        if len(vector) != self._dimensions or not length:
            raise ValueError(f"an embedding has {len(vector)} dimensions and length {length}")
        return [round(x / length, 7) for x in vector]  # the index keeps 32-bit floats


def fused(rankings: Sequence[tuple[float, Sequence[Chunk]]]) -> list[Hit]:
    """Fuse weighted rankings by reciprocal rank: each adds weight / (RANK_CONSTANT + rank) to each of its chunks."""
    sums: dict[Chunk, float] = {}
    for weight, chunks in rankings:
        for rank, chunk in enumerate(chunks, start=1):
            sums[chunk] = sums.get(chunk, 0.0) + weight / (RANK_CONSTANT + rank)
    best = sum(weight for weight, _ in rankings) / (RANK_CONSTANT + 1)
    return sorted((Hit(chunk, total / best) for chunk, total in sums.items()), key=lambda hit: hit.score, reverse=True)


def _chunks_inside(scope: RoomScope, response: dict[str, Any]) -> list[Chunk]:
    """Return the chunks of one response in their order; one from outside the scope is dropped and alarmed."""
    if response.get("status") == HTTPStatus.NOT_FOUND:  # no document has been read with this embedding model yet
        return []
    if "error" in response or response["_shards"]["failed"]:
        failure = identifier(response.get("error", {}).get("type"))
        log.error("search failed", extra={"status": response.get("status"), "provider_type": failure})
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)
    chunks = [Chunk(**hit["_source"]) for hit in response["hits"]["hits"]]
    inside = [c for c in chunks if c.chat_id == scope.chat_id and c.ingest_id in scope.ready_ingest_ids]
    if len(inside) < len(chunks):
        log.error("search returned chunks from outside the room", extra={"chat_id": scope.chat_id})
        metrics.emit(metrics.HITS_OUTSIDE_ROOM, len(chunks) - len(inside))
    return inside
