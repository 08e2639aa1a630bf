"""Rooms: found by name or id together with the user's role, listed and renamed."""

from documind.errors import Code, InvalidRequestError, NotAllowedError, NotFoundError
from documind.ids import new_random_id, normalised_name
from documind.stores import keys
from documind.stores.accounts import account_is_open
from documind.stores.items import ABSENT, Item, ItemTable
from documind.wire import Role, Room, User


class RoomStore:
    """Rooms in the table `rooms`: `META` and `MEMBER#…` in a room's partition, `NAME#…` and `ROOM#…` in a user's."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table

    def open_by_name(self, user: User, name: str) -> Room:
        """Return the user's own room of this name; create it when there is none.

        Raises DocumindError: ROOM_NOT_FOUND if the room is being deleted, NOT_SIGNED_IN if the account is.
        """
        by_name = name_key(user.user_id, name)
        found = self._table.get(**by_name)
        if found is None:
            created = self._create(user, name, by_name)
            if created:
                return created
            found = self._table.get(**by_name)  # another connection created it in between
        if found is None:
            raise NotAllowedError(Code.NOT_SIGNED_IN)
        return self.get(found["chat_id"], user.user_id)

    def get(self, chat_id: str, user_id: str) -> Room:
        """Return the room with this member's role, in one request.

        Raises NotFoundError(ROOM_NOT_FOUND) if the room does not exist, is being deleted, or the user is no member:
        the same error for all three, so that ids cannot be probed.
        """
        both = [keys.ROOM(chat_id=chat_id), keys.MEMBER(chat_id=chat_id, user_id=user_id)]
        found = {bool(keys.MEMBER.ids_in(item)): item for item in self._table.get_all(both)}
        meta, member = found.get(False), found.get(True)
        if meta is None or member is None or meta["state"] != "active":
            raise NotFoundError(Code.ROOM_NOT_FOUND)
        return Room(chat_id=chat_id, name=meta["name"], role=member["role"])

    def of_user(self, user_id: str) -> list[Room]:
        """Return the rooms of a user, in the order of `sort_key`."""
        roles = self.roles_of(user_id)
        metas = self._table.get_all([keys.ROOM(chat_id=chat_id) for chat_id in roles])
        rooms = [
            Room(chat_id=meta["chat_id"], name=meta["name"], role=roles[meta["chat_id"]])
            for meta in metas
            if meta["state"] == "active"
        ]
        return sorted(rooms, key=sort_key)

    def roles_of(self, user_id: str) -> dict[str, Role]:
        """Return the user's role by room id, including rooms that are being deleted."""
        condition = keys.MEMBERSHIP.all_of(user_id=user_id)
        return {item["chat_id"]: item["role"] for item in self._table.query(condition)}

    def rename(self, chat_id: str, owner_id: str, name: str) -> None:
        """Rename a room, by optimistic locking on its old name.

        Raises DocumindError: ROOM_NAME_TAKEN by another room of the owner, ROOM_NOT_FOUND if it is being deleted.
        """
        while True:
            meta = self._table.get(**keys.ROOM(chat_id=chat_id))
            if meta is None or meta["state"] != "active":
                raise NotFoundError(Code.ROOM_NOT_FOUND)
            old, new = name_key(owner_id, meta["name"]), name_key(owner_id, name)
            named = {**new, "chat_id": chat_id}
            writes = [
                self._table.update_part(
                    keys.ROOM(chat_id=chat_id),
                    "SET #name = :new",
                    "#state = :active AND #name = :old",
                    active="active",
                    old=meta["name"],
                    new=name,
                ),
                self._table.put_part(named, f"{ABSENT} OR chat_id = :same", same=chat_id),
            ]
            if old != new:
                writes.append(self._table.delete_part(old))
            refused = self._table.transact(*writes)
            if not refused:
                return
            if 1 in refused:
                raise InvalidRequestError(Code.ROOM_NAME_TAKEN)

    def _create(self, owner: User, name: str, by_name: keys.Key) -> Room | None:
        chat_id = new_random_id()
        ids = {"chat_id": chat_id, "user_id": owner.user_id}
        items: list[Item] = [
            {**by_name, "chat_id": chat_id},
            {
                **keys.ROOM(**ids),
                "chat_id": chat_id,
                "name": name,
                "owner": owner.user_id,
                "state": "active",
                "members": 1,
            },
            {**keys.MEMBER(**ids), "role": "owner", "name": owner.name},
            {**keys.MEMBERSHIP(**ids), "chat_id": chat_id, "role": "owner"},
        ]
        puts = (self._table.put_part(item, ABSENT) for item in items)
        if self._table.transact(*puts, account_is_open(self._table, owner.user_id)):
            return None
        return Room(chat_id=chat_id, name=name, role="owner")


def name_key(user_id: str, name: str) -> keys.Key:
    """Return the key of the item that leads from an owner and a room's name to its id."""
    return keys.ROOM_NAME(user_id=user_id, name=normalised_name(name))


def sort_key(room: Room) -> str:
    """Return the sort key of a room, which is also the pagination cursor of `room.list`."""
    return f"{normalised_name(room.name)}\n{room.chat_id}"
