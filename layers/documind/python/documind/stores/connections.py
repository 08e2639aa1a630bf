"""Connections, and the fan-out list of each room: the connections that have it open."""

import time
from dataclasses import dataclass

from documind.errors import Code, NotFoundError
from documind.stores import keys
from documind.stores.items import EXISTS, Item, ItemTable, Write, room_is_active
from documind.wire import User

# A connection lives two hours at most: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
LIFETIME_S = 2 * 3600 + 600
MAX_USER_CONNECTIONS = 10


@dataclass(frozen=True)
class Connection:
    """A connection that has a room open."""

    connection_id: str
    user: User
    expires_at: int = 0  # seconds since 1970: when it was made plus LIFETIME_S


class ConnectionStore:
    """Connections in the table `rooms`: `CONN#id/CONN` and `USER#u/CONN#id`, and `ROOM#c/CONN#id` with a room open."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table

    def register(self, connection_id: str, user_id: str, name: str, token_expires_at: int) -> None:
        """Store a new connection without an open room; `token_expires_at` is in seconds since 1970."""
        expires_at = int(time.time()) + LIFETIME_S
        user: Item = {"user_id": user_id, "name": name, "token_expires_at": token_expires_at, "expires_at": expires_at}
        since: Item = {"connected_at_ms": time.time_ns() // 1_000_000, "expires_at": expires_at}
        ids = {"user_id": user_id, "connection_id": connection_id}
        self._table.put({**_key(connection_id), **user})
        self._table.put({**keys.USER_CONNECTION(**ids), **since, "connection_id": connection_id})

    def take_excess(self, user_id: str) -> list[str]:
        """Delete the fan-out entries of a user's oldest connections beyond `MAX_USER_CONNECTIONS`; return their ids.

        Each connection is stored before it counts, so when many are made at once, the last one to count sees them all.
        `remove` still finds their rooms when `$disconnect` arrives.
        """
        excess = self.of_user(user_id)[:-MAX_USER_CONNECTIONS]
        for connection_id in excess:
            chat_id = self.room_of(connection_id)
            if chat_id is not None:
                self.drop(chat_id, connection_id)
            self._unlist(user_id, connection_id)
        return excess

    def of_user(self, user_id: str) -> list[str]:
        """Return the ids of a user's connections, oldest first, with or without an open room."""
        listed = self._table.query(keys.USER_CONNECTION.all_of(user_id=user_id))
        in_order = sorted(listed, key=lambda each: (each["connected_at_ms"], each["connection_id"]))
        return [item["connection_id"] for item in in_order]

    def room_of(self, connection_id: str) -> str | None:
        """Return the id of the room that a connection has open; None without one."""
        item = self._table.get(**_key(connection_id))
        return item.get("chat_id") if item else None

    def enter(self, connection_id: str, chat_id: str) -> str | None:
        """Open a room on a connection; return the id of another room that was open before.

        Raises NotFoundError(ROOM_NOT_FOUND) if the user is no longer a member, or the room is being deleted.
        """
        before = self._switch(connection_id, chat_id)
        return before if before != chat_id else None

    def leave(self, connection_id: str) -> str | None:
        """Close the room of a connection and return its id; None when none was open."""
        return self._switch(connection_id, None)

    def remove(self, connection_id: str) -> tuple[str, str] | None:
        """Delete a connection that has ended; return the ids of its open room and its user, None without a room.

        The fan-out entry is deleted first, so that a crash in between leaves no stale entry.
        """
        known = self._table.get(**_key(connection_id))
        if known is None:
            return None  # `$disconnect` was delivered twice
        if "chat_id" in known:
            self.drop(known["chat_id"], connection_id)
        removed = self._table.remove(_key(connection_id))  # empty if the SDK has repeated the request
        if "chat_id" in removed:  # a concurrent frame may have opened a room after the read
            self.drop(removed["chat_id"], connection_id)
        user_id: str = known["user_id"]
        self._unlist(user_id, connection_id)
        left: str | None = (known | removed).get("chat_id")
        return (left, user_id) if left else None

    def drop(self, chat_id: str, connection_id: str) -> None:
        """Delete a connection's fan-out entry; `remove` still finds the room when `$disconnect` arrives."""
        self._table.remove(_room_entry(chat_id, connection_id))

    def _unlist(self, user_id: str, connection_id: str) -> None:
        self._table.remove(keys.USER_CONNECTION(user_id=user_id, connection_id=connection_id))

    def expel(self, chat_id: str, user_id: str | None = None) -> list[str]:
        """Delete the fan-out entries of a user, or of everybody in the room; return the ids of the connections."""
        expelled = [each for each in self.of_room(chat_id) if user_id in (None, each.user.user_id)]
        for connection in expelled:
            self.drop(chat_id, connection.connection_id)
        return [connection.connection_id for connection in expelled]

    def of_room(self, chat_id: str) -> list[Connection]:
        """Return the connections that have this room open.

        Left out are connections older than LIFETIME_S, whose `$disconnect` was lost, and those with an expired token.
        """
        now = time.time()
        return [
            Connection(item["connection_id"], User(user_id=item["user_id"], name=item["name"]), int(item["expires_at"]))
            for item in self._table.query(keys.ROOM_CONNECTION.all_of(chat_id=chat_id))
            if min(item["expires_at"], item["token_expires_at"]) > now
        ]

    def _switch(self, connection_id: str, chat_id: str | None) -> str | None:
        """Set or clear the room of a connection in one transaction; return the id of the room open before.

        Frames of one connection may run concurrently, hence the optimistic locking on the room that was read.
        """
        while True:
            connection = self._table.get(**_key(connection_id))
            if connection is None:
                return None  # the connection has ended
            before: str | None = connection.pop("chat_id", None)
            writes: list[Write] = []
            if chat_id is not None:
                entry = {**connection, **_room_entry(chat_id, connection_id), "connection_id": connection_id}
                member = keys.MEMBER(chat_id=chat_id, user_id=connection["user_id"])
                writes += [self._table.put_part(entry), self._table.check_part(member, EXISTS)]
                writes.append(room_is_active(self._table, chat_id))
                connection["chat_id"] = chat_id
            if before not in (None, chat_id):
                writes.append(self._table.delete_part(_room_entry(before, connection_id)))
            refused = self._table.transact(self._put_unless_moved(connection, before), *writes)
            if not refused:
                return before
            if 0 not in refused:
                raise NotFoundError(Code.ROOM_NOT_FOUND)

    def _put_unless_moved(self, connection: Item, before: str | None) -> Write:
        if before is not None:
            return self._table.put_part(connection, "chat_id = :before", before=before)
        # A connection that has ended in between must not be created again.
        return self._table.put_part(connection, f"{EXISTS} AND attribute_not_exists(chat_id)")


def _key(connection_id: str) -> keys.Key:
    return keys.CONNECTION(connection_id=connection_id)


def _room_entry(chat_id: str, connection_id: str) -> keys.Key:
    return keys.ROOM_CONNECTION(chat_id=chat_id, connection_id=connection_id)
