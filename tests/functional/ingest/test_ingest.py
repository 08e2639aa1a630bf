"""From the bucket's event to a document that is ready or failed; only models and search are in-memory fakes."""

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from documind.clients.objects import upload_key
from documind.clients.search import Chunk
from documind.clients.vectors import ChunkVectors
from documind.errors import Code
from documind.stores.documents import StoredDocument
from ingest import dead_letter, handler
from ingest.ingest import LOOK_AGAIN_AFTER_S
from ingest.lease import LEASE_S, VISIBILITY_TIMEOUT_S
from ingest.reading import ABANDONED_AFTER_S, FOLDER
from tests.emitted import Captured, emitted
from tests.faults.kept import wait_until
from tests.functional.ingest.conftest import BUCKET
from tests.functional.ingest.surroundings import PDF, REMAINING_S, ROOM, KilledError, World, event, message, run, world
from tests.lambda_context import Context
from tests.plain_pdf import plain_pdf

__all__ = ["world"]


def test_a_pdf_becomes_ready_and_every_chunk_is_on_its_page(world: World, capsys: Captured) -> None:
    document, uploaded = world.upload(PDF)
    world.search.hidden = 1
    assert run(uploaded)

    ready = world.now(document)
    assert (ready.status, ready.pages_total, ready.pages_done, ready.pages_empty) == ("ready", 3, 3, 1)
    assert ready.chunks == len(world.search.chunks) > 2
    assert {chunk.page for chunk in world.search.chunks} == {1, 3}
    for chunk in world.search.chunks:
        assert world.objects.read_pages(ready, chunk.page)[chunk.page].text[chunk.start : chunk.end] == chunk.text
        assert (chunk.chat_id, chunk.document_id, chunk.ingest_id) == (ROOM, ready.document_id, *ready.searched_ids)
    assert [told.status for told in world.told] == ["reading", "reading", "ready"]
    assert world.search.counts == 2  # not ready before a search found all of them
    assert emitted(capsys) == {("DocumentsReady", None): [1], ("PagesRead", None): [3]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html></html>", Code.PDF_INVALID),
        (plain_pdf(["", ""]), Code.PDF_WITHOUT_TEXT),
        (plain_pdf([""] * 3_001), Code.PDF_TOO_LONG),
    ],
)
def test_a_file_that_cannot_be_read_fails_once_with_its_reason(
    world: World, content: bytes, reason: Code, capsys: Captured
) -> None:
    document, uploaded = world.upload(content)
    assert run(uploaded)
    assert (world.now(document).status, world.now(document).reason) == ("failed", reason)
    assert world.told[-1] == world.now(document)
    assert emitted(capsys) == {("DocumentsFailed", reason.value): [1]}


def test_a_file_that_is_not_the_announced_one_fails(world: World) -> None:
    document, uploaded = world.upload(PDF, announced=b"another")
    assert run(uploaded)
    assert world.now(document).reason == Code.UPLOAD_INCOMPLETE
    assert world.search.chunks == []


def test_after_a_failure_the_document_is_queued_and_another_attempt_starts_clean(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.models.failures = 2
    assert not run(uploaded, received=1)
    assert world.now(document).status == "queued"
    assert world.told[-1] == world.now(document)
    first = world.now(document).run
    assert not run(uploaded, received=2)
    assert [after_s for _, after_s in world.queue.visibility_timeouts if after_s != VISIBILITY_TIMEOUT_S] == [5, 10]
    assert run(uploaded, received=3)
    assert world.now(document).status == "ready"
    assert world.now(document).run != first
    assert world.pages_counted() == [3, 3]  # once for all attempts


def test_after_the_last_failure_a_document_has_a_reason_and_the_first_unread_page(
    world: World, capsys: Captured
) -> None:
    document, uploaded = world.upload(PDF)
    world.models.failures = 5
    for received in range(1, 5):
        assert not run(uploaded, received=received)
    assert world.pages_counted() == [3, 3]
    assert run(uploaded, received=5)
    failed = world.now(document)
    assert (failed.status, failed.reason, failed.reason_page) == ("failed", Code.MODEL_UNAVAILABLE, 1)
    assert world.told[-1] == failed
    assert world.pages_counted() == [1, 1]  # one page was read, by the last reported progress
    assert emitted(capsys) == {("DocumentsFailed", Code.MODEL_UNAVAILABLE.value): [1]}
    dead_letter.handler(uploaded, Context())
    assert (world.now(document), world.pages_counted()) == (failed, [1, 1])


def test_a_repeated_event_is_deleted_while_the_document_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document, uploaded = world.upload(PDF)
    write = world.search.write

    def meanwhile(chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> None:
        write(chunks, vectors)
        assert not run(uploaded, message_id="m1", received=2)  # kept: a deleted message is not retried
        assert run(uploaded, message_id="m2")

    monkeypatch.setattr(world.search, "write", meanwhile)
    assert run(uploaded)
    assert world.now(document).status == "ready"
    assert [after_s for _, after_s in world.queue.visibility_timeouts].count(LOOK_AGAIN_AFTER_S) == 1
    assert "ERROR" not in caplog.text


def test_a_killed_run_is_repeated_when_its_message_reappears(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document, uploaded = world.upload(PDF)

    def die(chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> None:  # noqa: ARG001
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(world.search, "write", die)
        with pytest.raises(KilledError):
            run(uploaded)
    assert world.now(document).status == "reading"
    dies_at = time.time() + REMAINING_S
    monkeypatch.setattr(time, "time", lambda: dies_at)
    assert run(uploaded, received=2)
    assert world.now(document).status == "ready"
    assert world.pages_counted() == [3, 3]


def test_over_the_budget_of_the_day_a_document_fails_before_anything_is_paid(world: World) -> None:
    for number in range(4):
        document, uploaded = world.upload(PDF + b"\n" * number)
        assert run(uploaded)
        assert world.now(document).reason == (Code.PAGES_BUDGET if number == 3 else None)
    assert world.now(document).run not in {chunk.ingest_id for chunk in world.search.chunks}
    assert world.pages_counted() == [9, 9]


def test_empty_pages_are_returned_to_the_budget_after_a_failure(world: World) -> None:
    _document, uploaded = world.upload(plain_pdf(["", ""]))
    assert run(uploaded)
    assert world.pages_counted() == [0, 0]


def test_a_run_that_dies_when_it_has_made_its_document_ready_is_followed_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, uploaded = world.upload(PDF)

    def die(_metric: object, *_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("documind.metrics.emit", die)
        with pytest.raises(KilledError):
            run(uploaded)
    assert world.now(document).status == "ready"
    assert (world.told[-1].status, world.functions.invoked) == ("reading", [])
    assert run(uploaded, received=2)
    ids = {"chat_id": ROOM, "document_id": document.document_id}
    assert (world.told[-1].status, world.functions.invoked) == ("ready", [{"step": "summarise", "document": ids}])


def test_a_repeated_event_changes_nothing(world: World) -> None:
    document, uploaded = world.upload(PDF)
    run(uploaded)
    ready, told = world.now(document), list(world.told)
    assert run(uploaded)
    assert (world.now(document), world.told) == (ready, told)


def test_a_document_with_duplicate_chunks_is_read_again(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.search.hidden = -1
    assert not run(uploaded)
    assert world.now(document).status == "queued"
    assert run(uploaded)
    ready = world.now(document)
    assert (ready.status, ready.pages_empty) == ("ready", 1)
    assert {chunk.ingest_id for chunk in world.search.chunks} == set(ready.searched_ids)
    assert len(world.search.chunks) == ready.chunks


def test_an_overtaken_run_sends_nothing_more_and_releases_its_document(world: World) -> None:
    document, uploaded = world.upload(PDF)
    write = world.search.write

    def overtaken(chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> None:
        write(chunks, vectors)
        taken = world.documents.begin_deletion(ROOM, document.document_id)
        assert taken
        assert taken.lease_until > time.time() + 1

    world.search.write = overtaken  # type: ignore[method-assign]
    assert run(uploaded)
    assert world.now(document).status == "deleting"
    assert world.now(document).lease_until <= time.time()
    assert all(told.status == "reading" for told in world.told)


def test_a_run_whose_heartbeats_failed_is_continued_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document, uploaded = world.upload(PDF)
    with monkeypatch.context() as patch:
        patch.setattr("ingest.ingest.LEASE_S", 0.0)  # as if DynamoDB or SQS had not answered for the time of the lease
        assert not run(uploaded)
    assert world.queue.visibility_timeouts[-1] == ("receipt", LOOK_AGAIN_AFTER_S)
    later = time.time() + 2
    monkeypatch.setattr(time, "time", lambda: later)
    assert run(uploaded, received=2)
    assert world.now(document).status == "ready"


def test_a_slow_broadcast_does_not_cost_the_run_its_lease(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.lease.HEARTBEAT_S", 0.01)

    def broadcast(told: StoredDocument) -> None:
        if not world.told:  # the lease is renewed meanwhile
            wait_until(lambda: world.now(told).lease_until > told.lease_until, within_s=LEASE_S)
        world.told.append(told)

    services = replace(world.services(), broadcast=broadcast)
    monkeypatch.setattr(handler, "services", lambda: services)
    document, uploaded = world.upload(PDF)
    assert run(uploaded)
    assert world.now(document).status == "ready"


def test_files_that_killed_runs_left_behind_are_deleted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, other = tmp_path / f"{FOLDER}left", tmp_path / f"{FOLDER}in-use"
    for folder in (left, other):
        folder.mkdir()
        (folder / "upload.pdf").write_bytes(PDF)
    long_ago = time.time() - ABANDONED_AFTER_S - 1
    os.utime(left, (long_ago, long_ago))
    assert run(world.upload(PDF)[1])
    assert [*tmp_path.iterdir()] == [other]


def test_a_failed_run_whose_release_was_carried_out_twice_is_followed_by_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, uploaded = world.upload(PDF)
    release = world.documents.release
    with monkeypatch.context() as patch:
        patch.setattr(world.documents, "release", lambda claimed: release(claimed) and release(claimed))
        world.search.hidden = -1
        assert not run(uploaded)
    assert world.now(document).status == "queued"
    assert run(uploaded, received=2)
    assert world.now(document).status == "ready"


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


@pytest.mark.usefixtures("world")
def test_the_test_event_of_the_bucket_is_deleted() -> None:
    assert run(message({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}))


def test_a_dead_letter_fails_its_document_and_the_room_is_told(world: World, capsys: Captured) -> None:
    document, uploaded = world.upload(PDF)
    world.documents.queue(ROOM, document.document_id, "key", "version")
    dead_letter.handler(uploaded, Context())
    assert (world.now(document).status, world.now(document).reason) == ("failed", Code.INGEST_FAILED)
    assert [told.status for told in world.told] == ["failed"]
    dead_letter.handler(event("elsewhere.pdf", "1"), Context())
    dead_letter.handler(uploaded, Context())
    assert len(world.told) == 1
    assert emitted(capsys) == {("DocumentsFailed", Code.INGEST_FAILED.value): [1]}
