"""Opening and leaving rooms, and reading their history."""

import time

from documind.stores.conversation import Question
from documind.wire import (
    MAX_SNAPSHOT_BYTES,
    ActiveQuestion,
    Delta,
    Document,
    DocumentFrame,
    History,
    HistoryPage,
    Leave,
    Member,
    Members,
    Message,
    Open,
    Opened,
    Pong,
    Room,
    RoomList,
    Rooms,
)
from message.services import Caller, Services

PAGE_MESSAGES = 50


def open_room(services: Services, caller: Caller, frame: Open) -> None:
    """Open a room on this connection: `opened`, the documents that did not fit, `history`, the answers under way.

    The connection joins the fan-out list first, so that nothing said after the snapshot is missed.
    """
    room = _room(services, caller, frame)
    chat_id = room.chat_id
    member = Member(user_id=caller.user.user_id, name=caller.user.name, role=room.role, here=True)
    left = services.connections.enter(caller.connection_id, chat_id, member)
    active = _still_open(services, chat_id)
    documents = [document.to_wire() for document in services.documents.list(chat_id)]
    fitting, rest = _split(documents)
    opened = Opened(
        request_id=frame.request_id,
        chat_id=chat_id,
        name=room.name,
        role=room.role,
        user=caller.user,
        documents=fitting,
        members=services.connections.members_here(chat_id),
        active=[ActiveQuestion(question_id=each.question_id, deadline=each.deadline) for each in active],
        limits=services.limits,
        server_time=int(time.time()),
    )
    services.sockets.post(caller.connection_id, opened)
    for document in rest:
        services.sockets.post(caller.connection_id, DocumentFrame(chat_id=chat_id, document=document))
    services.sockets.post(caller.connection_id, _page(services, chat_id, None))
    for question in active:
        services.sockets.post(caller.connection_id, text_so_far(chat_id, question, 0))
    _tell_members(services, chat_id, but=caller.connection_id)
    if left:
        _tell_members(services, left)


def leave(services: Services, caller: Caller, frame: Leave) -> None:
    """Close the room on this connection and tell the others."""
    left = services.connections.leave(caller.connection_id)
    services.sockets.post(caller.connection_id, Pong(request_id=frame.request_id))
    if left:
        _tell_members(services, left)


def list_rooms(services: Services, caller: Caller, frame: RoomList) -> None:
    """Answer with the rooms of the user."""
    rooms = services.rooms.of_user(caller.user.user_id)
    services.sockets.post(caller.connection_id, Rooms(request_id=frame.request_id, rooms=rooms))


def history(services: Services, caller: Caller, frame: History) -> None:
    """Answer with the messages before one."""
    page = _page(services, caller.chat_id, frame.before)
    services.sockets.post(caller.connection_id, page.model_copy(update={"request_id": frame.request_id}))


def text_so_far(chat_id: str, question: Question, after: int) -> Delta:
    """Return what an answer under way holds behind `after`."""
    return Delta(
        chat_id=chat_id,
        question_id=question.question_id,
        epoch=question.epoch,
        after=after,
        seq=question.seq,
        text=question.text[after:],
    )


def _room(services: Services, caller: Caller, frame: Open) -> Room:
    if frame.chat_id is not None:
        return services.rooms.open(frame.chat_id, caller.user.user_id)
    return services.rooms.open_by_name(caller.user.user_id, frame.room or "")


def _still_open(services: Services, chat_id: str) -> list[Question]:
    """Return the questions that have not ended; one past its deadline is ended now."""
    still = []
    for question in services.questions.open_in(chat_id):
        message = services.questions.end_overdue(chat_id, question)
        services.sockets.post_message(chat_id, message)
        if message is None:
            still.append(question)
    return still


def _page(services: Services, chat_id: str, before: str | None) -> HistoryPage:
    messages, more = services.history.page(chat_id, before=before, limit=PAGE_MESSAGES)
    fitting = _newest_fitting(messages)
    more = more or len(fitting) < len(messages)
    return HistoryPage(chat_id=chat_id, messages=fitting, next=fitting[0].message_id if more else None)


def _newest_fitting(messages: list[Message]) -> list[Message]:
    size = 0
    for index in range(len(messages) - 1, -1, -1):
        size += len(messages[index].model_dump_json().encode())
        if size > MAX_SNAPSHOT_BYTES and index < len(messages) - 1:
            return messages[index + 1 :]
    return messages


def _split(documents: list[Document]) -> tuple[list[Document], list[Document]]:
    """Return the documents that fit into `opened`, and the others."""
    size = 0
    for index, document in enumerate(documents):
        size += len(document.model_dump_json().encode())
        if size > MAX_SNAPSHOT_BYTES:
            return documents[:index], documents[index:]
    return documents, []


def _tell_members(services: Services, chat_id: str, *, but: str | None = None) -> None:
    members = Members(chat_id=chat_id, members=services.connections.members_here(chat_id))
    services.sockets.post_to_room(chat_id, members, but=but)
