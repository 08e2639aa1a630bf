"""After a change of embedding model or mapping documents are read again, and are found with old chunks until then."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from documind.clients.search import Chunk, RoomScope
from documind.errors import Code, UnavailableError
from documind.stores.checkpoint import Checkpoint, UnreadPages
from documind.stores.documents import StoredDocument
from documind_cli.admin import reindex
from documind_cli.admin.doctor import Line
from documind_cli.admin.stage import Account, Stage
from ingest import handler
from ingest.lease import LEASE_S
from tests.functional.ingest.surroundings import PDF, ROOM, KilledError, World, message, run, world
from tests.functional.ingest.test_checkpoints import killed_at

__all__ = ["world"]

OLD, NEW = "chunks-v1-model-1", "chunks-v2-model-1"


@dataclass(frozen=True)
class OfWorld(Stage):
    """A stage with the table and the queue of a world."""

    world: World

    def table(self, output: str) -> Any:
        assert output == "RoomsTable"
        return self.world.rooms_table

    def client(self, service: str) -> Any:
        assert service == "sqs"
        return self.world.queue


@pytest.fixture
def stage(world: World) -> Stage:
    outputs = {"SearchIndex": NEW, "UploadsQueue": "queue", "IngestFunction": "ingest"}
    return OfWorld("dev", "DocuMind-dev", Account(), outputs, world)


@pytest.fixture
def ready(world: World) -> StoredDocument:
    """Return a document that was read with the old mapping, and switch the search to the new one."""
    document, uploaded = world.upload(PDF)
    assert run(uploaded)
    world.search.name = NEW
    world.told.clear()
    return world.now(document)


def found(world: World, document: StoredDocument) -> list[Chunk]:
    """Return the chunks of the document that a search may currently find."""
    ids = world.now(document).searched_ids
    return [chunk for chunk in world.search.chunks if chunk.ingest_id in ids]


def read_when_it_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the function handle the whole queue whenever the command waits."""

    def work(_seconds: float) -> None:
        while world.queue.sent:
            assert run(message(dict(world.queue.sent.pop(0))))

    monkeypatch.setattr("documind_cli.admin.reindex.sleep", work)


def told(lines: list[Line]) -> list[tuple[str, bool]]:
    return [(line.text, line.is_fault) for line in lines]


def test_a_document_of_another_index_is_read_again_and_its_old_data_are_deleted(
    world: World, stage: Stage, ready: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, before = world.pages_counted(), found(world, ready)
    read_when_it_waits(world, monkeypatch)
    assert told(list(reindex.reindex(stage))) == [("1 of 1 documents are read again", False)]
    again = world.now(ready)
    assert (again.status, again.checkpoint.index, again.earlier) == ("ready", NEW, None)
    assert not set(again.searched_ids) & set(ready.searched_ids)
    assert {chunk.ingest_id for chunk in world.search.chunks} == set(again.searched_ids)
    assert len(found(world, ready)) == len(before) == again.chunks
    assert again.to_wire() == ready.to_wire()
    assert {each.to_wire().status for each in world.told} == {"ready"}
    assert world.pages_counted() == counted  # reading again because of the operator costs no budget
    assert told(list(reindex.reindex(stage))) == [(f"all documents are in the index {NEW}", False)]
    assert told(list(reindex.reindex(stage, every=True))) == [("1 of 1 documents are read again", False)]


@pytest.mark.parametrize("seed", range(12))
def test_the_document_is_always_found_whole_wherever_reading_again_crashes(
    world: World, ready: StoredDocument, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chosen, ahead, real = random.Random(seed), [0.0], time.time  # noqa: S311
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    world.documents.read_again(ROOM, ready.document_id, unless_in=NEW)
    delete = world.search.delete_overtaken

    def checked(*arguments: Any) -> int:
        assert {chunk.ingest_id for chunk in found(world, ready)} == set(world.now(ready).checkpoint.attempt_ids)
        return delete(*arguments)

    monkeypatch.setattr(world.search, "delete_overtaken", checked)
    announced = message({"Records": [{"s3": {"object": {"key": ready.key, "versionId": ready.version_id}}}]})
    for received in range(1, 4):
        with killed_at(chosen.randint(1, 14), before=chosen.random() < 0.5), suppress(KilledError):
            run(announced, received=received)
        assert len(found(world, ready)) == ready.chunks
        assert world.now(ready).to_wire().status == "ready"
        ahead[0] += LEASE_S + 2
    assert run(announced)
    while world.queue.sent:
        assert run(message(dict(world.queue.sent.pop(0))))
    assert world.now(ready).status == "ready"
    assert world.now(ready).checkpoint.index == NEW
    assert len(found(world, ready)) == ready.chunks


def test_a_document_that_cannot_be_read_again_stays_unchanged_and_is_reported(
    world: World, stage: Stage, ready: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.models.failures = 5
    outcomes: list[bool] = []

    def work(_seconds: float) -> None:
        outcomes.append(run(message(dict(world.queue.sent[0])), received=len(outcomes) + 1))

    monkeypatch.setattr("documind_cli.admin.reindex.sleep", work)
    lines = told(list(reindex.reindex(stage)))
    assert outcomes == [False] * 4 + [True]
    assert lines[-1][1]
    assert lines[-1][0].startswith("1 documents could not be read again, and are still found by their words")
    kept = world.now(ready)
    assert (kept.status, kept.searched_ids, kept.reason) == ("ready", ready.searched_ids, None)
    assert len(found(world, ready)) == ready.chunks


def test_a_document_of_which_reading_again_fails_keeps_what_it_showed(world: World, ready: StoredDocument) -> None:
    shown = ready.to_wire()
    assert (shown.pages_empty, shown.without_text[0].page) == (1, 2)
    world.documents.read_again(ROOM, ready.document_id)
    claimed = world.documents.claim(ROOM, ready.document_id, message_id="m", lease_s=LEASE_S)
    assert claimed
    lost = Checkpoint(pages=1, unread=UnreadPages().with_page(1, "lost"))
    committed = world.documents.commit(claimed, lost, pages_total=3)
    assert committed
    assert committed.to_wire() == shown
    restored = world.documents.fail(ROOM, ready.document_id, Code.INGEST_FAILED, run=claimed.run)
    assert restored
    assert restored.to_wire() == shown


def test_old_chunks_that_the_search_did_not_delete_at_once_are_deleted_later(
    world: World, ready: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.documents.read_again(ROOM, ready.document_id)
    announced = message({"Records": [{"s3": {"object": {"key": ready.key, "versionId": ready.version_id}}}]})

    def busy(*_: object) -> int:
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    with monkeypatch.context() as patch:
        services = replace(world.services(), delete_overtaken=busy)
        patch.setattr(handler, "services", lambda: services)
        assert not run(announced)
    assert world.now(ready).status == "ready"
    assert len(world.search.chunks) == 2 * ready.chunks
    assert run(announced, received=2)
    assert {chunk.ingest_id for chunk in world.search.chunks} == set(world.now(ready).searched_ids)
    assert world.now(ready).earlier is None


def test_a_stopped_reindex_continues_with_the_rest(
    world: World, stage: Stage, ready: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, uploaded = world.upload(PDF + b"\n%")
    world.search.name = OLD
    assert run(uploaded)
    world.search.name = NEW
    monkeypatch.setattr(reindex, "AT_ONCE", 1)

    def stop(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("documind_cli.admin.reindex.sleep", stop)
    with pytest.raises(KeyboardInterrupt):
        list(reindex.reindex(stage))
    world.queue.sent.clear()  # as if the command had stopped between the update and the message
    read_when_it_waits(world, monkeypatch)
    assert told(list(reindex.reindex(stage)))[-1] == ("2 of 2 documents are read again", False)
    assert {world.now(each).checkpoint.index for each in (ready, second)} == {NEW}


def test_a_document_half_read_when_the_mapping_changed_starts_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, uploaded = world.upload(PDF)

    def gone(_scope: RoomScope) -> int:
        raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    with monkeypatch.context() as patch:
        patch.setattr(world.search, "count", gone)
        assert not run(uploaded)
    assert world.now(document).checkpoint.index == OLD
    world.search.name = NEW
    assert run(uploaded, received=2)
    assert world.now(document).checkpoint.index == NEW
    assert len(found(world, document)) == len(world.search.chunks) == world.now(document).chunks


def test_a_document_deleted_while_it_is_read_again_is_no_longer_found(world: World, ready: StoredDocument) -> None:
    world.documents.read_again(ROOM, ready.document_id)
    assert found(world, ready)
    world.documents.begin_deletion(ROOM, ready.document_id)
    assert not found(world, ready)
