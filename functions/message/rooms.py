"""Leaving and listing rooms, and reading their history."""

from collections.abc import Sequence

from documind import wire
from documind.stores.conversation import Question
from documind.stores.rooms import sort_key
from message.services import Caller, Services


def leave(services: Services, caller: Caller, _frame: wire.Leave) -> None:
    """Close the room on this connection, and broadcast the members if the user has no other connection in it."""
    left = services.connections.leave(caller.connection_id)
    services.reply(caller, wire.Pong())
    if left:
        services.broadcast_departure(left, caller.user.user_id)


def list_rooms(services: Services, caller: Caller, frame: wire.RoomList) -> None:
    """Answer with the page of the user's rooms that begins after the cursor `after`, as many as fit a frame."""
    rooms = [room for room in services.rooms.of_user(caller.user.user_id) if sort_key(room) > frame.after]
    page = rooms[: fitting(rooms, wire.MAX_SNAPSHOT_BYTES)]
    following = sort_key(page[-1]) if len(page) < len(rooms) else None
    services.reply(caller, wire.Rooms(rooms=page, next=following))


def history(services: Services, caller: Caller, frame: wire.History) -> None:
    """Answer with the page of messages before the cursor `before`."""
    services.reply(caller, history_page(services, caller.chat_id, frame.before))


def text_so_far(question: Question, after: int) -> wire.Delta:
    """Return the text of an open answer from code point `after` on."""
    return wire.Delta(
        chat_id=question.chat_id,
        question_id=question.question_id,
        epoch=question.epoch,
        after=after,
        seq=question.seq,
        text=question.text[after:],
    )


def history_page(services: Services, chat_id: str, before: str | None) -> wire.HistoryFrame:
    """Return the newest messages before a message id (None: of all), as many as fit a frame and at least one."""
    messages, more = services.history.page(chat_id, before=before)
    shown = messages[-max(fitting(messages[::-1], wire.MAX_SNAPSHOT_BYTES), 1) :]
    more = more or len(shown) < len(messages)
    return wire.HistoryFrame(chat_id=chat_id, messages=shown, next=shown[0].message_id if more else None)


def fitting(records: Sequence[wire.WireModel], max_bytes: int) -> int:
    """Return how many of the first records fit into `max_bytes` of JSON."""
    size = 0
    for count, record in enumerate(records):
        size += len(record.model_dump_json().encode()) + 1
        if size > max_bytes:
            return count
    return len(records)


def size_bytes(records: Sequence[wire.WireModel]) -> int:
    """Return the length of the records in a frame."""
    return sum(len(record.model_dump_json().encode()) + 1 for record in records)
