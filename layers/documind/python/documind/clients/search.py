"""The search: chunks in OpenSearch, found by vectors and by words, always within one room.

It uses nothing that one kind of OpenSearch lacks (serverless collection, managed domain, own server): no custom ids,
no delete-by-query, no search pipelines; a refresh on demand only where there is one.
"""

import json
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, TransportError

from documind import metrics
from documind.clients.fusion import Candidate, scores
from documind.clients.search_connection import (
    REFUSED,
    TRIES,
    WAKING_TIMEOUT_S,
    json_lines,
    open_search,
    pause_before,
    retried,
)
from documind.clients.search_requests import (
    EVERY_INDEX,
    allowed,
    by_meaning,
    by_words,
    index_definition,
    index_name,
)
from documind.clients.vectors import Asked, ChunkVectors, as_json, packed, unit
from documind.errors import Code, UnavailableError
from documind.logs import identifier
from documind.settings import RetrievalSettings, SearchKind

_NUMBERS = re.compile(r"\d+")
REPEATED_CHARACTERS = 100  # the longest text that counts as repeated on every page, such as a header
REFUSED_ITEM = REFUSED | {500}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoomScope:
    """Limits a search to the chunks of these ingests of this room; every search requires one."""

    chat_id: str
    ready_ingest_ids: tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """A span of a page's text (pages count from 1): code points `start` to `end`, which are `text`."""

    document_id: str
    ingest_id: str
    chat_id: str
    page: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hit:
    """A chunk that was found; `score` is that of `documind.clients.fusion`, from 0 to 1."""

    chunk: Chunk
    score: float


class SearchIndex:
    """The index of one embedding model; its name contains mapping version, model and dimensions.

    Every method raises UnavailableError(SEARCH_UNAVAILABLE) if the search cannot be reached, or is still too busy at
    the third try.
    """

    def __init__(
        self, client: OpenSearch, *, embedding_model: str, dimensions: int, kind: SearchKind, vector_weight: float
    ) -> None:
        self._client = client
        self._dimensions = dimensions
        self._kind = kind
        self._vector_weight = vector_weight
        self.name = index_name(embedding_model, dimensions)

    @classmethod
    def from_settings(cls, settings: RetrievalSettings) -> "SearchIndex":
        """Return the index of these settings, without opening a network connection."""
        return cls(
            open_search(settings),
            embedding_model=settings.embedding_model,
            dimensions=settings.embedding_dimensions,
            kind=settings.search_kind,
            vector_weight=settings.vector_weight,
        )

    def ensure(self) -> None:
        """Create the index if it does not exist."""
        if retried(lambda: self._client.indices.exists(index=self.name)):
            return
        definition = index_definition(self._dimensions, self._kind)
        try:
            retried(lambda: self._client.indices.create(index=self.name, body=definition))
        except TransportError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def write(self, chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> None:
        """Add the chunks with their vectors; they are found after the next refresh.

        After a lost connection the request is not repeated: it may have been executed, and without ids a second one
        would double the chunks. The caller writes them under another ingest id. Raises ValueError for a vector of other
        dimensions or of zeros.
        """
        waiting = [self._line(chunk, own) for chunk, own in zip(chunks, vectors, strict=True)]
        for attempt in range(TRIES):
            pause_before(attempt)
            waiting = self._write_once(waiting)
            if not waiting:
                return
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    def wake(self) -> None:
        """Wake a sleeping search by one request, which also opens a connection; a failure is only logged."""
        count, patient = self._client.count, {"request_timeout": WAKING_TIMEOUT_S, "ignore": HTTPStatus.NOT_FOUND}
        with suppress(UnavailableError):
            retried(lambda: count(index=self.name, **patient), only_refused=True)

    def refresh(self) -> None:
        """Make written chunks visible at once; a serverless search refreshes only by itself, every 10 s.

        https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html
        """
        if self._kind != "serverless":
            retried(lambda: self._client.indices.refresh(index=self.name))

    def count(self, scope: RoomScope) -> int:
        """Return how many chunks a search in this scope can find now."""
        if not scope.ready_ingest_ids:
            return 0
        body = {"query": allowed(scope.chat_id, scope.ready_ingest_ids)}
        try:
            return int(retried(lambda: self._client.count(index=self.name, body=body))["count"])
        except NotFoundError:
            return 0

    def find(self, scope: RoomScope, question: str, vector: Sequence[float], *, limit: int = 5) -> list[Hit]:
        """Return the best `limit` chunks (at most 20) for a question, best first.

        A short chunk whose text differs from a better one of its document by numbers only, as headers and footers do,
        is ranked after all others.

        `vector` is the question's embedding. Both searches are sent in one request, and their hits are ranked together
        here. Chunks in the index of another embedding model or an older mapping are found by their words only.
        """
        if not scope.ready_ingest_ids:
            return []
        filters = allowed(scope.chat_id, scope.ready_ingest_ids)
        asked = Asked(unit(vector, self._dimensions))
        words = {"index": EVERY_INDEX}
        lines = f"{{}}\n{by_meaning(asked.vector, filters)}\n{json_lines([words, by_words(question, filters)])}"
        nearest, worded = retried(lambda: self._searched(lines))
        found: dict[Chunk, Candidate] = {}
        for response in (nearest, worded):
            self._add_to(found, scope, response, asked)
        searched = worded.get("hits", {}).get("total", {}).get("value", 0)
        ranked = scores(question, list(found.values()), self._vector_weight, searched)
        hits = sorted(map(Hit, found, ranked), key=lambda hit: hit.score, reverse=True)
        first, repeated, known = list[Hit](), list[Hit](), set[object]()
        for hit in hits:
            shape = _shape(hit.chunk)
            (repeated if shape in known else first).append(hit)
            known.add(shape)
        return [*first, *repeated][:limit]

    def _searched(self, lines: str) -> list[dict[str, Any]]:
        """Return the responses to both searches; raises TransportError if one of them is refused as too much."""
        responses: list[dict[str, Any]] = self._client.msearch(index=self.name, body=lines)["responses"]
        for response in responses:
            if response.get("status") in REFUSED:
                raise TransportError(response["status"], response["error"].get("type"))
        return responses

    def _line(self, chunk: Chunk, vectors: ChunkVectors) -> str:
        fields = json.dumps({**vars(chunk), "vectors": packed(vectors)}, ensure_ascii=False)
        return f'{fields[:-1]}, "embedding": {as_json(unit(vectors.whole, self._dimensions))}}}\n'

    def _write_once(self, chunks: list[str]) -> list[str]:
        """Send chunks, each a line of JSON, in one bulk request; return those refused because the search is busy."""
        bulk, lines = self._client.bulk, "".join(f'{{"index": {{}}}}\n{line}' for line in chunks)
        result = retried(lambda: bulk(index=self.name, body=lines, request_timeout=WAKING_TIMEOUT_S), only_refused=True)
        refused = []
        for line, item in zip(chunks, result["items"], strict=True):
            outcome = item["index"]
            if outcome["status"] in REFUSED_ITEM:
                refused.append(line)
            elif "error" in outcome:
                raise RuntimeError(f"OpenSearch does not take a chunk: {outcome['error'].get('type')}")
        return refused

    def _add_to(self, found: dict[Chunk, Candidate], scope: RoomScope, response: dict[str, Any], asked: Asked) -> None:
        """Add the chunks of one response; one outside the scope is dropped and counted by the metric of an alarm."""
        if response.get("status") == HTTPStatus.NOT_FOUND:  # no document has been read with this embedding model yet
            return
        if "error" in response or response["_shards"]["failed"]:
            failure = identifier(response.get("error", {}).get("type"))
            log.error("search failed", extra={"status": response.get("status"), "provider_type": failure})
            raise UnavailableError(Code.SEARCH_UNAVAILABLE)
        for hit in response["hits"]["hits"]:
            if not hit["_score"]:  # it contains none of the words
                continue
            vectors = hit["_source"].pop("vectors", None)
            chunk = Chunk(**hit["_source"])
            if chunk.chat_id == scope.chat_id and chunk.ingest_id in scope.ready_ingest_ids:
                if chunk not in found:
                    near = asked.nearness(vectors) if hit["_index"] == self.name else None
                    found[chunk] = Candidate(chunk.text, near)
            else:
                log.error("search returned chunks from outside the room", extra={"chat_id": scope.chat_id})
                metrics.emit(metrics.HITS_OUTSIDE_ROOM, 1)


def _shape(chunk: Chunk) -> object:
    """Return a key that is equal for short chunks of a document that differ by numbers only."""
    is_short = len(chunk.text) <= REPEATED_CHARACTERS
    return (chunk.document_id, _NUMBERS.sub("", chunk.text)) if is_short else chunk
