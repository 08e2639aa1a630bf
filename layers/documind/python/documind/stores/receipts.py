"""Receipts: what an erasure removed; they are kept after the room is gone."""

import time
from itertools import islice
from typing import Literal

from documind.ids import new_ulid
from documind.stores import keys
from documind.stores.items import ABSENT, EXISTS, Item, ItemTable, Write, adding
from documind.wire import Receipt, Remains, Removed

KEPT_AFTER_ACCOUNT_S = 30 * 24 * 3600
NEWEST = 20  # as many receipts fit one frame


class ReceiptStore:
    """The items `USER#u / RECEIPT#ulid` of the rooms table."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table

    def put(self, user_id: str, receipt: Receipt, connection_id: str) -> None:
        """Put a new receipt, with the connection that asked for the erasure."""
        self._table.transact(self._table.put_part(receipt_item(user_id, receipt, connection_id), ABSENT))

    def get(self, user_id: str, receipt_id: str) -> Receipt:
        """Return a receipt; raises LookupError without one."""
        receipt, _connection_id, _rooms_left = self.progress(user_id, receipt_id)
        return receipt

    def progress(self, user_id: str, receipt_id: str) -> tuple[Receipt, str, int]:
        """Return a receipt, the connection that asked for the erasure, and how many closed rooms are not erased yet."""
        item = self._table.get(**_key(user_id, receipt_id))
        if item is None:
            raise LookupError(receipt_id)
        receipt = _receipt(item)
        return receipt, str(item["connection_id"]), int(item.get("rooms_closed", 0)) - receipt.removed.rooms

    def closing_room(self, user_id: str, receipt_id: str) -> Write:
        """Return the update, for the transaction that closes a room, that adds it to the receipt's `rooms_closed`."""
        key, change = _key(user_id, receipt_id), "ADD rooms_closed :one"
        return self._table.update_part(key, change, EXISTS, one=1)

    def add(self, user_id: str, receipt_id: str, removed: Removed) -> None:
        """Add what has been removed to the counts."""
        if removed != Removed():
            self._table.transact(self.counting(user_id, receipt_id, removed))

    def counting(self, user_id: str, receipt_id: str, removed: Removed) -> Write:
        """Return the update that adds to the counts, for the transaction that removes these."""
        counts = removed.model_dump(exclude_defaults=True)
        return self._table.update_part(_key(user_id, receipt_id), adding(counts), EXISTS, **counts)

    def expire(self, user_id: str) -> None:
        """Give the receipts of a deleted account a TTL of 30 days; nobody can sign in to read them."""
        expires_at = int(time.time()) + KEPT_AFTER_ACCOUNT_S
        condition = keys.RECEIPT.all_of(user_id=user_id)
        for item in self._table.query(condition, ProjectionExpression="pk, sk"):
            change = "SET expires_at = :expires_at"
            self._table.update(item, change, "attribute_not_exists(expires_at)", expires_at=expires_at)

    def complete(self, user_id: str, receipt_id: str) -> tuple[Receipt, str] | None:
        """Mark an erasure as complete; return its receipt and the connection that asked for it.

        None if it is already complete or does not exist.
        """
        condition = f"{EXISTS} AND attribute_not_exists(erased_at)"
        key, now = _key(user_id, receipt_id), int(time.time())
        item = self._table.update(key, "SET erased_at = :now", condition, now=now)
        if item is None:
            return None
        return _receipt(item), str(item["connection_id"])

    def newest(self, user_id: str) -> list[Receipt]:
        """Return the newest receipts of a user, newest first."""
        condition = keys.RECEIPT.all_of(user_id=user_id)
        items = self._table.query(condition, ScanIndexForward=False, Limit=NEWEST)
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


def receipt_item(user_id: str, receipt: Receipt, connection_id: str) -> Item:
    """Return the item of a receipt; the counts are top-level attributes, so that updates can add to them."""
    plain = receipt.model_dump(exclude={"removed"}, exclude_none=True)
    counts = receipt.removed.model_dump(exclude_defaults=True)
    return {**_key(user_id, receipt.receipt_id), **plain, **counts, "connection_id": connection_id}


def _key(user_id: str, receipt_id: str) -> keys.Key:
    return keys.RECEIPT(user_id=user_id, receipt_id=receipt_id)


def _receipt(item: Item) -> Receipt:
    plain = {name: item[name] for name in Receipt.model_fields if name in item}
    removed = {name: item[name] for name in Removed.model_fields if name in item}
    return Receipt.model_validate({**plain, "removed": removed})
