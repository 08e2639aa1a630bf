"""Users that have signed in, by login name, and accounts that are being deleted."""

import time

from documind.ids import normalised_name
from documind.stores import keys
from documind.stores.items import ABSENT, Item, ItemTable, Write
from documind.wire import User

CLOSED_S = 24 * 3600  # longer than an access token is valid, so no token of the account can create or join a room


class AccountStore:
    """The items `LOGIN#name/USER`, and for 24 h `USER#u/CLOSED` of a deleted account, in the table `rooms`."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table

    def signed_in(self, user: User) -> None:
        """Store a user under the login name, unless the account is being deleted or the name belongs to another user.

        Names are compared in normalised form (NFKC); the first user to sign in under a form owns it. A later user with
        exactly the same name takes it over, because a user pool holds each name once: the earlier account is deleted.
        """
        item: Item = {**_by_name(user.name), "user_id": user.user_id, "name": user.name}
        is_ours = f"{ABSENT} OR user_id = :user_id OR #name = :name"
        kept = self._table.put_part(item, is_ours, user_id=user.user_id, name=user.name)
        self._table.transact(kept, account_is_open(self._table, user.user_id))

    def find(self, name: str) -> User | None:
        """Return the user with this login name; None when nobody has signed in with it yet."""
        item = self._table.get(**_by_name(name))
        return User(user_id=item["user_id"], name=item["name"]) if item else None

    def close(self, user: User, receipt_id: str) -> str:
        """Delete a user's login name and bar the account from creating and joining rooms; return its receipt's id.

        Idempotent: closed again, it returns the id of the first call.
        """
        item: Item = {
            **keys.CLOSED_ACCOUNT(user_id=user.user_id),
            "receipt_id": receipt_id,
            "expires_at": int(time.time()) + CLOSED_S,
        }
        self._table.transact(self._table.put_part(item, ABSENT))  # from now on `signed_in` is refused
        self._table.transact(self._table.delete_part(_by_name(user.name), "user_id = :user_id", user_id=user.user_id))
        closed = self._table.get(**keys.CLOSED_ACCOUNT(user_id=user.user_id)) or item
        return str(closed.get("receipt_id", receipt_id))


def account_is_open(table: ItemTable, user_id: str) -> Write:
    """Return the condition check that refuses a transaction if the account is being deleted."""
    return table.check_part(keys.CLOSED_ACCOUNT(user_id=user_id), ABSENT)


def _by_name(name: str) -> keys.Key:
    return keys.LOGIN(name=normalised_name(name))
