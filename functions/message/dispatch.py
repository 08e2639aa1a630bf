"""The dispatch table: which use case answers which frame, and which role a member needs to send it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from documind.errors import Code, DocumindError
from documind.wire import (
    AccountDelete,
    Ask,
    ClientFrame,
    DocumentDelete,
    DocumentRetry,
    DocumentView,
    History,
    Leave,
    Open,
    Ping,
    Pong,
    ReceiptList,
    Resume,
    RoomClientFrame,
    RoomDelete,
    RoomInvite,
    RoomJoin,
    RoomList,
    RoomRename,
    RoomUnshare,
    Stop,
    Upload,
    Why,
)
from message import documents, erasing, opening, questions, rooms, sharing
from message.services import Caller, Services


def ping(services: Services, caller: Caller, frame: Ping) -> None:
    """Answer with `pong`."""
    services.sockets.post(caller.connection_id, Pong(request_id=frame.request_id))


UseCase = Callable[[Services, Caller, Any], None]

CHECKING_BY_THEMSELVES: dict[type[ClientFrame], UseCase] = {
    Open: opening.open_room,
    Leave: rooms.leave,
    RoomList: rooms.list_rooms,
    RoomJoin: sharing.join,
    RoomDelete: erasing.delete_room,
    AccountDelete: erasing.delete_account,
    ReceiptList: erasing.list_receipts,
    Ping: ping,
    Ask: questions.ask,
}
IN_A_ROOM: dict[type[RoomClientFrame], UseCase] = {
    History: rooms.history,
    Stop: questions.stop,
    Resume: questions.resume,
    Why: questions.why,
    Upload: documents.upload,
    DocumentView: documents.view,
    DocumentDelete: documents.delete,
    DocumentRetry: documents.retry,
    RoomRename: sharing.rename,
    RoomInvite: sharing.invite,
    RoomUnshare: sharing.unshare,
}


def answer(services: Services, caller: Caller, frame: ClientFrame) -> None:
    """Check that the caller may send this frame, and run its use case.

    The role is read from DynamoDB for every frame about a room, so a removed member is refused at once. `ask` is not
    checked here: the transaction that stores the question checks the membership.

    Raises DocumindError: ROOM_NOT_FOUND, READ_ONLY, NOT_OWNER, and the errors of the use case.
    """
    if not isinstance(frame, RoomClientFrame) or isinstance(frame, Ask):
        CHECKING_BY_THEMSELVES[type(frame)](services, caller, frame)
        return
    role = services.rooms.get(frame.chat_id, caller.user.user_id).role
    if frame.owner_only and role != "owner":
        raise DocumindError(Code.NOT_OWNER)
    if frame.writes and role == "reader":
        raise DocumindError(Code.READ_ONLY)
    IN_A_ROOM[type(frame)](services, replace(caller, chat_id=frame.chat_id, role=role), frame)
