"""The rules of deleting chunks that need no OpenSearch: chunks that a failed shard hides do not count as deleted."""

import json
from typing import Any

import pytest

from documind.clients import search_deletion
from documind.clients.search_deletion import ChunkDeletion
from documind.errors import Code, DocumindError
from tests.unit.test_search import RecordedSearch


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_deletion, "PAUSE_S", 0.0)


def found(*ids: str, failed: int = 0) -> dict[str, Any]:
    hits = [{"_index": "chunks-v0-model-2", "_id": each, "sort": [each]} for each in ids]
    return {"_shards": {"failed": failed}, "hits": {"hits": hits}}


def outcomes(*statuses: int) -> dict[str, Any]:
    return {"items": [{"delete": {"status": status}} for status in statuses]}


def deleted_by(client: RecordedSearch) -> list[list[str]]:
    """Return the ids of each bulk request."""
    requests = [body for body in client.sent if isinstance(body, str)]
    return [[json.loads(line)["delete"]["_id"] for line in body.splitlines()] for body in requests]


def test_a_refused_deletion_is_retried_and_each_chunk_counts_once() -> None:
    client = RecordedSearch(found("a", "b", "c"), outcomes(200, 429, 404), found("a", "b"), outcomes(200), found())
    assert ChunkDeletion(client.as_client()).delete_room("room") == 3
    assert deleted_by(client) == [["a", "b", "c"], ["b"]]


def test_nothing_counts_as_deleted_while_a_part_of_the_search_fails() -> None:
    with pytest.raises(DocumindError) as caught:
        ChunkDeletion(RecordedSearch(found(failed=1)).as_client()).delete_room("room")
    assert caught.value.code == Code.SEARCH_UNAVAILABLE


def test_an_attempt_ends_if_chunks_cannot_be_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_deletion, "DEADLINE_S", -1.0)
    with pytest.raises(DocumindError) as caught:
        ChunkDeletion(RecordedSearch(found("a"), outcomes(429)).as_client()).delete_room("room")
    assert caught.value.code == Code.SEARCH_UNAVAILABLE
