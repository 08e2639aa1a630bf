"""Opening, leaving and listing rooms, and reading their history."""

from collections.abc import Sequence

from documind.stores.conversation import Question
from documind.stores.rooms import sort_key
from documind.wire import (
    MAX_SNAPSHOT_BYTES,
    ActiveQuestion,
    Delta,
    DocumentFrame,
    History,
    HistoryPage,
    Leave,
    Message,
    Open,
    Opened,
    Pong,
    Room,
    RoomList,
    Rooms,
    WireModel,
)
from message.services import Caller, Services
from message.sharing import tell_members

MAX_ACTIVE = 50  # of the questions under way, as many are shown to who opens the room
MAX_ACTIVE_BYTES = MAX_ACTIVE * 120
MAX_MEMBER_BYTES = MAX_SNAPSHOT_BYTES - MAX_ACTIVE_BYTES


def open_room(services: Services, caller: Caller, frame: Open) -> None:
    """Open a room on this connection: `opened`, what of it did not fit, `history`, the answers under way.

    The connection joins the fan-out list first, so that nothing said after the snapshot is missed. What changes
    between the reading and the posting of the snapshot is told too early, and so it is told again.
    """
    room = _room(services, caller, frame)
    chat_id = room.chat_id
    left = services.connections.enter(caller.connection_id, chat_id)
    active = _still_open(services, chat_id)[-MAX_ACTIVE:]
    members = services.members.frame_of(chat_id)
    shown_members = members.members[: _fitting(members.members, MAX_MEMBER_BYTES)]
    documents = [document.to_wire() for document in services.documents.list(chat_id)]
    shown = documents[: _fitting(documents, MAX_SNAPSHOT_BYTES - _size(shown_members) - MAX_ACTIVE_BYTES)]
    opened = Opened(
        request_id=frame.request_id,
        chat_id=chat_id,
        name=room.name,
        role=room.role,
        user=caller.user,
        documents=shown,
        members=shown_members,
        active=[ActiveQuestion(question_id=each.question_id, deadline=each.deadline) for each in active],
        limits=services.limits,
    )
    services.sockets.post(caller.connection_id, opened)
    if len(shown_members) < len(members.members):
        services.sockets.post(caller.connection_id, members)
    for document in documents[len(shown) :]:
        services.sockets.post(caller.connection_id, DocumentFrame(chat_id=chat_id, document=document))
    services.sockets.post(caller.connection_id, _page(services, chat_id, None))
    for question in active:
        services.sockets.post(caller.connection_id, text_so_far(question, 0))
    for stored in services.documents.list(chat_id):
        if (document := stored.to_wire()) not in documents:
            services.sockets.post(caller.connection_id, DocumentFrame(chat_id=chat_id, document=document))
    now = services.members.frame_of(chat_id)
    services.sockets.post_to_room(chat_id, now, but=caller.connection_id if now.members == members.members else None)
    if left:
        tell_members(services, left)


def leave(services: Services, caller: Caller, frame: Leave) -> None:
    """Close the room on this connection and tell the others."""
    left = services.connections.leave(caller.connection_id)
    services.sockets.post(caller.connection_id, Pong(request_id=frame.request_id))
    if left:
        tell_members(services, left)


def list_rooms(services: Services, caller: Caller, frame: RoomList) -> None:
    """Answer with the rooms of the user behind a place in their order, as many as fit."""
    rooms = [room for room in services.rooms.of_user(caller.user.user_id) if sort_key(room) > frame.after]
    page = rooms[: _fitting(rooms, MAX_SNAPSHOT_BYTES)]
    following = sort_key(page[-1]) if len(page) < len(rooms) else None
    services.sockets.post(caller.connection_id, Rooms(request_id=frame.request_id, rooms=page, next=following))


def history(services: Services, caller: Caller, frame: History) -> None:
    """Answer with the messages before one."""
    page = _page(services, caller.chat_id, frame.before)
    services.sockets.post(caller.connection_id, page.model_copy(update={"request_id": frame.request_id}))


def text_so_far(question: Question, after: int) -> Delta:
    """Return what an answer under way holds behind `after`."""
    return Delta(
        chat_id=question.chat_id,
        question_id=question.question_id,
        epoch=question.epoch,
        after=after,
        seq=question.seq,
        text=question.text[after:],
    )


def _room(services: Services, caller: Caller, frame: Open) -> Room:
    if frame.chat_id is not None:
        return services.rooms.get(frame.chat_id, caller.user.user_id)
    return services.rooms.open_by_name(caller.user, frame.room or "")


def _still_open(services: Services, chat_id: str) -> list[Question]:
    """Return the questions that have not ended; one past its deadline is ended now."""
    still = []
    for question in services.questions.open_in(chat_id):
        message = services.questions.end_overdue(question)
        services.sockets.post_message(chat_id, message)
        if message is None:
            still.append(question)
    return still


def _page(services: Services, chat_id: str, before: str | None) -> HistoryPage:
    messages, more = services.history.page(chat_id, before=before)
    fitting = _newest_fitting(messages)
    more = more or len(fitting) < len(messages)
    return HistoryPage(chat_id=chat_id, messages=fitting, next=fitting[0].message_id if more else None)


def _newest_fitting(messages: list[Message]) -> list[Message]:
    return messages[-max(_fitting(messages[::-1], MAX_SNAPSHOT_BYTES), 1) :]


def _fitting(records: Sequence[WireModel], max_bytes: int) -> int:
    """Return how many of the records, from the first on, fit."""
    size = 0
    for count, record in enumerate(records):
        size += len(record.model_dump_json().encode()) + 1
        if size > max_bytes:
            return count
    return len(records)


def _size(records: Sequence[WireModel]) -> int:
    return sum(len(record.model_dump_json().encode()) + 1 for record in records)
