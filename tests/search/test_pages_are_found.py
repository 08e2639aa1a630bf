"""Reading, splitting and search together: a question finds the page with its answer."""

import json
from pathlib import Path

import pytest
from opensearchpy import OpenSearch

from documind.clients.search import RoomScope, SearchIndex
from documind.stores.documents import StoredDocument
from ingest.index import ChunkWriter, wait_until_found
from ingest.reader.read import read_pages
from ingest.reading import chunks_of
from local.model_server.vectors import DIMENSIONS
from tests.fakes import AtOnce
from tests.search.offline_models import OfflineModels

ROOM = "room"
DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"  # not part of the repository


def documents() -> list[Path]:
    return [path for folder in (DATA, SHARED) if folder.exists() for path in sorted(folder.glob("*.pdf"))]


def questions(path: Path) -> list[tuple[str, int]]:
    own = path.with_suffix(".json")
    entries = (
        json.loads(own.read_text()) if own.exists() else json.loads((DATA / "questions.json").read_text())[path.name]
    )
    return [(entry["question"], entry["page"]) for entry in entries]


def claimed(path: Path) -> StoredDocument:
    return StoredDocument(
        chat_id=ROOM,
        document_id=path.stem,
        name=path.name,
        status="reading",
        size_bytes=1,
        sha256="",
    )


@pytest.fixture(scope="module")
def index(opensearch_url: str) -> SearchIndex:
    """The search over all documents, in one room."""
    client = OpenSearch(hosts=[opensearch_url], max_retries=0)
    return SearchIndex(client, embedding_model="offline", dimensions=DIMENSIONS, kind="own", vector_weight=0.5)


@pytest.fixture(scope="module")
def written(index: SearchIndex) -> RoomScope:
    """The scope of all documents, after they have been indexed."""
    attempt_ids = []
    for path in documents():
        writer = ChunkWriter(OfflineModels(), index, AtOnce(), check=lambda: None)
        for page in read_pages(path):
            writer.add(chunks_of(claimed(path), page))
        attempt_id, chunks = writer.commit()
        wait_until_found(index, RoomScope(ROOM, (attempt_id,)), chunks)
        attempt_ids.append(attempt_id)
    return RoomScope(ROOM, tuple(attempt_ids))


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.stem)
def test_the_page_of_the_answer_is_found_among_all_documents(
    index: SearchIndex, written: RoomScope, path: Path
) -> None:
    for question, page in questions(path):
        hits = index.find(written, question, OfflineModels().embed([question])[0])
        assert (path.stem, page) in [(hit.chunk.document_id, hit.chunk.page) for hit in hits], question
