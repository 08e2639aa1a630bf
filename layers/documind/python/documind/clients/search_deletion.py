"""Deletes chunks of a room or a document from the indexes of every mapping and every embedding model."""

import logging
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from opensearchpy import OpenSearch

from documind.clients.search_connection import WAKING_TIMEOUT_S, json_lines, open_search, retried
from documind.clients.search_requests import EVERY_INDEX, Query, allowed, overtaken
from documind.errors import Code, UnavailableError
from documind.settings import SearchSettings

PAGE_CHUNKS = 500
DEADLINE_S = 60.0
PAUSE_S = 0.3
# An older mapping may lack a field. Without `unmapped_type` its shards would fail, and those of other indices answer
# with status 200 (https://github.com/elastic/elasticsearch/issues/2255).
SORT = [
    {"ingest_id": {"unmapped_type": "keyword"}},
    {"page": {"unmapped_type": "integer"}},
    {"start": {"unmapped_type": "integer"}},
]

log = logging.getLogger(__name__)
ChunkKey = tuple[str, str]  # index and id


class ChunkDeletion:
    """Deletes chunks; it only requires that the ids are keywords in every index."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client

    @classmethod
    def from_settings(cls, settings: SearchSettings) -> "ChunkDeletion":
        """Return the deletion with these settings, without opening a network connection."""
        return cls(open_search(settings))

    def delete_room(self, chat_id: str) -> int:
        """Delete every chunk of a room and return how many there were; see `_delete_found`."""
        return self._delete_found(allowed(chat_id, None))

    def delete_document(self, chat_id: str, document_id: str) -> int:
        """Delete every chunk of a document, whichever run wrote it, and return how many there were."""
        return self._delete_found(allowed(chat_id, None, document_id))

    def delete_overtaken(self, chat_id: str, document_id: str, attempt_ids: Sequence[str]) -> int:
        """Delete every chunk of a document except those of these attempts, and return how many there were."""
        return self._delete_found(overtaken(chat_id, document_id, attempt_ids))

    def _delete_found(self, query: Query) -> int:
        """Delete every chunk that a query finds and return how many there were, once a search finds none.

        Deleted chunks stay visible until the next refresh (10 s on serverless), so this repeats until none is visible.

        Raises UnavailableError(SEARCH_UNAVAILABLE) if the search is unreachable, answers for a part of its shards only,
        or still finds chunks after `DEADLINE_S`.
        """
        deadline = time.monotonic() + DEADLINE_S
        deleted: set[ChunkKey] = set()
        while found := list(self._visible(query)):
            left = [chunk for chunk in found if chunk not in deleted]
            for first in range(0, len(left), PAGE_CHUNKS):
                deleted.update(self._delete(left[first : first + PAGE_CHUNKS]))
            if time.monotonic() > deadline:
                raise UnavailableError(Code.SEARCH_UNAVAILABLE)
            time.sleep(PAUSE_S)
        return len(deleted)

    def _visible(self, query: Query) -> Iterator[ChunkKey]:
        """Yield the chunks that a search finds; of those with equal sort values some may be left to the next round."""
        body: dict[str, Any] = {"size": PAGE_CHUNKS, "_source": False, "query": query, "sort": SORT}
        while True:
            answer = retried(lambda: self._client.search(index=EVERY_INDEX, body=body))
            if failed := answer["_shards"]["failed"]:
                log.error("a part of the search failed", extra={"failed_shards": failed})
                raise UnavailableError(Code.SEARCH_UNAVAILABLE)
            hits = answer["hits"]["hits"]
            yield from ((hit["_index"], hit["_id"]) for hit in hits)
            if len(hits) < PAGE_CHUNKS:
                return
            body["search_after"] = hits[-1]["sort"]

    def _delete(self, chunks: Sequence[ChunkKey]) -> list[ChunkKey]:
        """Delete these chunks and return those that are gone; others are tried again in the next round."""
        lines = json_lines({"delete": {"_index": index, "_id": one}} for index, one in chunks)
        items = retried(lambda: self._client.bulk(body=lines, request_timeout=WAKING_TIMEOUT_S))["items"]
        gone = {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
        return [chunk for chunk, item in zip(chunks, items, strict=True) if item["delete"]["status"] in gone]
