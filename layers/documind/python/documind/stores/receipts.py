"""Receipts: proof of what an erasure removed; they outlive the room."""

import time
from typing import TYPE_CHECKING, Literal

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from documind.ids import new_ulid
from documind.stores.items import VERSION, Item, is_refused, user_key
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
        return _receipt(self._table.get_item(Key=_key(user_id, receipt_id), ConsistentRead=True)["Item"])

    def add(self, user_id: str, receipt_id: str, removed: Removed) -> None:
        """Count what has been removed."""
        counts = removed.model_dump(exclude_defaults=True)
        if counts:
            self._table.update_item(
                Key=_key(user_id, receipt_id),
                UpdateExpression="ADD " + ", ".join(f"#{name} :{name}" for name in counts),
                ExpressionAttributeNames={f"#{name}": name for name in counts},  # `segments` is a reserved word
                ExpressionAttributeValues={f":{name}": count for name, count in counts.items()},
            )

    def complete(self, user_id: str, receipt_id: str) -> tuple[Receipt, str] | None:
        """Say that nothing is left to erase; return the receipt and the connection that asked for the erasure.

        None: it was said before, or there is no such receipt.
        """
        try:
            item = self._table.update_item(
                Key=_key(user_id, receipt_id),
                UpdateExpression="SET erased_at = :now",
                ConditionExpression="attribute_exists(pk) AND attribute_not_exists(erased_at)",
                ExpressionAttributeValues={":now": int(time.time())},
                ReturnValues="ALL_NEW",
            )["Attributes"]
        except ClientError as error:
            if not is_refused(error):
                raise
            return None
        return _receipt(item), str(item["connection_id"])

    def newest(self, user_id: str) -> list[Receipt]:
        """Return the newest receipts of a user, newest first."""
        found = self._table.query(
            KeyConditionExpression=Key("pk").eq(user_key(user_id)) & Key("sk").begins_with("RECEIPT#"),
            ScanIndexForward=False,
            Limit=NEWEST,
            ConsistentRead=True,
        )
        return [_receipt(item) for item in found["Items"]]


def new_receipt(kind: Literal["room", "account"], name: str, *, chat_id: str | None = None) -> Receipt:
    """Return the receipt of an erasure that begins now."""
    remains: list[Remains] = ["backups", "model_provider"]
    if kind == "account":
        remains.append("messages_elsewhere")
    now = int(time.time())
    return Receipt(receipt_id=new_ulid(), kind=kind, name=name, chat_id=chat_id, requested_at=now, remains=remains)


def receipt_item(user_id: str, receipt: Receipt, connection_id: str = "") -> Item:
    """Return the item of a receipt; the counts stand beside its other fields."""
    plain = receipt.model_dump(exclude={"removed"}, exclude_none=True)
    counts = receipt.removed.model_dump(exclude_defaults=True)
    more = {"connection_id": connection_id, "version": VERSION}
    return {**_key(user_id, receipt.receipt_id), **plain, **counts, **more}


def _key(user_id: str, receipt_id: str) -> dict[str, str]:
    return {"pk": user_key(user_id), "sk": f"RECEIPT#{receipt_id}"}


def _receipt(item: Item) -> Receipt:
    plain = {name: item[name] for name in Receipt.model_fields if name in item}
    removed = {name: item[name] for name in Removed.model_fields if name in item}
    return Receipt.model_validate({**plain, "removed": removed})
