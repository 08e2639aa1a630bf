"""The erasure of an account with many rooms: several invocations, and one correct receipt."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from documind.clients.objects import Objects
from documind.stores import keys
from documind.stores.receipts import KEPT_AFTER_ACCOUNT_S
from documind.wire import AccountDelete, Receipt, ReceiptFrame, User
from erase import account
from tests.functional.test_erasing import run_erasure, run_erasures
from tests.functional.world import Person, World, all_of, only
from tests.sizes import size

if TYPE_CHECKING:
    from documind.stores.items import Item

ROOMS = size(12, 1_001)
ANN = User(user_id="ann", name="Ann")


@dataclass
class Clock:
    """Replaces the module `time`."""

    now_s: float

    def monotonic(self) -> float:
        return self.now_s


def with_rooms(world: World, own: int, others: int) -> Person:
    """Return Ann, who owns `own` rooms and is a member of `others` rooms of Bob."""
    ann, bob = world.person("ann"), world.person("bob")
    for number in range(own):
        world.rooms.open_by_name(ANN, f"own {number}")
    for number in range(others):
        world.invite(bob.open(f"shared {number}"), "ann")
    return ann


def delete_account(ann: Person) -> Receipt:
    return only(ReceiptFrame, ann.send(AccountDelete(request_id="r", name="ann"))).receipt


def test_one_receipt_counts_all_rooms_and_is_posted_at_each_progress(world: World, objects: Objects) -> None:
    ann = with_rooms(world, ROOMS, 3)
    begun = delete_account(ann)
    run_erasures(world, objects)
    told = [frame.receipt for frame in all_of(ReceiptFrame, ann.seen())]
    assert {receipt.receipt_id for receipt in told} == {begun.receipt_id}
    assert (told[-1].removed.rooms, told[-1].removed.memberships) == (ROOMS, 3)
    assert told[-1].erased_at
    assert all(receipt.erased_at is None for receipt in told[:-1])
    assert world.rooms.roles_of("ann") == {}


def test_an_erasure_beyond_the_time_of_one_invocation_is_continued_by_the_next(
    world: World, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = with_rooms(world, 3, 1)
    delete_account(ann)
    begin = world.erasures.begin_with_account

    def and_time_is_up(*arguments: Any) -> bool:
        monkeypatch.setattr(account, "time", Clock(now_s=10**9))
        return begin(*arguments)

    monkeypatch.setattr(world.erasures, "begin_with_account", and_time_is_up)
    run_erasure(world, objects)
    assert len(world.rooms.of_user("ann")) == 3
    monkeypatch.undo()
    world.set_up()
    run_erasures(world, objects)
    removed = world.receipts.newest("ann")[0].removed
    assert (removed.rooms, removed.memberships) == (3, 1)


def test_an_erasure_requested_twice_and_delivered_twice_counts_once(world: World, objects: Objects) -> None:
    ann = with_rooms(world, 2, 1)
    assert delete_account(ann).receipt_id == delete_account(ann).receipt_id
    world.queue.sent += world.queue.sent
    run_erasures(world, objects)
    (receipt,) = world.receipts.newest("ann")
    assert (receipt.removed.rooms, receipt.removed.memberships) == (2, 1)


def test_receipts_of_a_deleted_account_get_a_ttl(world: World, objects: Objects) -> None:
    ann = with_rooms(world, 1, 0)
    begun = delete_account(ann)
    run_erasures(world, objects)
    key = {"pk": "USER#ann", "sk": f"RECEIPT#{begun.receipt_id}"}
    item: Item = world.rooms_table.get_item(Key=key)["Item"]
    assert 0 <= item["expires_at"] - item["erased_at"] <= KEPT_AFTER_ACCOUNT_S


def test_nothing_names_a_deleted_account_in_the_rooms_of_others(world: World, objects: Objects) -> None:
    ann = with_rooms(world, 1, 3)
    left, expelled, _ = world.rooms.of_user("bob")
    world.members.leave(left.chat_id, "ann")
    world.expel(expelled.chat_id, "ann")
    delete_account(ann)
    run_erasures(world, objects)
    found = [f"{item['pk']!s} {item['sk']!s}" for item in world.rooms_table.scan()["Items"]]
    (receipt,) = world.receipts.newest("ann")
    kept = {key for key in found if "ann" in key and "CONN#" not in key}
    assert kept == {"USER#ann CLOSED", f"USER#ann RECEIPT#{receipt.receipt_id}"}


def test_a_deleted_room_leaves_no_decision_with_its_users(world: World) -> None:
    chat_id = with_rooms(world, 0, 1).world.rooms.of_user("ann")[0].chat_id
    world.begin_deletion(chat_id)
    assert keys.USER_DECISION(user_id="ann", chat_id=chat_id)["sk"] in str(world.rooms_table.scan()["Items"])
    world.erasures.delete_items(chat_id)
    assert "GRANT#" not in str(world.rooms_table.scan()["Items"])
