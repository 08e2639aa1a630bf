"""Receipts: proof of what an erasure removed; they outlive the room."""

import time
from itertools import islice
from typing import TYPE_CHECKING, Literal

from documind.ids import new_ulid
from documind.stores import keys
from documind.stores.items import VERSION, Item, get_item, query_items, update
from documind.wire import Receipt, Remains, Removed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

NEWEST = 20  # that are listed: they fit one frame


class Receipts:
    """The items `USER#u / RECEIPT#ulid` of the rooms table."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def put(self, user_id: str, receipt: Receipt) -> None:
        """Keep a receipt."""
        self._table.put_item(Item=receipt_item(user_id, receipt))

    def get(self, user_id: str, receipt_id: str) -> Receipt:
        """Return a receipt that is there, for nothing deletes it."""
        item = get_item(self._table, **_key(user_id, receipt_id))
        if item is None:
            raise LookupError(receipt_id)
        return _receipt(item)

    def add(self, user_id: str, receipt_id: str, removed: Removed) -> None:
        """Count what has been removed."""
        counts = removed.model_dump(exclude_defaults=True)
        if counts:
            change = "ADD " + ", ".join(f"#{name} :{name}" for name in counts)  # `segments` is a reserved word
            update(self._table, _key(user_id, receipt_id), change, "attribute_exists(pk)", **counts)

    def complete(self, user_id: str, receipt_id: str) -> tuple[Receipt, str] | None:
        """Say that nothing is left to erase; return the receipt and the connection that asked for the erasure.

        None: it was said before, or there is no such receipt.
        """
        condition = "attribute_exists(pk) AND attribute_not_exists(erased_at)"
        key, now = _key(user_id, receipt_id), int(time.time())
        item = update(self._table, key, "SET erased_at = :now", condition, now=now)
        if item is None:
            return None
        return _receipt(item), str(item["connection_id"])

    def newest(self, user_id: str) -> list[Receipt]:
        """Return the newest receipts of a user, newest first."""
        condition = keys.RECEIPT.all_of(user_id=user_id)
        items = query_items(self._table, KeyConditionExpression=condition, ScanIndexForward=False, Limit=NEWEST)
        return [_receipt(item) for item in islice(items, NEWEST)]


def new_receipt(kind: Literal["room", "document", "account"], name: str, *, chat_id: str | None = None) -> Receipt:
    """Return the receipt of an erasure that begins now."""
    remains: list[Remains] = ["backups", "model_provider"]
    if kind == "account":
        remains.append("messages_elsewhere")
    if kind == "document":
        remains.append("answers")
    now = int(time.time())
    return Receipt(receipt_id=new_ulid(), kind=kind, name=name, chat_id=chat_id, requested_at=now, remains=remains)


def receipt_item(user_id: str, receipt: Receipt, connection_id: str = "") -> Item:
    """Return the item of a receipt; the counts stand beside its other fields."""
    plain = receipt.model_dump(exclude={"removed"}, exclude_none=True)
    counts = receipt.removed.model_dump(exclude_defaults=True)
    more = {"connection_id": connection_id, "version": VERSION}
    return {**_key(user_id, receipt.receipt_id), **plain, **counts, **more}


def _key(user_id: str, receipt_id: str) -> keys.Key:
    return keys.RECEIPT(user_id=user_id, receipt_id=receipt_id)


def _receipt(item: Item) -> Receipt:
    plain = {name: item[name] for name in Receipt.model_fields if name in item}
    removed = {name: item[name] for name in Removed.model_fields if name in item}
    return Receipt.model_validate({**plain, "removed": removed})
