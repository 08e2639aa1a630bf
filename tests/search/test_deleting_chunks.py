"""Deleting the chunks of rooms and documents on a real OpenSearch, from the indices of all mappings and models."""

from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest
from opensearchpy import OpenSearch

from documind.clients import search_deletion
from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.clients.search_deletion import ChunkDeletion
from documind.clients.vectors import ChunkVectors
from ingest.index import wait_until_found

VECTOR = [1.0, 0.0]
# As in a first version: one analyzer only, no vectors, and no mapping of fields that are only shown.
OLD_INDEX = "chunks-v0-some-model-3"
OLD_MAPPING = {
    "dynamic": False,
    "properties": {
        "chat_id": {"type": "keyword"},
        "document_id": {"type": "keyword"},
        "ingest_id": {"type": "keyword"},
        "text": {"type": "text", "index": False, "fields": {"english": {"type": "text", "analyzer": "english"}}},
    },
}


def chunks(chat_id: str, ingest_id: str, *texts: str) -> list[Chunk]:
    return [
        Chunk("document", ingest_id, chat_id, number, 0, len(text), text) for number, text in enumerate(texts, start=1)
    ]


@pytest.fixture
def client(opensearch_url: str) -> OpenSearch:
    return OpenSearch(hosts=[opensearch_url], max_retries=0)


@pytest.fixture
def index(client: OpenSearch, request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    """A new index with the current mapping."""
    index = SearchIndex(client, embedding_model=request.node.name, dimensions=2, kind="own", vector_weight=0.7)
    index.ensure()
    yield index
    client.indices.delete(index=index.name)


@pytest.fixture
def old_index(client: OpenSearch) -> Iterator[str]:
    client.indices.create(index=OLD_INDEX, body={"mappings": OLD_MAPPING})
    yield OLD_INDEX
    client.indices.delete(index=OLD_INDEX)


def write(index: SearchIndex, new: list[Chunk]) -> RoomScope:
    index.write(new, [ChunkVectors(VECTOR)] * len(new))
    wait_until_found(index, RoomScope(new[0].chat_id, (new[0].ingest_id,)), len(new))
    return RoomScope(new[0].chat_id, (new[0].ingest_id,))


def write_old(client: OpenSearch, old: list[Chunk]) -> None:
    for chunk in old:
        client.index(index=OLD_INDEX, body=asdict(chunk))
    client.indices.refresh(index=OLD_INDEX)


def test_a_room_is_deleted_and_no_other(client: OpenSearch, index: SearchIndex) -> None:
    for ingest_id in ("one", "two"):
        write(index, chunks("room-a", ingest_id, *(f"text {number}" for number in range(600))))
    kept = write(index, chunks("room-b", "three", "text"))
    assert ChunkDeletion(client).delete_room("room-a") == 1200
    assert [index.count(RoomScope("room-a", ("one", "two"))), index.count(kept)] == [0, 1]
    assert ChunkDeletion(client).delete_room("room-a") == 0


def test_a_document_is_deleted_with_the_chunks_of_all_runs_and_no_other(client: OpenSearch, index: SearchIndex) -> None:
    def of(document_id: str, ingest_id: str) -> list[Chunk]:
        return [replace(chunk, document_id=document_id) for chunk in chunks("room-a", ingest_id, "text", "words")]

    for document_id, ingest_id in (("gone", "one"), ("gone", "two"), ("kept", "three")):
        write(index, of(document_id, ingest_id))
    assert ChunkDeletion(client).delete_document("room-a", "gone") == 4
    assert ChunkDeletion(client).delete_document("room-b", "kept") == 0
    assert [index.count(RoomScope("room-a", (ingest_id,))) for ingest_id in ("one", "two", "three")] == [0, 0, 2]


def test_chunks_of_an_older_mapping_are_found_by_words_and_deleted_with_their_room(
    client: OpenSearch, index: SearchIndex, old_index: str
) -> None:
    gone = write(index, chunks("room-a", "new", "atoms decay"))
    write_old(client, chunks("room-a", "old", "gravity pulls", "light bends"))
    write_old(client, chunks("room-b", "kept", "light bends"))
    both = RoomScope("room-a", (*gone.ready_ingest_ids, "old"))
    hits = index.find(both, "what bends light", VECTOR)
    assert ("old", 2) in [(hit.chunk.ingest_id, hit.chunk.page) for hit in hits]
    assert ChunkDeletion(client).delete_room("room-a") == 3
    assert {hit.chunk.ingest_id for hit in index.find(both, "atoms, gravity or light", VECTOR)} == set()
    assert client.count(index=old_index)["count"] == 1


def test_chunks_with_equal_sort_values_are_deleted_too(
    client: OpenSearch, index: SearchIndex, old_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_deletion, "PAGE_CHUNKS", 2)
    write(index, chunks("room-a", "new", "one", "two", "three"))
    write_old(client, chunks("room-a", "old", *(f"text {number}" for number in range(7))))
    assert ChunkDeletion(client).delete_room("room-a") == 10
    assert client.count(index=old_index)["count"] == 0


def test_without_an_index_nothing_is_deleted(client: OpenSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_deletion, "EVERY_INDEX", "none-*")
    assert ChunkDeletion(client).delete_room("room-a") == 0
