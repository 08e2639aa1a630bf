"""The frames a client sends; each is a route of the WebSocket API."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator
from pydantic.config import JsonDict

from documind.limits import MAX_ROOM_DOCUMENTS
from documind.wire.records import Count, FileName, Id, LoginName, Name, PositiveCount, Sha256, Text, WireModel


class ClientFrame(WireModel):
    """A frame sent by a client; every reply to it echoes `request_id`."""

    request_id: Id
    writes: ClassVar[bool] = False  # refused to readers
    owner_only: ClassVar[bool] = False


class RoomClientFrame(ClientFrame):
    """A frame about one room, which need not be open on this connection; its sender must be a member."""

    chat_id: Id


def _given(field: str) -> JsonDict:
    return {"required": [field], "properties": {field: {"type": "string"}}}


class Open(ClientFrame):
    """Open a room by its name (created if new) or by its id; answered with `opened` and `history`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_given("room"), _given("chat_id")]})
    type: Literal["open"] = "open"
    room: Name | None = None
    chat_id: Id | None = None
    again: bool = False  # after a reconnection: the room was open, so nothing is warmed up for it

    @model_validator(mode="after")
    def _one_of_both(self) -> "Open":
        if (self.room is None) == (self.chat_id is None):
            raise ValueError("give either room or chat_id")
        return self


class Leave(ClientFrame):
    """Close the room on this connection; answered with `pong`."""

    type: Literal["leave"] = "leave"


class History(RoomClientFrame):
    """Ask for the messages before `before` (a message id), newest first; answered with `history`."""

    type: Literal["history"] = "history"
    before: Id


class Ask(RoomClientFrame):
    """Ask a question; `question_id`, made by the client, is its idempotency key. Answered with `accepted`."""

    type: Literal["ask"] = "ask"
    writes: ClassVar[bool] = True
    question_id: Id
    text: Text
    document_ids: Annotated[list[Id], Field(max_length=MAX_ROOM_DOCUMENTS)] | None = None


class Stop(RoomClientFrame):
    """Stop the answer to a question, which then ends as `stopped`; answered with `accepted`, or `message` if ended."""

    type: Literal["stop"] = "stop"
    writes: ClassVar[bool] = True
    question_id: Id


class Resume(RoomClientFrame):
    """Ask for the text of an answer after `seq`; answered with `delta`, or with the final `message`."""

    type: Literal["resume"] = "resume"
    question_id: Id
    epoch: Count = 0
    seq: Count = 0


class Why(RoomClientFrame):
    """Ask how an answer was made; answered with `why`."""

    type: Literal["why"] = "why"
    question_id: Id


class Upload(RoomClientFrame):
    """Register a PDF; answered with `upload`, whose `url` takes the file by a presigned POST."""

    type: Literal["upload"] = "upload"
    writes: ClassVar[bool] = True
    name: FileName
    size: Count  # in bytes; the file must have exactly this size
    sha256: Sha256


class DocumentView(RoomClientFrame):
    """Ask for a link to a PDF and for the text of one passage; answered with `view`."""

    type: Literal["document.view"] = "document.view"
    document_id: Id
    page: PositiveCount = 1
    start: Count = 0
    end: Count = 0


class DocumentDelete(RoomClientFrame):
    """Erase a document in any state; answered with `receipt` at once, and again when the erasure is complete.

    The room gets `document` twice, with status `deleting` at once and `deleted` at the end.
    """

    type: Literal["document.delete"] = "document.delete"
    writes: ClassVar[bool] = True
    document_id: Id


class DocumentRetry(RoomClientFrame):
    """Have a failed document read again; its pages are charged to the sender's budget. Answered with `document`."""

    type: Literal["document.retry"] = "document.retry"
    writes: ClassVar[bool] = True
    document_id: Id


class RoomList(ClientFrame):
    """Ask for a page of the user's rooms; `after` is the `next` of the page before. Answered with `rooms`."""

    type: Literal["room.list"] = "room.list"
    after: Annotated[str, StringConstraints(max_length=400)] = ""


class RoomRename(RoomClientFrame):
    """Rename the room; every connection that has it open gets `room`."""

    type: Literal["room.rename"] = "room.rename"
    owner_only: ClassVar[bool] = True
    name: Name


class RoomInvite(RoomClientFrame):
    """Share the room: by the login name of a user, answered with `members`; or by a link, answered with `invitation`.

    An existing member gets this role.
    """

    type: Literal["room.invite"] = "room.invite"
    owner_only: ClassVar[bool] = True
    role: Literal["writer", "reader"]
    name: LoginName | None = None


class RoomJoin(ClientFrame):
    """Become a member by the token of an invitation; answered with `room`."""

    type: Literal["room.join"] = "room.join"
    token: Id


class RoomUnshare(RoomClientFrame):
    """Remove a member, answered with `members`; with the sender's own id, leave the room, answered with `closed`."""

    type: Literal["room.unshare"] = "room.unshare"
    user_id: Id


class RoomDelete(ClientFrame):
    """Erase a room and all its contents; answered with `receipt` at once, and again when the erasure is complete.

    The owner can send it again while the room is being deleted, to enqueue a stuck erasure once more.
    """

    type: Literal["room.delete"] = "room.delete"
    owner_only: ClassVar[bool] = True
    chat_id: Id


class AccountDelete(ClientFrame):
    """Erase the account, confirmed by its login name, with its own rooms, and leave others; answered with `receipt`."""

    type: Literal["account.delete"] = "account.delete"
    name: LoginName


class ReceiptList(ClientFrame):
    """Ask for the newest receipts of the user; answered with `receipts`."""

    type: Literal["receipt.list"] = "receipt.list"


class Ping(ClientFrame):
    """Keep the connection open (API Gateway closes it after 10 idle minutes); answered with `pong`."""

    type: Literal["ping"] = "ping"


AnyClientFrame = Annotated[
    Open | Leave | History | Ask | Stop | Resume | Why | Upload | DocumentView | DocumentDelete | DocumentRetry
    | RoomList | RoomRename | RoomInvite | RoomJoin | RoomUnshare | RoomDelete | AccountDelete | ReceiptList | Ping,
    Field(discriminator="type"),
]  # fmt: skip
CLIENT_FRAMES: TypeAdapter[Any] = TypeAdapter(AnyClientFrame, config=ConfigDict(defer_build=True))
CLIENT_FRAME_CLASSES: tuple[type[ClientFrame], ...] = get_args(get_args(AnyClientFrame)[0])


class _Tagged(BaseModel):
    """The discriminator of a frame."""

    type: Any


def parse(body: bytes) -> ClientFrame | None:
    """Return the frame, None for an unknown type; raises pydantic.ValidationError for an invalid frame.

    It builds the validator of the one class that `type` names; the validator of the union would need all twenty.
    """
    named = _Tagged.model_validate_json(body).type
    found = next((each for each in CLIENT_FRAME_CLASSES if each.model_fields["type"].default == named), None)
    return found.model_validate_json(body) if found else None


def routes() -> list[str]:
    """Return the names of the WebSocket routes: one for each client frame."""
    return [str(frame.model_fields["type"].default) for frame in CLIENT_FRAME_CLASSES]
