"""Opening a room: join the fan-out list, post the snapshot, replay open answers, announce presence."""

from dataclasses import dataclass

from documind import wire
from documind.stores.connections import Connection
from documind.stores.conversation import Question
from message.rooms import fitting, history_page, size_bytes, text_so_far
from message.services import Caller, Services
from message.sharing import check_name

MAX_ACTIVE = 50  # questions under way that a snapshot names
MAX_ACTIVE_BYTES = MAX_ACTIVE * 120  # 120 bytes for an entry of `active`
MAX_MEMBER_BYTES = wire.MAX_SNAPSHOT_BYTES - MAX_ACTIVE_BYTES


@dataclass(frozen=True)
class Snapshot:
    """What was read of a room before `opened` was posted."""

    room: wire.Room
    documents: list[wire.Document]
    members: wire.Members
    active: list[Question]


def open_room(services: Services, caller: Caller, frame: wire.Open) -> None:
    """Open a room on this connection: post `opened`, the records that did not fit it, `history`, and open answers.

    The connection joins the fan-out list before the snapshot is read, so it gets every later broadcast. A broadcast
    between reading and posting the snapshot reaches the client before `opened`, which overwrites it; `_replay` and
    `_announce` therefore read documents and members again and post those that have changed. Questions are likely now,
    so what answers them is warmed up.
    """
    room = _room(services, caller, frame)
    left = services.connections.enter(caller.connection_id, room.chat_id)
    snapshot = _read(services, room)
    _show(services, caller, snapshot)
    _replay(services, caller, snapshot)
    _announce(services, caller, snapshot)
    if left:
        services.broadcast_departure(left, caller.user.user_id)
    if not frame.again:
        services.answer_function.warm()


def _room(services: Services, caller: Caller, frame: wire.Open) -> wire.Room:
    if frame.chat_id is not None:
        return services.rooms.get(frame.chat_id, caller.user.user_id)
    check_name(frame.room or "")
    return services.rooms.open_by_name(caller.user, frame.room or "")


def _read(services: Services, room: wire.Room) -> Snapshot:
    active = _still_open(services, room.chat_id)[-MAX_ACTIVE:]
    members, _ = services.members.read(room.chat_id)
    return Snapshot(room, _documents(services, room.chat_id), members, active)


def _documents(services: Services, chat_id: str) -> list[wire.Document]:
    return [document.to_wire() for document in services.documents.list(chat_id)]


def _still_open(services: Services, chat_id: str) -> list[Question]:
    """Return the questions that have not ended; one past its deadline is ended now."""
    still_open = []
    for question in services.questions.open_in(chat_id):
        message = services.questions.end_overdue(question)
        services.broadcast_end(question, message)
        if message is None:
            still_open.append(question)
    return still_open


def _show(services: Services, caller: Caller, snapshot: Snapshot) -> None:
    """Post the snapshot: `opened` with the records that fit one frame, then `members` and `document` with the rest."""
    room, members, documents = snapshot.room, snapshot.members.members, snapshot.documents
    shown_members = members[: fitting(members, MAX_MEMBER_BYTES)]
    left_bytes = wire.MAX_SNAPSHOT_BYTES - size_bytes(shown_members) - MAX_ACTIVE_BYTES
    shown_documents = documents[: fitting(documents, left_bytes)]
    opened = wire.Opened(
        chat_id=room.chat_id,
        name=room.name,
        role=room.role,
        user=caller.user,
        documents=shown_documents,
        members=shown_members,
        active=[wire.ActiveQuestion(question_id=each.question_id, deadline=each.deadline) for each in snapshot.active],
        limits=services.limits,
    )
    services.reply(caller, opened)
    if len(shown_members) < len(members):
        services.sockets.post(caller.connection_id, snapshot.members)
    for document in documents[len(shown_documents) :]:
        services.sockets.post(caller.connection_id, wire.DocumentFrame(chat_id=room.chat_id, document=document))


def _replay(services: Services, caller: Caller, snapshot: Snapshot) -> None:
    """Post the newest messages, the texts of open answers, and the documents that changed since the snapshot."""
    chat_id = snapshot.room.chat_id
    services.sockets.post(caller.connection_id, history_page(services, chat_id, None))
    for question in snapshot.active:
        services.sockets.post(caller.connection_id, text_so_far(question, 0))
    for document in _documents(services, chat_id):
        if document not in snapshot.documents:
            services.sockets.post(caller.connection_id, wire.DocumentFrame(chat_id=chat_id, document=document))


def _announce(services: Services, caller: Caller, snapshot: Snapshot) -> None:
    """Post the members to this connection if they changed since the snapshot, and announce its user to the others."""
    chat_id = snapshot.room.chat_id
    members, connections = services.members.read(chat_id)
    if members.members != snapshot.members.members:
        services.sockets.post(caller.connection_id, members)
    if _announces_presence(caller, connections):
        services.post_members(members, connections, but=caller.connection_id)


def _announces_presence(caller: Caller, connections: list[Connection]) -> bool:
    """Return whether this is the user's oldest connection in the room.

    Presence is per user, so only the oldest connection announces it. Each connection is in the fan-out list before it
    reads that list: when two open at the same time, exactly one of them announces.
    """
    own = [each for each in connections if each.user.user_id == caller.user.user_id]
    oldest = min(own, key=lambda each: (each.expires_at, each.connection_id), default=None)
    return oldest is not None and oldest.connection_id == caller.connection_id
