"""Who belongs to a room: members, invitations, and the owner's last decision on each user.

A member is two items, `ROOM#c/MEMBER#u` and `USER#u/ROOM#c`, and is counted in `META`. The item `ROOM#c/GRANT#u`,
copied as `USER#u/GRANT#c`, holds the owner's last decision on a user, member or not: the role given by login name, or
`removed`. An invitation gives at most that role. These items change in one transaction, refused unless the room is
active.
"""

import time
from typing import Literal

from documind.errors import Code, DocumindError, LimitExceededError, NotAllowedError, NotFoundError
from documind.ids import new_random_id
from documind.stores import keys
from documind.stores.accounts import account_is_open
from documind.stores.connections import Connection, ConnectionStore
from documind.stores.items import ABSENT, EXISTS, Item, ItemTable, Write, room_is_active
from documind.wire import Member, User
from documind.wire import Members as MembersFrame

MAX_MEMBERS = 50  # as many fit one frame, even with the longest names
INVITATION_S = 7 * 24 * 3600
DECISION_PART = 5  # index of `_if_decided` in the transaction of `join`

GivenRole = Literal["writer", "reader"]
Decision = Literal["writer", "reader", "removed"]


class MemberStore:
    """Members and invitations in the table `rooms`."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table
        self._connections = ConnectionStore(table)

    def of_room(self, chat_id: str) -> list[Member]:
        """Return all members, ordered by name; `here` marks those with a connection that has the room open."""
        return self.read(chat_id)[0].members

    def read(self, chat_id: str) -> tuple[MembersFrame, list[Connection]]:
        """Return the `members` frame of a room and the fan-out list; `as_of_ms` is the time before both were read."""
        as_of_ms = int(time.time() * 1000)
        connections = self._connections.of_room(chat_id)
        here = {connection.user.user_id for connection in connections}
        items = self._table.query(keys.MEMBER.all_of(chat_id=chat_id))
        members = sorted((_member(item, here) for item in items), key=lambda member: member.name)
        return MembersFrame(chat_id=chat_id, as_of_ms=as_of_ms, members=members), connections

    def set_role(self, chat_id: str, user: User, role: GivenRole) -> None:
        """Give a user this role, and make them a member if they are none; the owner's role does not change.

        Raises DocumindError: MEMBER_LIMIT, ROOM_NOT_FOUND if the room, USER_NOT_FOUND if the account is being deleted.
        """
        while True:
            found = self._table.get(**keys.MEMBER(chat_id=chat_id, user_id=user.user_id))
            if found is not None and found["role"] == "owner":
                return
            writes = self._changed(chat_id, user.user_id, role) if found else self._added(chat_id, user, role)
            refused = self._table.transact(*writes, *self._put_decisions(chat_id, user.user_id, role))
            if not refused:
                return
            if 0 not in refused:  # otherwise the user has joined or left in between
                raise self._why_not(chat_id, refused[0])

    def remove(self, chat_id: str, user_id: str) -> None:
        """Remove a user, member or not, and bar them from joining until the owner gives a role again.

        Raises DocumindError: OWNER_CANNOT_LEAVE for the owner, ROOM_NOT_FOUND if the room is being deleted.
        """
        while True:
            member = keys.MEMBER(chat_id=chat_id, user_id=user_id)
            absent = [self._table.check_part(member, ABSENT), room_is_active(self._table, chat_id)]
            writes = self._deleted(chat_id, user_id) if self._is_member(chat_id, user_id) else absent
            refused = self._table.transact(*writes, *self._put_decisions(chat_id, user_id, "removed"))
            if not refused:
                return
            if 0 not in refused:  # otherwise the user has joined or left in between
                raise NotFoundError(Code.ROOM_NOT_FOUND)

    def leave(self, chat_id: str, user_id: str, *counted: Write) -> bool:
        """End a membership at the user's own wish; they may join again. False without one, or in a room being deleted.

        `counted` is written in the same transaction.

        Raises NotAllowedError(OWNER_CANNOT_LEAVE) for the owner.
        """
        self._is_member(chat_id, user_id)
        return not self._table.transact(*self._deleted(chat_id, user_id), *counted)

    def invite(self, chat_id: str, role: GivenRole) -> tuple[str, int]:
        """Create an invitation for any number of people; return its token and when it expires (seconds since 1970).

        Raises NotFoundError(ROOM_NOT_FOUND) if the room is being deleted.
        """
        token, expires_at = new_random_id(), int(time.time()) + INVITATION_S
        listed: Item = {**keys.ROOM_INVITATION(chat_id=chat_id, token=token), "expires_at": expires_at}
        by_token = listed | keys.INVITATION(token=token) | {"chat_id": chat_id, "role": role}
        puts = (self._table.put_part(item, ABSENT) for item in (by_token, listed))
        if self._table.transact(room_is_active(self._table, chat_id), *puts):
            raise NotFoundError(Code.ROOM_NOT_FOUND)
        return token, expires_at

    def join(self, token: str, user: User) -> str:
        """Make a user a member by an invitation, with at most the role that the owner last gave; return the room id.

        An existing member keeps their role. Raises DocumindError: INVITATION_INVALID, REMOVED_BY_OWNER, MEMBER_LIMIT,
        ROOM_NOT_FOUND, USER_NOT_FOUND.
        """
        while True:
            invitation = self._table.get(**keys.INVITATION(token=token))
            if invitation is None or invitation["expires_at"] <= time.time():  # TTL deletes late
                raise NotAllowedError(Code.INVITATION_INVALID)
            chat_id: str = invitation["chat_id"]
            found = self._table.get(**keys.OWNER_DECISION(chat_id=chat_id, user_id=user.user_id))
            decision: Decision | None = found["granted"] if found else None
            if decision == "removed":
                raise NotAllowedError(Code.REMOVED_BY_OWNER)
            role: GivenRole = "reader" if "reader" in (decision, invitation["role"]) else "writer"
            refused = self._table.transact(
                *self._added(chat_id, user, role),
                self._table.check_part(keys.INVITATION(token=token), EXISTS),
                self._if_decided(chat_id, user.user_id, decision),
            )
            if not refused or 0 in refused:
                return chat_id
            if refused != [DECISION_PART]:  # otherwise the owner's decision has changed in between
                raise self._why_not(chat_id, refused[0])

    def withdraw_invitations(self, chat_id: str) -> None:
        """Delete all invitations of a room."""
        for item in self._table.query(keys.ROOM_INVITATION.all_of(chat_id=chat_id)):
            ids = keys.ROOM_INVITATION.ids_in(item)
            for key in (keys.INVITATION(**ids), keys.ROOM_INVITATION(**ids)):
                self._table.remove(key)

    def forget(self, user_id: str) -> None:
        """Delete what the owners of rooms have decided on a user whose account is being deleted."""
        decided = [
            keys.USER_DECISION.ids_in(each) for each in self._table.query(keys.USER_DECISION.all_of(user_id=user_id))
        ]
        self._table.remove_all(key(**ids) for key in (keys.OWNER_DECISION, keys.USER_DECISION) for ids in decided)

    def _is_member(self, chat_id: str, user_id: str) -> bool:
        found = self._table.get(**keys.MEMBER(chat_id=chat_id, user_id=user_id))
        if found is not None and found["role"] == "owner":
            raise NotAllowedError(Code.OWNER_CANNOT_LEAVE)
        return found is not None

    def _added(self, chat_id: str, user: User, role: GivenRole) -> list[Write]:
        member, room = self._keys(chat_id, user.user_id)
        return [
            self._table.put_part({**member, "role": role, "name": user.name}, ABSENT),
            account_is_open(self._table, user.user_id),
            self._count(chat_id, 1),
            self._table.put_part({**room, "chat_id": chat_id, "role": role}, ABSENT),
        ]

    def _changed(self, chat_id: str, user_id: str, role: GivenRole) -> list[Write]:
        member, room = self._keys(chat_id, user_id)
        change = "SET #role = :role"
        return [
            self._table.update_part(member, change, EXISTS, role=role),
            account_is_open(self._table, user_id),
            room_is_active(self._table, chat_id),
            self._table.update_part(room, change, EXISTS, role=role),
        ]

    def _deleted(self, chat_id: str, user_id: str) -> list[Write]:
        deletes = [self._table.delete_part(key, EXISTS) for key in self._keys(chat_id, user_id)]
        return [*deletes, self._count(chat_id, -1)]

    def _put_decisions(self, chat_id: str, user_id: str, decision: Decision) -> list[Write]:
        both = (key(chat_id=chat_id, user_id=user_id) for key in (keys.OWNER_DECISION, keys.USER_DECISION))
        return [self._table.put_part({**key, "granted": decision}) for key in both]

    def _if_decided(self, chat_id: str, user_id: str, decision: Decision | None) -> Write:
        key = keys.OWNER_DECISION(chat_id=chat_id, user_id=user_id)
        if decision is None:
            return self._table.check_part(key, ABSENT)
        return self._table.check_part(key, "granted = :granted", granted=decision)

    def _count(self, chat_id: str, by: int) -> Write:
        room, change, condition = keys.ROOM(chat_id=chat_id), "ADD members :by", "#state = :active"
        if by < 0:
            return self._table.update_part(room, change, condition, by=by, active="active")
        condition += " AND members < :most"
        return self._table.update_part(room, change, condition, by=by, active="active", most=MAX_MEMBERS)

    def _why_not(self, chat_id: str, refused_part: int) -> DocumindError:
        if refused_part == 1:
            return NotFoundError(Code.USER_NOT_FOUND)
        meta = self._table.get(**keys.ROOM(chat_id=chat_id))
        if meta is None or meta["state"] != "active":
            return NotFoundError(Code.ROOM_NOT_FOUND)
        if meta["members"] >= MAX_MEMBERS:
            return LimitExceededError(Code.MEMBER_LIMIT, limit=MAX_MEMBERS)
        return NotAllowedError(Code.INVITATION_INVALID)

    def _keys(self, chat_id: str, user_id: str) -> tuple[keys.Key, keys.Key]:
        ids = {"chat_id": chat_id, "user_id": user_id}
        return keys.MEMBER(**ids), keys.MEMBERSHIP(**ids)


def may_write(table: ItemTable, chat_id: str, user_id: str) -> Write:
    """Return the condition check that refuses a transaction unless the user may write in this room."""
    member = keys.MEMBER(chat_id=chat_id, user_id=user_id)
    return table.check_part(member, "#role IN (:owner, :writer)", owner="owner", writer="writer")


def _member(item: Item, here: set[str]) -> Member:
    user_id = keys.MEMBER.ids_in(item)["user_id"]
    return Member(user_id=user_id, name=item["name"], role=item["role"], here=user_id in here)
