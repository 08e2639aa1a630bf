"""The index on a real OpenSearch: chunks are found by vector and by words, in their own room only."""

import random
import time
from collections.abc import Iterator
from threading import Thread

import pytest
from opensearchpy import OpenSearch

from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.clients.search_requests import allowed, by_words
from documind.clients.vectors import ChunkVectors
from ingest.index import wait_until_found

DIMENSIONS = 8
ROOMS = ("room-a", "room-b", "room-c")


def vector(seed: int) -> list[float]:
    dice = random.Random(seed)  # noqa: S311
    return [dice.uniform(-1, 1) for _ in range(DIMENSIONS)]


def chunk(chat_id: str, ingest_id: str, page: int, text: str) -> Chunk:
    return Chunk(f"document of {ingest_id}", ingest_id, chat_id, page, 0, len(text), text)


@pytest.fixture
def index(opensearch_url: str, request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    """A new index."""
    client = OpenSearch(hosts=[opensearch_url], max_retries=0)
    index = SearchIndex(client, embedding_model=request.node.name, dimensions=DIMENSIONS, kind="own", vector_weight=0.4)
    index.ensure()
    yield index
    client.indices.delete(index=index.name)


def test_the_index_of_a_single_node_has_no_unassigned_replica(index: SearchIndex) -> None:
    client = index._client  # noqa: SLF001
    client.cluster.health(index=index.name, wait_for_status="green")
    assert client.cluster.health(index=index.name)["status"] == "green"


def filled(index: SearchIndex, chat_id: str, ingest_id: str, texts: list[str]) -> RoomScope:
    """Write one chunk per text, with its number as page and as seed of the vector; wait until all are found."""
    chunks = [chunk(chat_id, ingest_id, number, text) for number, text in enumerate(texts, start=1)]
    index.write(chunks, [ChunkVectors(vector(one.page)) for one in chunks])
    wait_until_found(index, RoomScope(chat_id, (ingest_id,)), len(chunks))
    return RoomScope(chat_id, (ingest_id,))


def pages(index: SearchIndex, scope: RoomScope, question: str, seed: int, *, limit: int = 5) -> list[int]:
    return [hit.chunk.page for hit in index.find(scope, question, vector(seed), limit=limit)]


def test_creating_the_index_twice_or_concurrently_is_no_error(index: SearchIndex) -> None:
    threads = [Thread(target=index.ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scope = filled(index, "room-a", "one", ["text"])
    index.ensure()
    assert index.count(scope) == 1


def test_written_chunks_are_found_after_a_refresh(opensearch_url: str, index: SearchIndex) -> None:
    OpenSearch(hosts=[opensearch_url]).indices.put_settings(index=index.name, body={"index.refresh_interval": "-1"})
    index.write([chunk("room-a", "one", 1, "text")], [ChunkVectors(vector(1))])
    scope = RoomScope("room-a", ("one",))
    assert index.count(scope) == 0
    index.refresh()
    assert index.count(scope) == 1


def test_a_chunk_is_found_unchanged(index: SearchIndex) -> None:
    scope = filled(index, "room-a", "one", ["第一段「引號」\n𠮷 and a \\ backslash"])
    (hit,) = index.find(scope, "引號", vector(1))
    assert hit.chunk == chunk("room-a", "one", 1, "第一段「引號」\n𠮷 and a \\ backslash")
    assert hit.score == pytest.approx(1, abs=0.001)


def test_words_alone_find_every_form_of_a_word(opensearch_url: str, index: SearchIndex) -> None:
    texts = {
        "遷移資料庫之前請先備份。資料庫遷移由工程師執行。": ("資料庫遷移", "资料库迁移"),  # the second is Simplified
        "She runs every morning.": ("running",),
        "The library opens at nine on Sundays.": ("the library's opening hours",),
        "Django 是一個網站框架。": ("ＤＪＡＮＧＯ",),
        "北岬風場有五座風力發電機。": ("風力發電",),
        "ｶﾞｲﾄﾞﾌﾞｯｸを読む。": ("ガイドブック",),  # half-width kana
        "勞動法\uf9d8的規定。": ("法律",),  # a compatibility ideograph
    }
    scope = filled(index, "room-a", "one", list(texts))
    client = OpenSearch(hosts=[opensearch_url])
    for page, questions in enumerate(texts.values(), start=1):
        for question in questions:
            search = by_words(question, allowed(scope.chat_id, scope.ready_ingest_ids))
            found = client.search(index=index.name, body=search)["hits"]["hits"]
            assert found[0]["_source"]["page"] == page, question
            assert pages(index, scope, question, seed=99)[0] == page, question


def test_a_question_of_any_length_is_searched(index: SearchIndex) -> None:
    """A query may have 1,024 clauses; these 520 ideographs, 513 words and emoji would need more."""
    scope = filled(index, "room-a", "one", ["nothing of it", "the canteen opens at noon"])
    for unit in ("字", "word ", "😀"):
        longest = "".join(f"{unit}{chr(0x4E00 + number)}" for number in range(4000 // (len(unit) + 1)))
        words = f"{unit} ".join(f"w{number}" for number in range(600))
        for question in (f"canteen noon {longest}", f"{words} canteen noon"):
            assert pages(index, scope, question, seed=99)[0] == 2, unit
        assert len(pages(index, scope, unit * (4000 // len(unit)), seed=99)) == 2, unit


def test_the_vector_finds_chunks_that_the_words_do_not(index: SearchIndex) -> None:
    scope = filled(index, "room-a", "one", [f"passage {number}" for number in range(40)])
    assert pages(index, scope, "unrelated", seed=17, limit=1) == [17]


def test_only_ready_ingests_of_the_own_room_are_found(index: SearchIndex) -> None:
    for room in ROOMS:
        for ingest in ("ready", "unfinished"):
            filled(index, room, f"{ingest}-{room}", [f"the same words {number}" for number in range(30)])
    dice = random.Random(3)  # noqa: S311
    for _ in range(60):
        room = dice.choice(ROOMS)
        scope = RoomScope(room, (f"ready-{room}",))
        hits = index.find(scope, "the same words", vector(dice.randrange(1000)), limit=20)
        assert len(hits) == 20  # the full number, although other rooms have many chunks
        assert {hit.chunk.ingest_id for hit in hits} == {f"ready-{room}"}
    assert index.find(RoomScope("room-a", ("ready-room-b",)), "the same words", vector(1)) == []


def test_a_question_can_be_narrowed_to_documents(index: SearchIndex) -> None:
    filled(index, "room-a", "one", ["the same words"])
    filled(index, "room-a", "two", ["the same words"])
    both = RoomScope("room-a", ("one", "two"))
    assert len(index.find(both, "words", vector(1))) == 2
    (hit,) = index.find(RoomScope("room-a", ("two",)), "words", vector(1))
    assert hit.chunk.ingest_id == "two"


def test_a_missing_index_is_empty(opensearch_url: str) -> None:
    client = OpenSearch(hosts=[opensearch_url], max_retries=0)
    missing = SearchIndex(client, embedding_model="none", dimensions=DIMENSIONS, kind="own", vector_weight=1)
    scope = RoomScope("room-a", ("one",))
    assert missing.count(scope) == 0
    missing.wake()
    assert missing.find(scope, "text", vector(1)) == []


def test_a_question_is_answered_in_milliseconds(index: SearchIndex) -> None:
    scope = filled(index, "room-a", "one", [f"第 {number} 段談資料庫" for number in range(500)])
    times = []
    for seed in range(30):
        started = time.perf_counter()
        index.find(scope, "資料庫", vector(seed))
        times.append(time.perf_counter() - started)
    assert sorted(times)[15] < 0.5


def test_chunks_of_another_model_are_found_by_words(opensearch_url: str, index: SearchIndex) -> None:
    scope = filled(index, "room-a", "one", ["gravity pulls", "light bends", "atoms decay"])
    client = OpenSearch(hosts=[opensearch_url], max_retries=0)
    other = SearchIndex(client, embedding_model="other", dimensions=4, kind="own", vector_weight=0.7)
    question_vector = [1.0, 0.0, 0.0, 0.0]
    assert [hit.chunk.page for hit in other.find(scope, "what bends light", question_vector)] == [2]
    assert other.find(RoomScope("room-b", ("one",)), "what bends light", question_vector) == []
    other.ensure()
    assert [hit.chunk.page for hit in other.find(scope, "what bends light", question_vector)] == [2]
    client.indices.delete(index=other.name)
