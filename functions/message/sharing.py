"""The frames about sharing a room: rename, invite, join and unshare."""

from contextlib import suppress

from documind import wire
from documind.errors import Code, InvalidRequestError, NotAllowedError, NotFoundError
from documind.ids import is_plain_name
from message.services import Caller, Services


def rename(services: Services, caller: Caller, frame: wire.RoomRename) -> None:
    """Rename the room and post it to every connection in it, each with the role of its user."""
    chat_id = caller.chat_id
    check_name(frame.name)
    services.rooms.rename(chat_id, caller.user.user_id, frame.name)
    room = services.rooms.get(chat_id, caller.user.user_id)
    services.reply(caller, wire.RoomChanged(chat_id=chat_id, room=room))
    roles = {member.user_id: member.role for member in services.members.of_room(chat_id)}
    for connection in services.connections.of_room(chat_id):
        if connection.connection_id != caller.connection_id and connection.user.user_id in roles:
            seen = room.model_copy(update={"role": roles[connection.user.user_id]})
            services.sockets.post(connection.connection_id, wire.RoomChanged(chat_id=chat_id, room=seen))


def check_name(name: str) -> None:
    """Raise InvalidRequestError(NAME_INVALID) unless `is_plain_name` holds."""
    if not is_plain_name(name):
        raise InvalidRequestError(Code.NAME_INVALID)


def invite(services: Services, caller: Caller, frame: wire.RoomInvite) -> None:
    """Give the user of a login name a role and post the room to them; without a name, answer with an invitation."""
    if frame.name is None:
        token, expires_at = services.members.invite(caller.chat_id, frame.role)
        ids = {"chat_id": caller.chat_id, "token": token}
        services.reply(caller, wire.Invitation(**ids, role=frame.role, expires_at=expires_at))
        return
    user = services.accounts.find(frame.name)
    if user is None:
        raise NotFoundError(Code.USER_NOT_FOUND)
    services.members.set_role(caller.chat_id, user, frame.role)
    with suppress(NotFoundError):  # the user has left in between
        changed = wire.RoomChanged(chat_id=caller.chat_id, room=services.rooms.get(caller.chat_id, user.user_id))
        services.sockets.post_to_listed(caller.chat_id, services.connections.of_user(user.user_id), changed)
    _answer_with_members(services, caller)


def join(services: Services, caller: Caller, frame: wire.RoomJoin) -> None:
    """Make the caller a member by the token of an invitation."""
    chat_id = services.members.join(frame.token, caller.user)
    room = services.rooms.get(chat_id, caller.user.user_id)
    services.reply(caller, wire.RoomChanged(chat_id=chat_id, room=room))
    services.broadcast_members(chat_id)


def unshare(services: Services, caller: Caller, frame: wire.RoomUnshare) -> None:
    """End the caller's own membership, or, as the owner, remove another user and bar them from the room.

    The connections of the removed user are closed at once. All invitations of the room are withdrawn, because the
    removed user may hold a link and join with another account.
    """
    chat_id = caller.chat_id
    if frame.user_id == caller.user.user_id:
        _leave_for_good(services, caller, frame)
        return
    if caller.role != "owner":
        raise NotAllowedError(Code.NOT_OWNER)
    services.members.remove(chat_id, frame.user_id)
    services.close_connections(chat_id, "removed", user_id=frame.user_id)
    services.members.withdraw_invitations(chat_id)
    _answer_with_members(services, caller)


def _leave_for_good(services: Services, caller: Caller, frame: wire.RoomUnshare) -> None:
    chat_id = caller.chat_id
    services.members.leave(chat_id, frame.user_id)
    services.close_connections(chat_id, "removed", user_id=frame.user_id, but=caller.connection_id)
    services.reply(caller, wire.Closed(chat_id=chat_id, reason="removed"))
    services.broadcast_members(chat_id)


def _answer_with_members(services: Services, caller: Caller) -> None:
    members, connections = services.members.read(caller.chat_id)
    services.reply(caller, members)
    services.post_members(members, connections, but=caller.connection_id)
