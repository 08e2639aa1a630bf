"""Deleting a document in any state, and retrying a failed one."""

from collections.abc import Callable

import pytest

from documind import wire
from documind.clients.objects import Objects, upload_key, upload_message
from documind.errors import Code
from documind.stores.documents import StoredDocument
from documind.stores.items import ItemTable
from erase.room import GIVEN_UP_AFTER_S, SETTLED_AFTER_S
from tests.functional.test_erasing import run_erasure, run_erasures
from tests.functional.test_sharing import refused
from tests.functional.world import ANN, HERE, Person, World, all_of, kinds, only

LEASE_S = 60


def delete(document: StoredDocument) -> wire.DocumentDelete:
    return wire.DocumentDelete(request_id="r", chat_id=document.chat_id, document_id=document.document_id)


def retry(document: StoredDocument) -> wire.DocumentRetry:
    return wire.DocumentRetry(request_id="r", chat_id=document.chat_id, document_id=document.document_id)


def in_state(world: World, chat_id: str, status: str) -> StoredDocument:
    """Return a new document with this status."""
    if status == "ready":
        return world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.")
    documents = world.documents
    document = documents.register(chat_id, "a.pdf", 1, "0" * 64, ANN)
    if status != "awaiting_upload":
        documents.queue(chat_id, document.document_id, upload_key(chat_id, document.document_id), "v1")
    if status in {"reading", "failed"}:
        documents.claim(chat_id, document.document_id, message_id="m", lease_s=LEASE_S)
    found = documents.get(chat_id, document.document_id)
    assert found
    if status == "failed":
        found = documents.fail(chat_id, document.document_id, Code.INGEST_FAILED, run=found.run)
    assert found
    assert found.status == status
    return found


@pytest.mark.parametrize("status", ["awaiting_upload", "queued", "reading", "ready", "failed"])
def test_a_deleted_document_is_hidden_at_once_in_every_state_and_then_erased_with_a_receipt(
    world: World, objects: Objects, ann: Person, chat_id: str, let_pass: Callable[[float], None], status: str
) -> None:
    kept = world.ready_document(chat_id, "Light is fast.")
    world.invite(chat_id, "bob")
    bob = world.person("bob")
    bob.enter(chat_id)
    document = in_state(world, chat_id, status)
    ann.seen()
    begun = only(wire.ReceiptFrame, ann.send(delete(document))).receipt
    assert (begun.kind, begun.name, begun.chat_id, begun.erased_at) == ("document", document.name, chat_id, None)
    assert only(wire.DocumentFrame, bob.seen()).document.status == "deleting"
    let_pass(LEASE_S + SETTLED_AFTER_S + 1)
    run_erasures(world, objects)
    assert only(wire.DocumentFrame, bob.seen()).document.status == "deleted"
    done = only(wire.ReceiptFrame, ann.seen()).receipt
    assert done.erased_at
    assert (done.removed.chunks, done.removed.page_texts) == ((2, 2) if status == "ready" else (0, 0))
    assert "answers" in done.remains
    assert only(wire.Receipts, ann.send(wire.ReceiptList(request_id="r"))).receipts == [done]
    assert [each.document_id for each in world.documents.list(chat_id)] == [kept.document_id]
    assert [chunk.document_id for chunk in world.search.chunks] == [kept.document_id]
    assert objects.read_pages(kept, 1)[1].text == "Light is fast."


def test_a_document_that_is_being_deleted_can_neither_be_seen_nor_deleted_nor_read_again(
    world: World, ann: Person, chat_id: str
) -> None:
    document = in_state(world, chat_id, "failed")
    ann.send(delete(document))
    view = wire.DocumentView(request_id="r", chat_id=HERE, document_id=document.document_id)
    for frame in (delete(document), retry(document), view):
        assert refused(ann, frame) == Code.DOCUMENT_NOT_FOUND
    assert len(world.receipts.newest("ann")) == 1


def test_an_erasure_waits_until_the_lease_of_the_documents_run_has_ended(
    world: World, objects: Objects, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    document = in_state(world, chat_id, "reading")
    ann.send(delete(document))
    for seconds in (0, LEASE_S + 1):
        let_pass(seconds)
        assert run_erasure(world, objects)
        assert world.documents.list(chat_id)
        assert len(world.queue.sent) == 1
    let_pass(SETTLED_AFTER_S)
    assert run_erasure(world, objects)
    assert (world.documents.list(chat_id), world.queue.sent) == ((), [])


def test_an_erasure_that_was_enqueued_but_never_begun_is_dropped(
    world: World, objects: Objects, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    document = in_state(world, chat_id, "ready")
    with world.monkeypatch.context() as patch:
        patch.setattr(ItemTable, "transact", lambda *_: 1 / 0)
        assert refused(ann, delete(document)) == Code.INTERNAL
    assert run_erasure(world, objects)
    assert len(world.queue.sent) == 1
    let_pass(GIVEN_UP_AFTER_S + 1)
    assert run_erasure(world, objects)
    assert (world.queue.sent, world.documents.get(chat_id, document.document_id)) == ([], document)


def test_a_document_is_erased_although_its_room_is_deleted_in_between(
    world: World, objects: Objects, ann: Person, chat_id: str
) -> None:
    ann.send(delete(in_state(world, chat_id, "ready")))
    ann.send(wire.RoomDelete(request_id="r", chat_id=chat_id))
    world.queue.sent.reverse()
    run_erasures(world, objects)
    assert all(receipt.erased_at for receipt in world.receipts.newest("ann"))
    assert (world.documents.list(chat_id), world.search.chunks) == ((), [])


def test_a_failed_document_is_read_again_on_the_budget_of_the_user_who_retries(world: World, chat_id: str) -> None:
    document = in_state(world, chat_id, "failed")
    world.invite(chat_id, "bob")
    bob = world.person("bob")
    for _ in range(2):  # a retry may crash before the message is sent, and is then repeated
        frames = bob.send(retry(document))
        assert kinds(frames) == ["document"]
        assert (only(wire.DocumentFrame, frames).document.status, only(wire.DocumentFrame, frames).document.reason) == (
            "queued",
            None,
        )
    assert world.upload_queue.sent == [upload_message(document.key or "", "v1")] * 2
    queued = world.documents.get(chat_id, document.document_id)
    assert queued
    assert (queued.user_id, queued.charge, queued.pages_total) == ("bob", None, 0)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("awaiting_upload", Code.UPLOAD_INCOMPLETE),
        ("reading", Code.DOCUMENT_NOT_FAILED),
        ("ready", Code.DOCUMENT_NOT_FAILED),
    ],
)
def test_only_a_failed_document_whose_file_exists_is_read_again(
    world: World, ann: Person, chat_id: str, status: str, code: Code
) -> None:
    document = in_state(world, chat_id, status)
    ann.seen()
    frames = ann.send(retry(document))
    assert [error.code for error in all_of(wire.ErrorFrame, frames)] == [code]
    assert world.documents.get(chat_id, document.document_id) == document
    assert world.upload_queue.sent == []
