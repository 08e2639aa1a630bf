"""The frames the server sends."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from documind.errors import Code
from documind.wire.records import (
    ActiveQuestion,
    Document,
    Limits,
    Member,
    Message,
    Reasons,
    Receipt,
    Role,
    Room,
    StageName,
    User,
    WireModel,
)


class ServerFrame(WireModel):
    """A frame sent to a client; `request_id` is there when it replies to one."""

    request_id: str | None = None


class RoomFrame(ServerFrame):
    """A frame about one room."""

    chat_id: str


class Opened(RoomFrame):
    """The room is open on this connection: all of it but the messages, which follow as `history`."""

    type: Literal["opened"] = "opened"
    name: str
    role: Role
    user: User
    documents: list[Document]
    members: list[Member]
    active: list[ActiveQuestion]
    limits: Limits


class HistoryFrame(RoomFrame):
    """Messages in ascending order; `next` is the `before` of the next older page."""

    type: Literal["history"] = "history"
    messages: list[Message]
    next: str | None


class Accepted(RoomFrame):
    """The question is kept and will end."""

    type: Literal["accepted"] = "accepted"
    question_id: str
    message_id: str


class Stage(RoomFrame):
    """What is being done for a question; `documents` says in how many documents it is searched."""

    type: Literal["stage"] = "stage"
    question_id: str
    name: StageName
    documents: int


class Delta(RoomFrame):
    """A piece of an answer: its code points `after` to `seq`.

    Apply it only if `epoch` and `after` continue what you have; ignore what is older; otherwise send `resume`.
    A higher `epoch` starts the text anew.
    """

    type: Literal["delta"] = "delta"
    question_id: str
    epoch: int
    after: int
    seq: int
    text: str


class MessageFrame(RoomFrame):
    """A message as it is kept; the one with an `ending` replaces all deltas."""

    type: Literal["message"] = "message"
    message: Message


class DocumentFrame(RoomFrame):
    """A document as it is now."""

    type: Literal["document"] = "document"
    document: Document


class UploadTarget(RoomFrame):
    """Where to post the file: `fields` first, then `file`. Without a `url` the room already has this very file."""

    type: Literal["upload"] = "upload"
    document: Document
    url: str | None
    fields: dict[str, str] = Field(default_factory=dict)


class View(RoomFrame):
    """A link to the PDF, valid until `expires_at` (seconds since 1970), and the words of the passage.

    `rects` are where they stand: `[x0, y0, x1, y1]` in points of the page as it is displayed, from its top left corner.
    """

    type: Literal["view"] = "view"
    document_id: str
    url: str
    expires_at: int
    page: int
    quote: str
    rects: list[tuple[float, float, float, float]] = Field(default_factory=list)


class WhyFrame(RoomFrame):
    """How an answer came about; null a day after it ended, and where no passage was looked for."""

    type: Literal["why"] = "why"
    question_id: str
    reasons: Reasons | None


class Rooms(ServerFrame):
    """Rooms of the user, in the order of their names; `next` is the `after` of the next page."""

    type: Literal["rooms"] = "rooms"
    rooms: list[Room]
    next: str | None = None


class RoomChanged(RoomFrame):
    """A room as it is now, to whoever has it open or has just joined it."""

    type: Literal["room"] = "room"
    room: Room


class Closed(RoomFrame):
    """The room is no longer open on this connection: its user was removed, or it is being deleted."""

    type: Literal["closed"] = "closed"
    reason: Literal["removed", "deleted"]


class Members(RoomFrame):
    """All members of the room, ordered by name, as they were at `as_of_ms` (since 1970); an older list is ignored."""

    type: Literal["members"] = "members"
    as_of_ms: int
    members: list[Member]


class Invitation(RoomFrame):
    """The token of a link: whoever sends it with `room.join` before `expires_at` (seconds since 1970) is a member."""

    type: Literal["invitation"] = "invitation"
    token: str
    role: Role
    expires_at: int


class ReceiptFrame(ServerFrame):
    """An erasure as it stands."""

    type: Literal["receipt"] = "receipt"
    receipt: Receipt


class Receipts(ServerFrame):
    """The newest receipts of the user, newest first."""

    type: Literal["receipts"] = "receipts"
    receipts: list[Receipt]


class ErrorFrame(ServerFrame):
    """A frame was refused and changed nothing; `message` is a sentence for the user."""

    type: Literal["error"] = "error"
    code: Code
    message: str
    retry_after_s: int | None = None


class Pong(ServerFrame):
    """The connection works."""

    type: Literal["pong"] = "pong"


AnyServerFrame = Annotated[
    Opened | HistoryFrame | Accepted | Stage | Delta | MessageFrame | DocumentFrame | UploadTarget | View | WhyFrame
    | Rooms | RoomChanged | Closed | Members | Invitation | ReceiptFrame | Receipts | ErrorFrame | Pong,
    Field(discriminator="type"),
]  # fmt: skip
SERVER_FRAMES: TypeAdapter[Any] = TypeAdapter(AnyServerFrame, config=ConfigDict(defer_build=True))
