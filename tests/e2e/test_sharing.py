"""Rooms of several people on the deployed system: shared by name and by link, left, and erased completely."""

from collections.abc import Callable

import pytest

from documind.errors import Code
from documind.ids import new_random_id
from documind.stores.items import ItemTable
from documind.stores.rooms import RoomStore
from documind.wire import (
    AccountDelete,
    Closed,
    Invitation,
    Members,
    Open,
    Opened,
    ReceiptFrame,
    RoomChanged,
    RoomDelete,
    RoomInvite,
    RoomJoin,
    RoomUnshare,
)
from documind_cli.client import Client, RefusedError
from local import accounts, aws
from local.deployment import Deployment
from tests.deployed import Person
from tests.e2e.asking import ask, until_end
from tests.e2e.rooms import HANDBOOK, upload
from tests.faults.tables import Tables
from tests.sizes import size

QUESTION = "Who founded the library?"
ERASURE_TIMEOUT_S = 60
OWN_ROOMS = size(2, 1_001)
ACCOUNT_TIMEOUT_S = size(60, 1_500)


def invite(owner: Client, name: str | None = None, role: str = "writer") -> RoomInvite:
    frame = {"request_id": new_random_id(), "chat_id": owner.chat_id, "role": role, "name": name}
    return RoomInvite.model_validate(frame)


def enter(client: Client, chat_id: str) -> Opened:
    opened = client.request(Open(request_id=new_random_id(), chat_id=chat_id), Opened)
    client.chat_id = opened.chat_id
    return opened


def test_a_room_is_shared_by_name_and_by_link_and_access_is_revoked_at_once(sign_up: Callable[[], Person]) -> None:
    ann, bob, eve = sign_up(), sign_up(), sign_up()
    owner, member, guest = ann.connect(), bob.connect(), eve.connect("zh-TW")
    chat_id = owner.open("共用 Shared").chat_id
    upload(owner, HANDBOOK)
    members = owner.request(invite(owner, bob.name), Members).members
    assert {(each.name, each.role) for each in members} == {(ann.name, "owner"), (bob.name, "writer")}
    opened = enter(member, chat_id)
    assert [document.status for document in opened.documents] == ["ready"]
    asked = ask(member, QUESTION)
    assert until_end(owner, asked.question_id)[-1] == asked.frames[-1]

    token = owner.request(invite(owner, role="reader"), Invitation).token
    room = guest.request(RoomJoin(request_id=new_random_id(), token=token), RoomChanged).room
    assert (room.name, room.role) == ("共用 Shared", "reader")
    user_id = enter(guest, chat_id).user.user_id
    owner.request(RoomUnshare(request_id=new_random_id(), chat_id=chat_id, user_id=user_id), Members)
    assert guest.wait_for(Closed, lambda _: True).reason == "removed"
    with pytest.raises(RefusedError) as refused:
        enter(guest, chat_id)
    assert refused.value.frame.code is Code.ROOM_NOT_FOUND
    with pytest.raises(RefusedError):  # the removal also covers the link
        guest.request(RoomJoin(request_id=new_random_id(), token=token), RoomChanged)


def test_a_deleted_room_leaves_nothing_behind(sign_up: Callable[[], Person], deployed: Deployment) -> None:
    ann, bob = sign_up(), sign_up()
    owner, member = ann.connect(), bob.connect()
    chat_id = owner.open("Erased").chat_id
    document, _ = upload(owner, HANDBOOK)
    ask(owner, QUESTION)
    owner.request(invite(owner, bob.name), Members)
    enter(member, chat_id)
    begun = owner.request(RoomDelete(request_id=new_random_id(), chat_id=chat_id), ReceiptFrame).receipt
    assert member.wait_for(Closed, lambda _: True).reason == "deleted"
    done = owner.wait_for(ReceiptFrame, lambda frame: bool(frame.receipt.erased_at), ERASURE_TIMEOUT_S).receipt
    assert done.receipt_id == begun.receipt_id
    removed = done.removed
    assert (removed.uploads, removed.page_texts) == (1, document.pages_total)
    assert removed.chunks > 0
    assert removed.messages + removed.segments > 0
    assert what_names(deployed, chat_id) == []
    assert owner.open("Erased").chat_id != chat_id


def what_names(deployed: Deployment, chat_id: str) -> list[str]:
    """Return the keys of all items and objects that mention a room, except receipts and connections."""
    tables = aws.client(deployed.aws_endpoint, "dynamodb")
    bucket = aws.client(deployed.aws_endpoint, "s3")
    found = []
    for table in (deployed.outputs["RoomsTable"], deployed.outputs["MessagesTable"]):
        pages = tables.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"] if chat_id in str(item)]
        keys = [str(item.get("sk", item.get("message_id"))) for item in items]
        found += [key for key in keys if "RECEIPT#" not in key and "'CONN'" not in key]
    versions = bucket.list_object_versions(Bucket=deployed.outputs["DocumentsBucket"])
    return found + [each["Key"] for each in versions.get("Versions", []) if chat_id in each["Key"]]


def test_an_account_is_deleted_with_its_rooms_and_one_receipt_counts_them(
    sign_up: Callable[[], Person], deployed: Deployment
) -> None:
    ann = sign_up()
    client = ann.connect()
    user = client.open("Mine").user
    for number in range(1, OWN_ROOMS):
        RoomStore(ItemTable(Tables(deployed).rooms)).open_by_name(user, f"Room {number}")
    with pytest.raises(RefusedError) as refused:
        client.request(AccountDelete(request_id=new_random_id(), name="somebody else"), ReceiptFrame)
    assert refused.value.frame.code is Code.CONFIRMATION_WRONG
    begun = client.request(AccountDelete(request_id=new_random_id(), name=ann.name), ReceiptFrame).receipt
    done = client.wait_for(ReceiptFrame, lambda frame: bool(frame.receipt.erased_at), ACCOUNT_TIMEOUT_S).receipt
    assert (done.receipt_id, done.kind, done.removed.rooms) == (begun.receipt_id, "account", OWN_ROOMS)
    with pytest.raises(Exception, match=r"UserNotFound|NotAuthorized"):
        accounts.sign_in(deployed, ann.name, ann.password)
