"""Rooms and who may enter them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from documind.errors import Code, DocumindError
from documind.ids import new_random_id, normalised_name
from documind.stores.items import (
    VERSION,
    Item,
    get_item,
    is_refused,
    put_if_absent,
    query_items,
    room_key,
    transact,
    user_key,
)
from documind.wire import Role, Room

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

MAX_BATCH_GET = 100  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html


class Rooms:
    """Rooms in the table `rooms`: `META` and `MEMBER#…` below the room, `NAME#…` and `ROOM#…` below the user."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def open_by_name(self, user_id: str, name: str) -> Room:
        """Return the user's room of this name; it is made, with the user as its owner, when there is none."""
        by_name = {"pk": user_key(user_id), "sk": f"NAME#{normalised_name(name)}"}
        found = get_item(self._table, **by_name)
        if found is None:
            try:
                return self._create(user_id, name, by_name)
            except ClientError as error:
                if not is_refused(error):
                    raise
            found = get_item(self._table, **by_name)  # another connection made it in between
        if found is None:
            raise DocumindError(Code.ROOM_NOT_FOUND)
        return self.open(found["chat_id"], user_id)

    def open(self, chat_id: str, user_id: str) -> Room:
        """Return the room as this member sees it.

        Raises DocumindError(ROOM_NOT_FOUND) for a room that is not there, being deleted, or not the user's: these
        three are not told apart, so that ids cannot be probed.
        """
        role = self.role_of(chat_id, user_id)
        meta = get_item(self._table, pk=room_key(chat_id), sk="META")
        if meta is None or meta["state"] != "active":
            raise DocumindError(Code.ROOM_NOT_FOUND)
        return Room(chat_id=chat_id, name=meta["name"], role=role)

    def role_of(self, chat_id: str, user_id: str) -> Role:
        """Return the role of a member; raises DocumindError(ROOM_NOT_FOUND) for anybody else."""
        member = get_item(self._table, pk=room_key(chat_id), sk=f"MEMBER#{user_id}")
        if member is None:
            raise DocumindError(Code.ROOM_NOT_FOUND)
        role: Role = member["role"]
        return role

    def of_user(self, user_id: str) -> list[Room]:
        """Return the rooms of a user, ordered by name."""
        condition = Key("pk").eq(user_key(user_id)) & Key("sk").begins_with("ROOM#")
        roles = {item["chat_id"]: item["role"] for item in query_items(self._table, KeyConditionExpression=condition)}
        rooms = [
            Room(chat_id=meta["chat_id"], name=meta["name"], role=roles[meta["chat_id"]])
            for meta in self._metas(list(roles))
            if meta["state"] == "active"
        ]
        return sorted(rooms, key=lambda room: normalised_name(room.name))

    def _metas(self, chat_ids: list[str]) -> Iterator[Item]:
        client, name = self._table.meta.client, self._table.name
        for first in range(0, len(chat_ids), MAX_BATCH_GET):
            batch = chat_ids[first : first + MAX_BATCH_GET]
            wanted = {name: {"Keys": [{"pk": room_key(chat_id), "sk": "META"} for chat_id in batch]}}
            while wanted:
                wanted[name]["ConsistentRead"] = True  # type: ignore[assignment]
                answer = client.batch_get_item(RequestItems=wanted)  # type: ignore[arg-type]
                yield from answer["Responses"][name]
                wanted = answer["UnprocessedKeys"]  # type: ignore[assignment]

    def _create(self, user_id: str, name: str, by_name: dict[str, str]) -> Room:
        chat_id = new_random_id()
        room, user = room_key(chat_id), user_key(user_id)
        items: list[Item] = [
            {**by_name, "chat_id": chat_id},
            {"pk": room, "sk": "META", "chat_id": chat_id, "name": name, "owner": user_id, "state": "active"},
            {"pk": room, "sk": f"MEMBER#{user_id}", "role": "owner"},
            {"pk": user, "sk": f"ROOM#{chat_id}", "chat_id": chat_id, "role": "owner"},
        ]
        transact(self._table, *(put_if_absent(self._table, {**item, "version": VERSION}) for item in items))
        return Room(chat_id=chat_id, name=name, role="owner")
