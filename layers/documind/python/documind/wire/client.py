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
    """Open a room by its name (made when new) or by its id; answered with `opened` and `history`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_given("room"), _given("chat_id")]})
    type: Literal["open"] = "open"
    room: Name | None = None
    chat_id: Id | None = None

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
    """Ask a question under an id that the client makes; sending it again under the same id is idempotent."""

    type: Literal["ask"] = "ask"
    writes: ClassVar[bool] = True
    question_id: Id
    text: Text
    document_ids: Annotated[list[Id], Field(max_length=MAX_ROOM_DOCUMENTS)] | None = None


class Stop(RoomClientFrame):
    """Stop the answer to a question; it then ends as `stopped`."""

    type: Literal["stop"] = "stop"
    writes: ClassVar[bool] = True
    question_id: Id


class Resume(RoomClientFrame):
    """Ask for what followed `seq` of a question's answer; answered with `delta` or its final `message`."""

    type: Literal["resume"] = "resume"
    question_id: Id
    epoch: Count = 0
    seq: Count = 0


class Why(RoomClientFrame):
    """Ask how an answer came about; answered with `why`."""

    type: Literal["why"] = "why"
    question_id: Id


class Upload(RoomClientFrame):
    """Register a PDF; answered with `upload`, to whose `url` the file is then posted."""

    type: Literal["upload"] = "upload"
    writes: ClassVar[bool] = True
    name: FileName
    size: Count  # in bytes, exactly
    sha256: Sha256


class DocumentView(RoomClientFrame):
    """Ask for a link to a PDF and for the words of one passage; answered with `view`."""

    type: Literal["document.view"] = "document.view"
    document_id: Id
    page: PositiveCount = 1
    start: Count = 0
    end: Count = 0


class DocumentDelete(RoomClientFrame):
    """Erase a document, whatever its state; answered with `receipt`, and again when that is done.

    The room gets `document`: at once with status `deleting`, in the end with `deleted`.
    """

    type: Literal["document.delete"] = "document.delete"
    writes: ClassVar[bool] = True
    document_id: Id


class DocumentRetry(RoomClientFrame):
    """Have a failed document read again, its pages counted against the sender's budget; answered with `document`."""

    type: Literal["document.retry"] = "document.retry"
    writes: ClassVar[bool] = True
    document_id: Id


class RoomList(ClientFrame):
    """Ask for the rooms of the user, those behind `after` (the `next` of a page); answered with `rooms`."""

    type: Literal["room.list"] = "room.list"
    after: Annotated[str, StringConstraints(max_length=400)] = ""


class RoomRename(RoomClientFrame):
    """Give the room another name; everybody in it gets `room`."""

    type: Literal["room.rename"] = "room.rename"
    owner_only: ClassVar[bool] = True
    name: Name


class RoomInvite(RoomClientFrame):
    """Share the room: with the user of a login name, answered with `members`, or by a link, with `invitation`.

    An existing member gets the role given here.
    """

    type: Literal["room.invite"] = "room.invite"
    owner_only: ClassVar[bool] = True
    role: Literal["writer", "reader"]
    name: LoginName | None = None


class RoomJoin(ClientFrame):
    """Become a member by the token of an invitation; answered with `room`, which can then be opened."""

    type: Literal["room.join"] = "room.join"
    token: Id


class RoomUnshare(RoomClientFrame):
    """Remove a member, answered with `members`; or leave the room by one's own id, answered with `closed`."""

    type: Literal["room.unshare"] = "room.unshare"
    user_id: Id


class RoomDelete(ClientFrame):
    """Erase a room with all that is in it; answered with `receipt`, and again when that is done.

    Sent again it continues an erasure that got stuck, although nobody can open the room any more.
    """

    type: Literal["room.delete"] = "room.delete"
    owner_only: ClassVar[bool] = True
    chat_id: Id


class AccountDelete(ClientFrame):
    """Erase the account, confirmed by its login name: own rooms are erased, others left; answered with `receipt`."""

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
    """The field that says which frame it is."""

    type: Any


def parse(body: bytes) -> ClientFrame | None:
    """Return the frame, None for one of an unknown type; raises pydantic.ValidationError.

    Only the validator of the class that it names is built, where the union's would be built of all twenty.
    """
    named = _Tagged.model_validate_json(body).type
    found = next((each for each in CLIENT_FRAME_CLASSES if each.model_fields["type"].default == named), None)
    return found.model_validate_json(body) if found else None


def routes() -> list[str]:
    """Return the WebSocket routes: one for each frame of a client."""
    return [str(frame.model_fields["type"].default) for frame in CLIENT_FRAME_CLASSES]
