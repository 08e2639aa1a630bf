"""The states of a document: every change is made once, and an overtaken run changes nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from botocore.exceptions import ReadTimeoutError

from documind.errors import Code, DocumindError
from documind.ids import new_ulid
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.documents import documents as store
from documind.wire import User
from ingest.lease import Delivery, Lease, OvertakenError
from tests.fakes import FakeQueue

ROOM = "room"
SHA256 = "0" * 64
LEASE_S = 100.0
ADA = User(user_id="u-ada", name="ada")


def announced(documents: DocumentStore, *, name: str = "報告, 第1版.pdf") -> StoredDocument:
    return documents.register(ROOM, name, 1234, new_ulid(), ADA)


def queued(documents: DocumentStore) -> StoredDocument:
    document = documents.queue(ROOM, announced(documents).document_id, "uploads/key", "version")
    assert document
    return document


def claimed(documents: DocumentStore, *, lease_s: float = LEASE_S) -> StoredDocument:
    document = documents.claim(ROOM, queued(documents).document_id, message_id="m", lease_s=lease_s)
    assert document
    return document


def after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr(store.time, "time", lambda: now + seconds)  # type: ignore[attr-defined]


def test_an_announced_document_is_read_back_as_it_is(documents: DocumentStore) -> None:
    document = announced(documents)
    assert documents.get(ROOM, document.document_id) == document
    assert documents.get(ROOM, "other") is None
    assert documents.get("other", document.document_id) is None
    assert (document.status, document.to_wire().name) == ("awaiting_upload", "報告, 第1版.pdf")


def test_documents_are_listed_oldest_first_and_without_expired_ones(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = queued(documents), announced(documents)
    documents.register("other", "x.pdf", 1, SHA256, ADA)
    assert [document.document_id for document in documents.list(ROOM)] == [first.document_id, second.document_id]
    after(monkeypatch, 2 * 24 * 3600)
    assert [document.document_id for document in documents.list(ROOM)] == [first.document_id]


def test_an_upload_that_comes_too_late_finds_no_document_though_ttl_has_not_deleted_it(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = announced(documents)
    after(monkeypatch, store.UPLOAD_EXPIRES_S + 1)
    assert documents.queue(ROOM, document.document_id, "uploads/key", "version") is None
    assert documents.get(ROOM, document.document_id) is None
    assert announced(documents).document_id != document.document_id


def test_more_documents_than_one_answer_holds_are_all_listed(documents: DocumentStore) -> None:
    for _ in range(12):
        announced(documents, name="x" * 100_000)  # a response of DynamoDB ends at 1 MB
    assert len(documents.list(ROOM)) == 12


def test_the_same_file_is_one_document_until_that_has_failed_or_is_deleted(documents: DocumentStore) -> None:
    def announce(chat_id: str = ROOM, *, size_bytes: int = 1) -> StoredDocument:
        return documents.register(chat_id, "x.pdf", size_bytes, SHA256, ADA)

    first = announce()
    again = announce(size_bytes=2)
    assert (again.document_id, again.size_bytes) == (first.document_id, 2)
    assert announce("other").document_id != first.document_id
    documents.queue(ROOM, first.document_id, "key", None)
    assert (announce().document_id, announce().status) == (first.document_id, "queued")
    documents.fail(ROOM, first.document_id, Code.PDF_INVALID)
    second = announce()
    assert second.document_id != first.document_id
    documents.begin_deletion(ROOM, second.document_id)
    assert announce().document_id not in {first.document_id, second.document_id}


def test_announcing_an_awaited_file_again_gives_another_hour(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = documents.register(ROOM, "x.pdf", 1, SHA256, User(user_id="removed", name="bob"))
    after(monkeypatch, store.UPLOAD_EXPIRES_S - 10)
    again = documents.register(ROOM, "x.pdf", 1, SHA256, ADA)
    after(monkeypatch, 20)
    queued = documents.queue(ROOM, first.document_id, "key", None)
    assert queued
    assert (queued.document_id, queued.user_id) == (again.document_id, "u-ada")


@pytest.mark.parametrize("same", [True, False])
def test_announced_at_once_the_same_file_is_one_document_and_a_room_never_holds_too_many(
    documents: DocumentStore, same: bool
) -> None:
    most, at_once = 6, 24
    start = Barrier(at_once)

    def announce(number: int) -> str | None:
        start.wait(10)
        sha256 = SHA256 if same else f"{number:064}"
        try:
            return documents.register(ROOM, "x.pdf", 1, sha256, ADA, max_documents=most).document_id
        except DocumindError:
            return None

    with ThreadPoolExecutor(at_once) as threads:
        told = list(threads.map(announce, range(at_once)))
    kept = {document.document_id for document in documents.list(ROOM)}
    assert {each for each in told if each} == kept
    assert (len(kept), told.count(None)) == ((1, 0) if same else (most, at_once - most))


def test_an_upload_arrives_once(documents: DocumentStore) -> None:
    document = queued(documents)
    assert (document.status, document.key, document.version_id) == ("queued", "uploads/key", "version")
    assert document.expires_at is None
    assert documents.queue(ROOM, document.document_id, "uploads/key", "later") == document
    assert documents.queue(ROOM, "unknown", "uploads/key", "version") is None


def test_one_run_at_a_time_holds_a_document(documents: DocumentStore) -> None:
    document = claimed(documents)
    assert document.status == "reading"
    assert document.lease_until == pytest.approx(time.time() + LEASE_S, abs=5)
    assert documents.claim(ROOM, document.document_id, message_id="m", lease_s=LEASE_S) is None
    assert documents.claim(ROOM, announced(documents).document_id, message_id="m", lease_s=LEASE_S) is None


def test_a_run_past_its_lease_is_overtaken_and_writes_nothing(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = claimed(documents)
    after(monkeypatch, LEASE_S + 2)
    new = documents.claim(ROOM, old.document_id, message_id="m", lease_s=LEASE_S)
    assert new
    assert new.run != old.run
    assert documents.progress(old, pages_total=2, pages_done=1) is None
    assert documents.ready(old, pages_total=2, chunks=3) is None
    assert documents.fail(ROOM, old.document_id, Code.PDF_INVALID, run=old.run) is None
    assert documents.get(ROOM, old.document_id) == new


def test_a_run_that_began_late_may_write_no_longer_than_its_lease_in_the_table(documents: DocumentStore) -> None:
    """The broadcast between the claim and the first heartbeat may take as long as the slowest connection."""
    delivery = Delivery("m", "receipt", 1)
    Lease(documents, FakeQueue(), claimed(documents), delivery).check()
    with pytest.raises(OvertakenError):
        Lease(documents, FakeQueue(), claimed(documents, lease_s=-1), delivery).check()


def test_a_queue_that_does_not_answer_costs_no_lease(documents: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, asked = FakeQueue(), Event()

    def times_out(*_: object) -> None:
        asked.set()
        raise ReadTimeoutError(endpoint_url="https://queue")

    monkeypatch.setattr(queue, "change_visibility_timeout", times_out)
    monkeypatch.setattr("ingest.lease.HEARTBEAT_S", 0.01)
    with Lease(documents, queue, claimed(documents, lease_s=2), Delivery("m", "receipt", 1)) as lease:
        assert asked.wait(30)
        time.sleep(2)
        lease.check()


def test_a_failed_run_releases_its_document_at_once(documents: DocumentStore) -> None:
    failed = claimed(documents)
    released = documents.release(failed)
    assert released
    assert released.status == "queued"
    assert documents.release(failed) is None
    assert documents.ready(failed, pages_total=1, chunks=1) is None
    assert documents.claim(ROOM, failed.document_id, message_id="m", lease_s=LEASE_S)


def test_a_run_reports_its_progress_and_ends_once(documents: DocumentStore) -> None:
    document = claimed(documents)
    halfway = documents.progress(document, pages_total=9, pages_done=4)
    assert halfway
    assert (halfway.to_wire().pages_total, halfway.to_wire().pages_done) == (9, 4)
    ready = documents.ready(document, pages_total=9, chunks=30)
    assert ready
    assert (ready.status, ready.pages_done, ready.chunks) == ("ready", 9, 30)
    assert documents.ready(document, pages_total=9, chunks=30) is None
    assert documents.claim(ROOM, document.document_id, message_id="m", lease_s=LEASE_S) is None


def test_a_failed_document_says_why(documents: DocumentStore) -> None:
    document = claimed(documents)
    failed = documents.fail(ROOM, document.document_id, Code.PDF_ENCRYPTED, run=document.run)
    assert failed
    assert (failed.status, failed.to_wire().reason) == ("failed", Code.PDF_ENCRYPTED)


def test_a_permanent_failure_affects_neither_a_live_run_nor_a_ready_document(
    documents: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, ready, waiting = claimed(documents), claimed(documents), queued(documents)
    documents.ready(ready, pages_total=1, chunks=1)
    assert documents.fail(ROOM, alive.document_id, Code.INGEST_FAILED) is None
    assert documents.fail(ROOM, ready.document_id, Code.INGEST_FAILED) is None
    assert documents.fail(ROOM, waiting.document_id, Code.INGEST_FAILED)
    after(monkeypatch, LEASE_S + 2)
    assert documents.fail(ROOM, alive.document_id, Code.INGEST_FAILED)
    assert documents.fail(ROOM, "unknown", Code.INGEST_FAILED) is None
