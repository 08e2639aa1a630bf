"""Erasing rooms and accounts through the real handlers: closed at once, erased completely, with a receipt."""

import json
import time
from collections.abc import Callable, Mapping

import pytest

from documind import wire
from documind.clients.objects import Objects
from documind.errors import Code
from documind.pages import PageText
from documind.stores.erasures import Erasure
from erase import dead_letter, handler
from erase.room import LOOK_AGAIN_AFTER_S, SETTLED_AFTER_S
from erase.services import ErasureServices
from tests.functional.messages import said, say
from tests.functional.test_sharing import refused, share
from tests.functional.world import ANN, HERE, World, all_of, only
from tests.lambda_context import Context


def run_erasures(world: World, objects: Objects) -> None:
    """Handle all messages of the queue, including those sent meanwhile."""
    while world.queue.sent:
        run_erasure(world, objects)


def run_erasure(world: World, objects: Objects) -> bool:
    """Handle the first message of the queue; return whether it is deleted from the queue."""
    services = ErasureServices(
        **vars(world.shared),
        objects=objects,
        delete_room_chunks=world.search.delete_room,
        delete_document_chunks=world.search.delete_document,
        queue=world.queue,
    )
    world.monkeypatch.setattr(handler, "services", lambda: services)
    record = {
        "messageId": "m1",
        "receiptHandle": "receipt",
        "eventSource": "aws:sqs",
        "body": json.dumps(world.queue.sent.pop(0)),
    }
    return not handler.handler({"Records": [record]}, Context(remaining_s=120))["batchItemFailures"]


def test_a_deleted_room_is_closed_at_once_and_then_erased_with_a_receipt(world: World, objects: Objects) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    document = world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.")
    share(ann, "bob")
    bob.enter(chat_id)
    world.expel(chat_id, "eve")
    ann.send(wire.RoomInvite(request_id="r", chat_id=HERE, role="reader"))
    say(world, chat_id, [said(1), said(2)])
    world.history.flush(chat_id)
    ann.ask()
    bob.seen()
    begun = only(wire.ReceiptFrame, ann.send(wire.RoomDelete(request_id="r", chat_id=chat_id))).receipt
    assert (begun.name, begun.erased_at) == ("Physics", None)
    assert only(wire.Closed, bob.seen()).reason == "deleted"
    assert only(wire.ErrorFrame, bob.enter(chat_id)).code == Code.ROOM_NOT_FOUND
    assert only(wire.Opened, ann.send(wire.Open(request_id="r", room="Physics"))).chat_id != chat_id
    run_erasures(world, objects)
    done = only(wire.ReceiptFrame, ann.seen()).receipt
    assert done.erased_at
    removed = done.removed
    assert (removed.chunks, removed.page_texts, removed.messages, removed.segments) == (2, 2, 1, 1)
    assert only(wire.Receipts, ann.send(wire.ReceiptList(request_id="r"))).receipts == [done]
    assert not [item for item in world.rooms_table.scan()["Items"] if names(item, chat_id)]
    assert world.live_messages(chat_id) == []
    assert objects.delete_all(f"pages/{document.ingest_id}/") == 0


def names(item: Mapping[str, object], chat_id: str) -> bool:
    """Tell whether an item is of the room; a receipt stays, and a connection forgets its room when it moves on."""
    if str(item["sk"]).startswith("RECEIPT#") or item["sk"] == "CONN":
        return False
    return chat_id in (str(item["pk"]).partition("#")[2], str(item["sk"]).partition("#")[2], item.get("chat_id"))


def test_a_room_whose_erasure_cannot_be_enqueued_stays_active_and_can_be_deleted_again(
    world: World, objects: Objects
) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    world.queue.failures = 1
    delete = wire.RoomDelete(request_id="r", chat_id=chat_id)
    assert refused(ann, delete) == Code.INTERNAL
    assert only(wire.Opened, ann.enter(chat_id)).name == "Physics"
    receipt = only(wire.ReceiptFrame, ann.send(delete)).receipt
    run_erasures(world, objects)
    assert [each.receipt_id for each in world.receipts.newest("ann")] == [receipt.receipt_id]
    assert refused(ann, delete) == Code.ROOM_NOT_FOUND


def test_an_erasure_continues_although_the_function_died_after_closing_the_room(world: World, objects: Objects) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    with world.monkeypatch.context() as patch:
        patch.setattr(world.connections, "expel", lambda *_: 1 / 0)
        assert refused(ann, wire.RoomDelete(request_id="r", chat_id=chat_id)) == Code.INTERNAL
    assert only(wire.Rooms, ann.send(wire.RoomList(request_id="r"))).rooms == []
    run_erasures(world, objects)
    assert world.receipts.newest("ann")[0].erased_at


def test_an_enqueued_erasure_waits_a_limited_time_for_its_room_to_be_closed(
    world: World, objects: Objects, let_pass: Callable[[float], None]
) -> None:
    chat_id = world.person("ann").open()
    world.ready_document(chat_id, "Mass is inertia.")
    erasure = Erasure(chat_id=chat_id, owner_id="ann", receipt_id="r1", enqueued_at=int(time.time()))
    world.queue.send(erasure.to_message())
    run_erasure(world, objects)
    assert world.queue.delays_s[-1] == LOOK_AGAIN_AFTER_S
    let_pass(61)
    run_erasure(world, objects)
    assert world.queue.sent == []
    assert world.search.chunks
    world.begin_deletion(chat_id)  # by another erasure, to which the room now belongs
    world.queue.send(erasure.to_message())
    run_erasures(world, objects)
    assert world.search.chunks


@pytest.mark.parametrize("dies_at", ["delete_live_messages", "delete_items", "finish"])
def test_an_erasure_that_crashed_is_finished_by_the_next_attempt(world: World, objects: Objects, dies_at: str) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    world.ready_document(chat_id, "Mass is inertia.")
    ann.send(wire.RoomDelete(request_id="r", chat_id=chat_id))
    order = world.queue.sent[0]
    with world.monkeypatch.context() as patch:
        patch.setattr(world.erasures, dies_at, lambda *_: 1 / 0)
        assert not run_erasure(world, objects)
        assert world.queue.visibility_timeouts == [("receipt", 30)]
    world.queue.sent += [order, order]
    run_erasures(world, objects)
    receipt = world.receipts.newest("ann")[0]
    assert receipt.erased_at
    assert (receipt.removed.chunks, receipt.removed.page_texts) == (1, 1)


def test_an_erasure_waits_for_the_leases_of_runs_that_may_still_write(
    world: World, objects: Objects, let_pass: Callable[[float], None]
) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    announced = world.documents.register(chat_id, "a.pdf", 1, "0" * 64, ANN)
    world.documents.queue(chat_id, announced.document_id, "key", "v1")
    runs = []
    for _ in range(3):  # the first fails, the second is killed, the third is running
        run = world.documents.claim(chat_id, announced.document_id, message_id="m", lease_s=100)
        assert run
        runs.append(run)
        objects.write_pages(run.ingest_id or "", 1, [PageText("Mass is inertia.")])
        if len(runs) == 1:
            assert world.documents.release(run)
        if len(runs) == 2:
            let_pass(102)
    ann.send(wire.RoomDelete(request_id="r", chat_id=chat_id))
    run_erasure(world, objects)
    assert world.queue.delays_s[-1] == LOOK_AGAIN_AFTER_S
    objects.write_pages(runs[2].ingest_id or "", 2, [PageText("Energy."), PageText("Is conserved.")])
    world.documents.end_lease(runs[2])
    let_pass(SETTLED_AFTER_S - 3)
    run_erasure(world, objects)
    assert world.queue.delays_s[-1] <= 4
    let_pass(4)
    assert world.receipts.newest("ann")[0].erased_at is None
    run_erasure(world, objects)
    receipt = world.receipts.newest("ann")[0]
    assert receipt.erased_at
    assert receipt.removed.page_texts == 5
    assert [objects.delete_all(f"pages/{run.ingest_id}/") for run in runs] == [0, 0, 0]


def test_an_erasure_in_the_dead_letter_queue_is_sent_again(world: World) -> None:
    world.monkeypatch.setattr(dead_letter, "queue", lambda: world.queue)
    order = Erasure(chat_id="c", owner_id="ann", receipt_id="r", enqueued_at=0).to_message()
    dead_letter.handler({"Records": [{"body": json.dumps(order)}]}, Context())
    assert (world.queue.sent, world.queue.delays_s) == ([order], [900])


def test_a_lease_is_ended_only_if_its_document_is_being_deleted(world: World, chat_id: str) -> None:
    document = world.ready_document(chat_id, "Mass is inertia.")
    world.documents.end_lease(document)
    assert world.documents.get(chat_id, document.document_id) == document


def test_nothing_is_written_into_a_room_that_is_being_erased(world: World) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    token, _ = world.members.invite(chat_id, "writer")
    say(world, chat_id, [said(1)])
    world.begin_deletion(chat_id)
    before = world.rooms_table.scan()["Items"]
    assert refused(bob, wire.RoomJoin(request_id="r", token=token)) == Code.ROOM_NOT_FOUND
    for frame in (
        wire.Ask(request_id="r", chat_id=chat_id, question_id="q1", text="What?"),
        wire.RoomInvite(request_id="r", chat_id=chat_id, role="reader"),
        wire.RoomRename(request_id="r", chat_id=chat_id, name="Back"),
    ):
        assert refused(ann, frame) == Code.ROOM_NOT_FOUND
    with pytest.raises(Exception, match="room_not_found"):
        world.documents.register(chat_id, "a.pdf", 1, "0" * 64, wire.User(user_id="ann", name="Ann"))
    with pytest.raises(Exception, match="room_not_found"):
        world.connections.enter(ann.connection_id, chat_id)
    with pytest.raises(Exception, match="room_not_found"):
        world.members.invite(chat_id, "reader")
    assert world.history.flush(chat_id) == 0
    assert sorted(map(str, world.rooms_table.scan()["Items"])) == sorted(map(str, before))


def test_an_account_is_erased_with_its_rooms_and_memberships(world: World, objects: Objects) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    shared = bob.open("Shared")
    share(bob, "ann")
    own = ann.open("Own")
    ann.enter(shared)
    bob.seen()
    assert refused(ann, wire.AccountDelete(request_id="r", name="bob")) == Code.CONFIRMATION_WRONG
    assert world.people.deleted == []
    begun = only(wire.ReceiptFrame, ann.send(wire.AccountDelete(request_id="r", name="ann"))).receipt
    assert (begun.removed.rooms, begun.removed.memberships, begun.erased_at) == (0, 0, None)
    assert world.people.deleted == ["Ann"]
    run_erasures(world, objects)
    done = all_of(wire.ReceiptFrame, ann.seen())[-1].receipt
    assert (done.receipt_id, done.removed.rooms, done.removed.memberships) == (begun.receipt_id, 1, 1)
    assert done.erased_at
    assert [member.user_id for member in all_of(wire.Members, bob.seen())[-1].members] == ["bob"]
    assert world.rooms.roles_of("ann") == {}
    ann.connect()  # her token is still valid
    assert world.accounts.find("ann") is None
    assert refused(ann, wire.Open(request_id="r", room="Own")) == Code.NOT_SIGNED_IN
    assert not world.connections.of_room(own)
