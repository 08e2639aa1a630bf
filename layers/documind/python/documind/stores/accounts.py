"""Who has signed in: found by login name, and kept from coming back while an account is deleted."""

import time
from typing import TYPE_CHECKING

from documind.ids import normalised_name
from documind.stores import keys
from documind.stores.items import VERSION, Item, get_item, put_if_absent, transact, unless_there
from documind.wire import User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

CLOSED_S = 24 * 3600  # longer than a token lasts: its owner can make and join no room with it


class AccountStore:
    """Accounts in the table `rooms`: `LOGIN#name/USER`, and for a while `USER#u/CLOSED` of one that is deleted."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def signed_in(self, user: User) -> None:
        """Remember a user by login name, unless the account is being deleted, or the name is somebody else's.

        Names that look alike are one name here, and belong to who came first. The user pool holds each name once, so
        the very same one is that of a successor: the account that had it is gone.
        """
        item: Item = {**_by_name(user.name), "user_id": user.user_id, "name": user.name, "version": VERSION}
        put: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self._table.name,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk) OR user_id = :user_id OR #name = :name",
                "ExpressionAttributeNames": {"#name": "name"},
                "ExpressionAttributeValues": {":user_id": user.user_id, ":name": user.name},
            }
        }
        transact(self._table, put, account_is_open(self._table, user.user_id))

    def find(self, name: str) -> User | None:
        """Return who signs in by this name; None when nobody has done so yet."""
        item = get_item(self._table, **_by_name(name))
        return User(user_id=item["user_id"], name=item["name"]) if item else None

    def close(self, user: User, receipt_id: str) -> str:
        """Forget a user's name, and let the account make and join no more rooms; return the receipt of its erasure.

        That is the one with which it was closed first.
        """
        item: Item = {
            **keys.CLOSED_ACCOUNT(user_id=user.user_id),
            "receipt_id": receipt_id,
            "expires_at": int(time.time()) + CLOSED_S,
            "version": VERSION,
        }
        transact(self._table, put_if_absent(self._table, item))  # from here on nothing writes the name again
        own: TransactWriteItemTypeDef = {
            "Delete": {
                "TableName": self._table.name,
                "Key": _by_name(user.name),
                "ConditionExpression": "user_id = :user_id",
                "ExpressionAttributeValues": {":user_id": user.user_id},
            }
        }
        transact(self._table, own)
        closed = get_item(self._table, **keys.CLOSED_ACCOUNT(user_id=user.user_id)) or item
        return str(closed.get("receipt_id", receipt_id))


def account_is_open(table: "Table", user_id: str) -> "TransactWriteItemTypeDef":
    """Return the check that makes a transaction fail for an account that is being deleted."""
    return unless_there(table, **keys.CLOSED_ACCOUNT(user_id=user_id))


def _by_name(name: str) -> keys.Key:
    return keys.LOGIN(name=normalised_name(name))
