"""The erasure of a room: begun at once, so that nobody can enter or write any more, and carried out bit by bit."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict

from documind.errors import Code, NotAllowedError
from documind.stores.items import (
    Item,
    delete,
    get_item,
    is_refused,
    put_if_absent,
    query_items,
    room_key,
    transact,
    user_key,
)
from documind.stores.receipts import new_receipt, receipt_item
from documind.stores.rooms import name_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


class Erasure(BaseModel):
    """What the queue is told: which room, and where the owner's receipt stands. It may be told more than once."""

    model_config = ConfigDict(frozen=True)

    chat_id: str
    owner_id: str
    receipt_id: str
    announced_at: int = 0  # seconds since 1970

    def to_message(self) -> dict[str, dict[str, str | int]]:
        """Return what stands in the queue."""
        return {"erase": self.model_dump()}

    @classmethod
    def from_message(cls, message: str) -> "Erasure":
        """Return the erasure that a queue message asks for."""
        return cls.model_validate(json.loads(message)["erase"])


class Erasures:
    """Erases what the tables `rooms` and `messages` hold of a room; each step may be done again after a crash."""

    def __init__(self, rooms: "Table", messages: "Table") -> None:
        self._rooms = rooms
        self._messages = messages

    def begin(self, chat_id: str, user_id: str, connection_id: str, announce: Callable[[Erasure], None]) -> Erasure:
        """Close the room to everybody, free its name, and open its receipt; of a room that is being deleted, go on.

        The erasure is announced before the room is closed, which nobody could do again once nobody sees the room.
        Raises DocumindError: NOT_OWNER, ROOM_NOT_FOUND.
        """
        while True:
            meta = self._owned(chat_id, user_id)
            if meta["state"] == "deleting":
                erasure = _announced(chat_id, user_id, meta["receipt_id"])
                announce(erasure)
                return erasure
            receipt = new_receipt("room", meta["name"], chat_id=chat_id)
            erasure = _announced(chat_id, user_id, receipt.receipt_id)
            announce(erasure)
            item = receipt_item(user_id, receipt, connection_id)
            try:
                transact(
                    self._rooms,
                    self._close(chat_id, meta["name"], receipt.receipt_id),
                    delete(self._rooms, **name_key(user_id, meta["name"])),
                    put_if_absent(self._rooms, item),
                )
            except ClientError as error:
                if not is_refused(error):  # otherwise it was renamed or deleted meanwhile
                    raise
            else:
                return erasure

    def state_of(self, erasure: Erasure) -> Literal["announced", "begun", "done", "another's"]:
        """Tell how far an erasure is: the room may be open still, closed by it or by another one, or gone."""
        meta = get_item(self._rooms, pk=room_key(erasure.chat_id), sk="META")
        if meta is None:
            return "done"
        if meta["state"] == "active":
            return "announced"
        return "begun" if meta["receipt_id"] == erasure.receipt_id else "another's"

    def delete_live_messages(self, chat_id: str) -> int:
        """Delete the live messages and return their number."""
        condition, names = Key("chat_id").eq(chat_id), "chat_id, message_id"
        keys = list(query_items(self._messages, KeyConditionExpression=condition, ProjectionExpression=names))
        _delete(self._messages, keys)
        return len(keys)

    def delete_items(self, chat_id: str) -> int:
        """Delete all items of the room but `META`, and those that lead to it; return the number of segments."""
        keys = self._keys(room_key(chat_id)) + self._keys(f"BUDGET#{room_key(chat_id)}")
        kept_last = [key for key in keys if key["sk"] != "META"]
        _delete(self._rooms, [leading for key in kept_last if (leading := _leading_here(chat_id, key["sk"]))])
        _delete(self._rooms, kept_last)  # by them the others are found again if this dies in between
        return sum(key["sk"].startswith("SEG#") for key in keys)

    def finish(self, chat_id: str) -> None:
        """Delete the last item, which kept everybody out."""
        self._rooms.delete_item(Key={"pk": room_key(chat_id), "sk": "META"})

    def _owned(self, chat_id: str, user_id: str) -> Item:
        meta = get_item(self._rooms, pk=room_key(chat_id), sk="META")
        if meta is not None and meta["owner"] == user_id:
            return meta
        is_member = get_item(self._rooms, pk=room_key(chat_id), sk=f"MEMBER#{user_id}") is not None
        raise NotAllowedError(Code.NOT_OWNER if meta and is_member else Code.ROOM_NOT_FOUND)

    def _close(self, chat_id: str, name: str, receipt_id: str) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._rooms.name,
                "Key": {"pk": room_key(chat_id), "sk": "META"},
                "UpdateExpression": "SET #state = :deleting, receipt_id = :receipt",
                "ConditionExpression": "#state = :active AND #name = :name",
                "ExpressionAttributeNames": {"#state": "state", "#name": "name"},
                "ExpressionAttributeValues": {
                    ":active": "active",
                    ":deleting": "deleting",
                    ":name": name,
                    ":receipt": receipt_id,
                },
            }
        }

    def _keys(self, partition: str) -> list[Item]:
        condition = Key("pk").eq(partition)
        return list(query_items(self._rooms, KeyConditionExpression=condition, ProjectionExpression="pk, sk"))


def _announced(chat_id: str, owner_id: str, receipt_id: str) -> Erasure:
    return Erasure(chat_id=chat_id, owner_id=owner_id, receipt_id=receipt_id, announced_at=int(time.time()))


def _leading_here(chat_id: str, sort_key: str) -> Item | None:
    """Return the key of the item outside the room that belongs to this one of the room."""
    kind, _, of = sort_key.partition("#")
    if kind == "MEMBER":
        return {"pk": user_key(of), "sk": f"ROOM#{chat_id}"}
    if kind == "INVITE":
        return {"pk": f"INVITE#{of}", "sk": "ROOM"}
    return None


def _delete(table: "Table", keys: list[Item]) -> None:
    with table.batch_writer() as writer:
        for key in keys:
            writer.delete_item(Key=key)
