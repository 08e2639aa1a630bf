"""From the bucket's event to a document that is ready or failed; only models and search stand in memory."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import boto3
import pytest

from documind.clients.models import Models
from documind.clients.objects import Objects, upload_key
from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.errors import Code, DocumindError
from documind.stores.documents import Documents, StoredDocument
from ingest import dead_letter, handler, index
from ingest.services import Services
from tests.functional.ingest.conftest import BUCKET
from tests.plain_pdf import plain_pdf

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

ROOM = "room"
PDF = plain_pdf(["Tea costs 3.50. " * 60, "", "Water is free."])


class CountedModels(Models):
    """Embeds every text as the same vector; fails as often as `failures` says."""

    def __init__(self) -> None:
        self.failures = 0

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.failures:
            self.failures -= 1
            raise DocumindError(Code.MODEL_UNAVAILABLE)
        return [[1.0]] * len(texts)


class ListedSearch(SearchIndex):
    """Holds chunks in a list; the last `hidden` ones are not found until asked once more."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.hidden = 0
        self.counts = 0

    def ensure(self) -> None:
        pass

    def write(self, chunks: Sequence[Chunk], vectors: Sequence[Sequence[float]]) -> None:
        assert len(chunks) == len(vectors)
        self.chunks += chunks

    def count(self, scope: RoomScope) -> int:
        self.counts += 1
        hidden, self.hidden = self.hidden, 0
        found = [c for c in self.chunks if c.chat_id == scope.chat_id and c.ingest_id in scope.ready_ingest_ids]
        return len(found) - hidden


@dataclass
class World:
    """The function with its surroundings; `told` is what the room has seen."""

    documents: Documents
    objects: Objects
    s3: "S3Client"
    models: CountedModels = field(default_factory=CountedModels)
    search: ListedSearch = field(default_factory=ListedSearch)
    told: list[StoredDocument] = field(default_factory=list)

    def services(self) -> Services:
        return Services(self.documents, self.objects, self.models, self.search, self.told.append)

    def upload(self, content: bytes, *, announced: bytes | None = None) -> tuple[StoredDocument, dict[str, Any]]:
        sha256 = hashlib.sha256(content if announced is None else announced).hexdigest()
        document = self.documents.announce(ROOM, "tea.pdf", len(content), sha256, "ada")
        return document, self.put(upload_key(ROOM, document.document_id), content)

    def put(self, key: str, content: bytes) -> dict[str, Any]:
        """Put an object and return the queue's event about it."""
        version_id = self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)["VersionId"]
        return event(key, version_id)

    def now(self, document: StoredDocument) -> StoredDocument:
        found = self.documents.get(ROOM, document.document_id)
        assert found
        return found

    def versions(self) -> list[str]:
        return [version["Key"] for version in self.s3.list_object_versions(Bucket=BUCKET).get("Versions", [])]


class Context:
    """Of an invocation that may still take 100 s."""

    def get_remaining_time_in_millis(self) -> int:
        return 100_000


def event(key: str, version_id: str) -> dict[str, Any]:
    s3 = {"object": {"key": quote_plus(key, safe="/"), "versionId": version_id}}
    return message({"Records": [{"eventSource": "aws:s3", "s3": s3}]})


def message(body: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": "message-1", "eventSource": "aws:sqs", "body": json.dumps(body)}]}


def run(the_event: dict[str, Any]) -> bool:
    """Handle the event and return whether its message is done with."""
    failures = handler.handler(the_event, Context())["batchItemFailures"]  # type: ignore[arg-type]
    return not failures


@pytest.fixture
def world(documents: Documents, objects: Objects, s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(documents, objects, s3)
    services = world.services()
    monkeypatch.setattr(handler, "services", lambda: services)
    monkeypatch.setattr(index, "POLL_S", 0.0)
    monkeypatch.setattr(dead_letter, "_services", lambda: (documents, world.told.append))
    return world


def test_a_pdf_becomes_ready_and_every_chunk_stands_on_its_page(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.search.hidden = 1
    assert run(uploaded)

    ready = world.now(document)
    assert (ready.status, ready.pages_total, ready.pages_done, ready.pages_empty) == ("ready", 3, 3, 1)
    assert ready.chunks == len(world.search.chunks) > 2
    assert {chunk.page for chunk in world.search.chunks} == {1, 3}
    for chunk in world.search.chunks:
        assert world.objects.read_page(ready.run, chunk.page).text[chunk.start : chunk.end] == chunk.text
        assert (chunk.chat_id, chunk.document_id, chunk.ingest_id) == (ROOM, ready.document_id, ready.run)
    assert [told.status for told in world.told] == ["reading", "reading", "ready"]
    assert world.search.counts == 2  # not ready before a search found all of them


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html></html>", Code.PDF_INVALID),
        (plain_pdf(["", ""]), Code.PDF_WITHOUT_TEXT),
        (plain_pdf([""] * 3_001), Code.PDF_TOO_LONG),
    ],
)
def test_a_file_that_cannot_be_read_fails_once_with_its_reason(world: World, content: bytes, reason: Code) -> None:
    document, uploaded = world.upload(content)
    assert run(uploaded)
    assert (world.now(document).status, world.now(document).reason) == ("failed", reason)
    assert world.told[-1] == world.now(document)


def test_a_file_that_is_not_the_announced_one_fails(world: World) -> None:
    document, uploaded = world.upload(PDF, announced=b"another")
    assert run(uploaded)
    assert world.now(document).reason == Code.UPLOAD_INCOMPLETE
    assert world.search.chunks == []


def test_a_model_that_fails_sends_the_message_back_and_another_try_starts_clean(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, uploaded = world.upload(PDF)
    world.models.failures = 1
    assert not run(uploaded)
    assert not run(uploaded)  # the lease of the first run is not over
    assert world.now(document).status == "reading"

    first = world.now(document).run
    monkeypatch.setattr("documind.stores.documents.time.time", lambda: world.now(document).lease_until + 5.0)
    assert run(uploaded)
    assert world.now(document).status == "ready"
    assert world.now(document).run != first


def test_a_repeated_event_changes_nothing(world: World) -> None:
    document, uploaded = world.upload(PDF)
    run(uploaded)
    ready, told = world.now(document), list(world.told)
    assert run(uploaded)
    assert (world.now(document), world.told) == (ready, told)


def test_chunks_found_twice_are_not_ready(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.search.hidden = -1
    assert not run(uploaded)
    assert world.now(document).status == "reading"


def test_a_run_that_is_overtaken_falls_silent(world: World) -> None:
    document, uploaded = world.upload(PDF)
    write = world.search.write

    def overtaken(chunks: Sequence[Chunk], vectors: Sequence[Sequence[float]]) -> None:
        write(chunks, vectors)
        boto3.resource("dynamodb").Table("rooms").update_item(
            Key={"pk": f"ROOM#{ROOM}", "sk": f"DOC#{document.document_id}"},
            AttributeUpdates={"status": {"Value": "deleting", "Action": "PUT"}},
        )

    world.search.write = overtaken  # type: ignore[method-assign]
    assert run(uploaded)
    assert world.now(document).status == "deleting"
    assert all(told.status == "reading" for told in world.told)


def test_a_second_file_under_the_same_key_is_deleted(world: World) -> None:
    document, uploaded = world.upload(PDF)
    run(uploaded)
    key = upload_key(ROOM, document.document_id)
    assert run(world.put(key, b"another"))
    assert world.versions().count(key) == 1
    assert world.now(document).status == "ready"


@pytest.mark.parametrize(
    "key", ["uploads/room/nobody.pdf", "uploads/../x.pdf", "uploads/room/a b+c,報告.pdf", "elsewhere.pdf"]
)
def test_an_object_that_nobody_asked_for_is_deleted(world: World, key: str) -> None:
    assert run(world.put(key, PDF))
    assert key not in world.versions()
    assert world.told == []


def test_the_test_event_of_the_bucket_is_done_with() -> None:
    assert run(message({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}))


def test_what_failed_too_often_ends_as_failed_and_the_room_is_told(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.documents.queue(ROOM, document.document_id, "key", "version")
    dead_letter.handler(uploaded, None)
    assert (world.now(document).status, world.now(document).reason) == ("failed", Code.INGEST_FAILED)
    assert [told.status for told in world.told] == ["failed"]
    dead_letter.handler(event("elsewhere.pdf", "1"), None)
    dead_letter.handler(uploaded, None)
    assert len(world.told) == 1
