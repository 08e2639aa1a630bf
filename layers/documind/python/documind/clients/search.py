"""The search: chunks in OpenSearch, found by meaning and by words, only ever within one room.

Uses nothing that one kind of OpenSearch lacks (serverless collection, managed domain, own server): no custom ids,
no delete-by-query, no refresh on demand, no search pipelines.
"""

import json
import logging
import math
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, TypeVar

import boto3
from opensearchpy import OpenSearch, Urllib3AWSV4SignerAuth, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as SearchConnectionError
from opensearchpy.exceptions import NotFoundError, TransportError

from documind.clients.search_requests import MAPPING_VERSION, allowed, by_meaning, by_words, index_definition
from documind.errors import Code, DocumindError
from documind.settings import RetrievalSettings, SearchKind

RANK_CONSTANT = 10  # of reciprocal rank fusion: measured better than the usual 60, which makes weak vectors hurt
TIMEOUT_S = 15  # of one try: three stay below the 55 s of the retrieve step, even while a serverless search wakes
TRIES = 3
FIRST_PAUSE_S = 0.3
DELETE_PAGE = 500
DELETE_DEADLINE_S = 60.0
REFUSED = frozenset({429, 503})  # before anything was done
UNREACHABLE = REFUSED | {502, 504}
REFUSED_ITEM = REFUSED | {500}

SIGNED_FOR: dict[SearchKind, str] = {"domain": "es", "serverless": "aoss"}  # SigV4 names of the services

log = logging.getLogger(__name__)
Result = TypeVar("Result")


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

    Every method raises DocumindError(SEARCH_UNAVAILABLE) when the search cannot be reached, or is still too busy
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
        self._of_every_model = f"chunks-v{MAPPING_VERSION}-*"

    @classmethod
    def from_settings(cls, settings: RetrievalSettings) -> "SearchIndex":
        """Make the real one, signed for its service; opens no connection yet."""
        signer = None
        if service := SIGNED_FOR.get(settings.search_kind):
            session = boto3.Session()
            signer = Urllib3AWSV4SignerAuth(session.get_credentials(), session.region_name, service)
        client = OpenSearch(
            hosts=[settings.search_endpoint],
            http_auth=signer,
            connection_class=Urllib3HttpConnection,
            timeout=TIMEOUT_S,
            max_retries=0,
        )
        return cls(
            client,
            embedding_model=settings.embedding_model,
            dimensions=settings.embedding_dimensions,
            kind=settings.search_kind,
            vector_weight=settings.vector_weight,
        )

    def ensure(self) -> None:
        """Make the index unless it is there."""
        if _retried(lambda: self._client.indices.exists(index=self.name)):
            return
        definition = index_definition(self._dimensions, self._kind)
        try:
            _retried(lambda: self._client.indices.create(index=self.name, body=definition))
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
            _pause_before(attempt)
            waiting = self._write_once(waiting)
            if not waiting:
                return
        raise DocumindError(Code.SEARCH_UNAVAILABLE)

    def count(self, scope: RoomScope) -> int:
        """Return how many chunks a search in this scope can find now."""
        if not scope.ready_ingest_ids:
            return 0
        body = {"query": allowed(scope.chat_id, scope.ready_ingest_ids)}
        try:
            return int(_retried(lambda: self._client.count(index=self.name, body=body))["count"])
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
        What was read with another embedding model is found by its words.
        """
        if not scope.ready_ingest_ids or (document_ids is not None and not document_ids):
            return []
        filters = allowed(scope.chat_id, scope.ready_ingest_ids, document_ids)
        words = {"index": self._of_every_model}
        lines = _lines([{}, by_meaning(self._unit(vector), filters), words, by_words(question, filters)])
        responses = _retried(lambda: self._client.msearch(index=self.name, body=lines))["responses"]
        rankings = [_chunks_inside(scope, response) for response in responses]
        return fused(list(zip([self._vector_weight, 1.0], rankings, strict=True)))[:limit]

    def delete(self, chat_id: str, ingest_id: str | None = None) -> int:
        """Delete every chunk of one ingest, or of a whole room whatever it was read with; return how many there were.

        Returns once a search finds none: deleted chunks stay visible until the next refresh (10 s on serverless),
        hence the rounds, each of which goes through all that is visible.
        """
        deadline = time.monotonic() + DELETE_DEADLINE_S
        deleted: set[tuple[str, str]] = set()
        while found := list(self._ids(chat_id, ingest_id)):
            new = [one for one in found if one not in deleted]
            for first in range(0, len(new), DELETE_PAGE):
                self._delete_ids(new[first : first + DELETE_PAGE])
            deleted.update(new)
            if time.monotonic() > deadline:
                raise DocumindError(Code.SEARCH_UNAVAILABLE)
            time.sleep(FIRST_PAUSE_S)
        return len(deleted)

    def _write_once(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send the records in one bulk request and return those that were refused for now."""
        action: dict[str, Any] = {"index": {}}
        lines = _lines(line for record in records for line in (action, record))
        result = _retried(lambda: self._client.bulk(index=self.name, body=lines), only_refused=True)
        refused = []
        for record, item in zip(records, result["items"], strict=True):
            outcome = item["index"]
            if outcome["status"] in REFUSED_ITEM:
                refused.append(record)
            elif "error" in outcome:
                raise RuntimeError(f"OpenSearch does not take a chunk: {outcome['error'].get('type')}")
        return refused

    def _ids(self, chat_id: str, ingest_id: str | None) -> Iterator[tuple[str, str]]:
        """Yield index and id of all chunks that are visible."""
        query = allowed(chat_id, [ingest_id] if ingest_id else None)
        body = {"size": DELETE_PAGE, "_source": False, "query": query, "sort": ["ingest_id", "page", "start"]}
        while True:
            hits = _retried(lambda: self._client.search(index=self._of_every_model, body=body))["hits"]["hits"]
            yield from ((hit["_index"], hit["_id"]) for hit in hits)
            if len(hits) < DELETE_PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def _delete_ids(self, ids: list[tuple[str, str]]) -> None:
        lines = _lines({"delete": {"_index": index, "_id": one}} for index, one in ids)
        _retried(lambda: self._client.bulk(body=lines))

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
        log.error("search failed", extra={"status": response.get("status")})
        raise DocumindError(Code.SEARCH_UNAVAILABLE)
    chunks = [Chunk(**hit["_source"]) for hit in response["hits"]["hits"]]
    inside = [c for c in chunks if c.chat_id == scope.chat_id and c.ingest_id in scope.ready_ingest_ids]
    if len(inside) < len(chunks):
        log.error("search returned chunks from outside the room", extra={"chat_id": scope.chat_id})
    return inside


def _lines(records: Iterable[dict[str, Any]]) -> str:
    """Return the records as lines of JSON, as `_bulk` and `_msearch` take them."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _retried(request: Callable[[], Result], *, only_refused: bool = False) -> Result:
    """Return what the request returns, tried again while the search is busy or out of reach.

    With `only_refused` nothing is sent again that may have been carried out.
    """
    for attempt in range(TRIES):
        _pause_before(attempt)
        try:
            return request()
        except TransportError as error:
            lost = isinstance(error, SearchConnectionError)
            if not lost and error.status_code not in UNREACHABLE:
                raise
            log.warning("search unavailable", extra={"status": error.status_code})
            if only_refused and (lost or error.status_code not in REFUSED):
                break
    raise DocumindError(Code.SEARCH_UNAVAILABLE)


def _pause_before(attempt: int) -> None:
    """Wait before a second or third attempt, longer each time and never in step with others."""
    if attempt:
        time.sleep(FIRST_PAUSE_S * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311
