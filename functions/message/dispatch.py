"""The dispatch table: which use case answers which frame, and which role a member needs to send it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from documind import wire
from documind.errors import Code, NotAllowedError
from message import documents, erasing, opening, questions, rooms, sharing
from message.services import Caller, Services

UseCase = Callable[[Services, Caller, Any], None]

USE_CASES: dict[type[wire.ClientFrame], UseCase] = {
    wire.Open: opening.open_room,
    wire.Leave: rooms.leave,
    wire.RoomList: rooms.list_rooms,
    wire.RoomJoin: sharing.join,
    wire.RoomDelete: erasing.delete_room,
    wire.AccountDelete: erasing.delete_account,
    wire.ReceiptList: erasing.list_receipts,
    wire.Ping: lambda services, caller, _frame: services.reply(caller, wire.Pong()),
    wire.Ask: questions.ask,
    wire.History: rooms.history,
    wire.Stop: questions.stop,
    wire.Resume: questions.resume,
    wire.Why: questions.why,
    wire.Upload: documents.upload,
    wire.DocumentView: documents.view,
    wire.DocumentDelete: documents.delete,
    wire.DocumentRetry: documents.retry,
    wire.RoomRename: sharing.rename,
    wire.RoomInvite: sharing.invite,
    wire.RoomUnshare: sharing.unshare,
}


def answer(services: Services, caller: Caller, frame: wire.ClientFrame) -> None:
    """Check that the caller may send this frame, and run its use case.

    The role is read from DynamoDB for every frame about a room, so a removed member is refused at once. `ask` is not
    checked here: the transaction that stores the question checks the membership.

    Raises DocumindError: ROOM_NOT_FOUND, READ_ONLY, NOT_OWNER, and the errors of the use case.
    """
    caller = replace(caller, request_id=frame.request_id)
    if not isinstance(frame, wire.RoomClientFrame) or isinstance(frame, wire.Ask):
        USE_CASES[type(frame)](services, caller, frame)
        return
    role = services.rooms.get(frame.chat_id, caller.user.user_id).role
    if frame.owner_only and role != "owner":
        raise NotAllowedError(Code.NOT_OWNER)
    if frame.writes and role == "reader":
        raise NotAllowedError(Code.READ_ONLY)
    USE_CASES[type(frame)](services, replace(caller, chat_id=frame.chat_id, role=role), frame)
