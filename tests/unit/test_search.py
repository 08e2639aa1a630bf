"""The rules of the search that need no OpenSearch: scope, fusion, retries, responses of bulk requests."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from opensearchpy.exceptions import ConnectionError as LostConnectionError
from opensearchpy.exceptions import TransportError

from documind.clients import search_connection
from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.clients.search_connection import open_search
from documind.clients.search_requests import MAX_TOKENS, index_definition, telling_part
from documind.clients.vectors import Asked, ChunkVectors, chunk_vectors, packed, unit
from documind.errors import Code, DocumindError
from documind.settings import SearchSettings
from ingest.index import BATCHES_AT_ONCE
from tests.emitted import emitted

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

    from documind.settings import SearchKind

KINDS: tuple["SearchKind", ...] = ("own", "domain", "serverless")
VECTOR = [3.0, 4.0]
VECTORS = ChunkVectors(VECTOR)
SCOPE = RoomScope("room", ("ingest",))
NAME = "chunks-v3-org-model-x-2"


def chunk(page: int, *, chat_id: str = "room", ingest_id: str = "ingest") -> Chunk:
    return Chunk("document", ingest_id, chat_id, page, 0, 4, "text")


class RecordedSearch:
    """Replies to requests from a list: an exception is raised, anything else is returned."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []
        self.waited_s = 0.0

    def as_client(self) -> "OpenSearch":
        return cast("OpenSearch", self)

    def _next(self, body: Any) -> Any:
        self.sent.append(body)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def bulk(self, *, body: str, request_timeout: float, **_: Any) -> Any:
        self.waited_s = request_timeout
        return self._next(body)

    def msearch(self, *, body: str, **_: Any) -> Any:
        return self._next(body)

    def count(self, *, body: Any = None, request_timeout: float = 0.0, **_: Any) -> Any:
        self.waited_s = request_timeout
        return self._next(body)

    def search(self, *, body: Any, **_: Any) -> Any:
        return self._next(body)


def index(client: RecordedSearch) -> SearchIndex:
    return SearchIndex(client.as_client(), embedding_model="Org/Model_X", dimensions=2, kind="own", vector_weight=0.5)


def hits(*chunks: Chunk, vector: list[float] | None = None, in_index: str = NAME) -> dict[str, Any]:
    source = {"vectors": packed(ChunkVectors(vector or [0.6, 0.8]))}
    found = [{"_index": in_index, "_score": 1.0, "_source": vars(each) | source} for each in chunks]
    return {"_shards": {"failed": 0}, "hits": {"hits": found}}


def outcomes(*statuses: int) -> dict[str, Any]:
    failed = {"error": {"type": "refused"}}
    return {"items": [{"index": {"status": status} | ({} if status < 300 else failed)} for status in statuses]}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_connection, "FIRST_PAUSE_S", 0.0)


def test_the_name_contains_mapping_model_and_dimensions() -> None:
    assert index(RecordedSearch()).name == NAME


def test_an_empty_scope_never_queries() -> None:
    nothing_ready = RoomScope("room", ())
    client = RecordedSearch()
    assert index(client).find(nothing_ready, "question", VECTOR) == []
    assert index(client).count(nothing_ready) == 0
    assert client.sent == []


def test_a_serverless_search_is_not_refreshed() -> None:
    """It has no refresh request (serverless-genref.html in the developer guide), and nor does this fake client."""
    client = RecordedSearch().as_client()
    SearchIndex(client, embedding_model="m", dimensions=2, kind="serverless", vector_weight=0.5).refresh()


def test_both_searches_are_filtered_and_sent_in_one_request() -> None:
    client = RecordedSearch({"responses": [hits(chunk(1)), hits(chunk(1))]})
    index(client).find(SCOPE, "問題", VECTOR)
    _, by_meaning, _, by_words = map(json.loads, client.sent[0].splitlines())
    knn = by_meaning["query"]["knn"]["embedding"]
    assert knn["vector"] == [0.6, 0.8]  # normalised to length 1
    assert knn["filter"] == by_words["query"]["bool"]["filter"]
    assert knn["filter"]["bool"]["filter"] == [{"term": {"chat_id": "room"}}, {"terms": {"ingest_id": ["ingest"]}}]


def test_a_hit_from_outside_the_scope_is_dropped_counted_and_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign, unready = chunk(2, chat_id="other"), chunk(3, ingest_id="unfinished")
    client = RecordedSearch({"responses": [hits(chunk(1), foreign), hits(unready)]})
    assert [hit.chunk for hit in index(client).find(SCOPE, "question", VECTOR)] == [chunk(1)]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert emitted(capsys) == {("HitsOutsideRoom", None): [1, 1]}


def test_what_stands_on_every_page_comes_once_before_the_rest() -> None:
    header = [replace(chunk(page), text=f"Shift work {page}") for page in (1, 2, 3)]
    best, least = header[0], replace(chunk(4), text="Work is done in shifts.")
    client = RecordedSearch({"responses": [hits(*header, least), hits()]})
    found = [hit.chunk for hit in index(client).find(SCOPE, "shift work", VECTOR)]
    assert found == [best, least, *header[1:]]


def test_chunks_that_differ_by_more_than_a_page_number_are_no_repetition() -> None:
    leases = [replace(chunk(1), document_id=year, text=f"Rent in {year}: 900.") for year in ("2023", "2024")]
    tables = [replace(chunk(page), text=f"The price of {page} " + "goods of this kind " * 8) for page in (2, 3)]
    client = RecordedSearch({"responses": [hits(*leases, *tables, chunk(9)), hits()]})
    assert index(client).find(SCOPE, "rent price goods", VECTOR)[-1].chunk == chunk(9)


def test_a_chunk_found_by_words_only_is_scored_by_its_stored_vector() -> None:
    client = RecordedSearch({"responses": [hits(), hits(chunk(1), vector=[1.0, 0.0])]})
    (hit,) = index(client).find(SCOPE, "unrelated", VECTOR)
    assert hit.score == pytest.approx(0.5 * 0.6, abs=0.001)  # half of the cosine, since no word is in common


def test_the_vector_of_another_model_is_not_compared() -> None:
    other = hits(chunk(2), vector=[-0.6, -0.8], in_index="chunks-v1-org-model-y-2")
    client = RecordedSearch({"responses": [hits(chunk(1)), other]})
    assert {hit.chunk.page: round(hit.score, 3) for hit in index(client).find(SCOPE, "unrelated", VECTOR)} == {
        1: 0.5,
        2: 0.5,  # the mean similarity of the others
    }


def test_nearness_is_the_mean_of_the_whole_chunk_and_its_nearest_sentence() -> None:
    asked, whole, near, far = Asked(unit([1.0, 0.0], 2)), [0.6, 0.8], [1.0, 0.0], [0.0, -1.0]
    assert asked.nearness(packed(ChunkVectors(whole))) == pytest.approx(0.6, abs=0.005)
    assert asked.nearness(packed(ChunkVectors(whole, [far, near]))) == pytest.approx(0.8, abs=0.005)
    assert asked.nearness(packed(ChunkVectors(whole, [far]))) == pytest.approx(0.3, abs=0.005)


def test_only_sentences_are_embedded_each_once_and_a_chunk_is_their_mean() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[1.0, 0.0] if text.startswith("First") else [0.0, 1.0] for text in texts]

    two, one, none = chunk_vectors(embed, ["First one. The second. A", "The second.", "B"])
    assert asked == ["First one.", "The second.", "B"]
    assert [*two.whole] == pytest.approx([10 / 21, 11 / 21])
    assert [[*row] for row in two.sentences] == [[1.0, 0.0], [0.0, 1.0]]  # a single letter is no sentence
    assert ([*one.whole], one.sentences) == ([0.0, 1.0], ())
    assert [*none.whole] == [0.0, 1.0]  # unless there is nothing else


@pytest.mark.parametrize("word", ["字", "word ", "😀"])
def test_of_a_question_too_long_for_a_query_the_beginning_and_the_end_are_searched(word: str) -> None:
    long = f"first {word * 2000} last"
    kept = telling_part(long)
    assert kept.startswith("first")
    assert kept.endswith("last")
    assert kept.count(word.strip()) == MAX_TOKENS - 2
    assert telling_part("short question?") == "short question?"


def test_a_missing_index_finds_nothing() -> None:
    missing = {"status": 404, "error": {"type": "index_not_found_exception"}}
    assert index(RecordedSearch({"responses": [missing, missing]})).find(SCOPE, "question", VECTOR) == []


def test_a_partly_failed_search_is_a_failure() -> None:
    partly = hits(chunk(1)) | {"_shards": {"failed": 1}}
    with pytest.raises(DocumindError) as caught:
        index(RecordedSearch({"responses": [partly, hits()]})).find(SCOPE, "question", VECTOR)
    assert caught.value.code == Code.SEARCH_UNAVAILABLE


@pytest.mark.parametrize(
    "trouble", [TransportError(429, "busy"), TransportError(502, "gone"), LostConnectionError("N/A", "lost", None)]
)
def test_reads_are_tried_three_times(trouble: Exception) -> None:
    assert index(RecordedSearch(trouble, trouble, {"count": 7})).count(SCOPE) == 7
    with pytest.raises(DocumindError) as caught:
        index(RecordedSearch(trouble, trouble, trouble)).count(SCOPE)
    assert caught.value.code == Code.SEARCH_UNAVAILABLE


def test_a_search_of_the_two_that_is_refused_as_too_much_is_tried_again() -> None:
    """`_msearch` answers 200, with the status of each search in it; a node short of memory answers 429:
    https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/circuit-breaker/
    """
    refused = {"error": {"type": "circuit_breaking_exception"}, "status": 429}
    client = RecordedSearch({"responses": [refused, hits(chunk(1))]}, {"responses": [hits(chunk(1)), hits(chunk(1))]})
    assert [hit.chunk for hit in index(client).find(SCOPE, "question", VECTOR)] == [chunk(1)]
    client = RecordedSearch(*[{"responses": [hits(chunk(1)), refused]}] * 3)
    with pytest.raises(DocumindError) as raised:
        index(client).find(SCOPE, "question", VECTOR)
    assert (raised.value.code, client.answers) == (Code.SEARCH_UNAVAILABLE, [])


def test_an_invalid_request_is_a_defect() -> None:
    with pytest.raises(TransportError):
        index(RecordedSearch(TransportError(400, "parsing_exception"))).count(SCOPE)


def test_only_refused_chunks_are_written_again() -> None:
    client = RecordedSearch(outcomes(201, 429, 201), outcomes(201))
    index(client).write([chunk(1), chunk(2), chunk(3)], [VECTORS] * 3)
    again = [json.loads(line) for line in client.sent[1].splitlines()]
    assert [record["page"] for record in again if "page" in record] == [2]


def test_a_write_whose_connection_was_lost_is_not_sent_again() -> None:
    client = RecordedSearch(LostConnectionError("N/A", "lost", None))
    with pytest.raises(DocumindError):
        index(client).write([chunk(1)], [VECTORS])
    assert len(client.sent) == 1


def test_a_chunk_that_the_index_rejects_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="refused"):
        index(RecordedSearch(outcomes(400))).write([chunk(1)], [VECTORS])


@pytest.mark.parametrize("vector", [[1.0], [0.0, 0.0]])
def test_a_vector_that_no_search_could_find_is_refused(vector: list[float]) -> None:
    with pytest.raises(ValueError, match="dimensions"):
        index(RecordedSearch()).write([chunk(1)], [ChunkVectors(vector)])


def test_a_write_waits_for_an_indexing_scaled_to_zero() -> None:
    """It takes 10 to 30 s, separately from searching (serverless-scale-to-zero.html in AWS's developer guide)."""
    client = RecordedSearch(outcomes(201))
    index(client).write([chunk(1)], [VECTORS])
    assert 30 < client.waited_s < 60


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        ([{"count": 0}], 1),
        ([LostConnectionError("N/A", "lost", None)], 1),
        ([TransportError(503, "busy"), {"count": 0}], 2),
        ([TransportError(503, "busy")] * 3, 3),
    ],
)
def test_a_search_is_woken_by_one_request_that_waits_for_it(answers: list[Any], requests: int) -> None:
    """AWS: "Expect 10-30 seconds of latency on the first request to each component" (the same page)."""
    client = RecordedSearch(*answers)
    index(client).wake()
    assert len(client.sent) == requests
    assert 30 < client.waited_s < 60


def test_an_index_has_as_many_copies_as_there_are_other_nodes() -> None:
    """One node: none, or it would stay yellow; two nodes: one. A serverless search makes its own."""
    settings = {kind: index_definition(8, kind)["settings"]["index"] for kind in KINDS}
    assert [settings[kind].get("auto_expand_replicas") for kind in KINDS] == ["0-1", "0-1", None]
    assert not any("number_of_replicas" in each for each in settings.values())


def test_the_mapping_has_what_each_kind_of_search_accepts() -> None:
    """NextGen serverless refuses `engine` (opensearch-project/opensearch-agent-skills, pull 78), and compresses
    vectors by default."""
    fields = {kind: index_definition(8, kind)["mappings"]["properties"]["embedding"] for kind in KINDS}
    assert "engine" not in json.dumps(fields["serverless"])
    assert fields["domain"]["method"]["engine"] == "faiss"
    assert all(field["compression_level"] == "1x" and field["space_type"] == "l2" for field in fields.values())


def test_parallel_bulk_requests_keep_their_connections() -> None:
    """opensearch-py ignores unknown options, and then its pool keeps only one connection."""
    client = open_search(SearchSettings(search_endpoint="http://127.0.0.1:9", search_kind="own"))
    assert client.transport.get_connection().pool.pool.maxsize >= BATCHES_AT_ONCE
