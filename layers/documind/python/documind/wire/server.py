"""The frames the server sends; an `error` frame can also be made for a frame that cannot be parsed."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from documind.errors import Code, DocumindError, InvalidRequestError
from documind.languages import Language
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
    """A frame sent to a client; `request_id` is set if it replies to a client frame."""

    request_id: str | None = None


class RoomFrame(ServerFrame):
    """A frame about one room."""

    chat_id: str


class Opened(RoomFrame):
    """The snapshot of a room that is now open on this connection; its messages follow as `history`."""

    type: Literal["opened"] = "opened"
    name: str
    role: Role
    user: User
    documents: list[Document]
    members: list[Member]
    active: list[ActiveQuestion]
    limits: Limits


class HistoryFrame(RoomFrame):
    """Messages in ascending order; `next` is the `before` of the next older page, null at the oldest one."""

    type: Literal["history"] = "history"
    messages: list[Message]
    next: str | None


class Accepted(RoomFrame):
    """The question is stored, and a `message` with its ending will follow."""

    type: Literal["accepted"] = "accepted"
    question_id: str
    message_id: str


class Stage(RoomFrame):
    """What a question waits for."""

    type: Literal["stage"] = "stage"
    question_id: str
    name: StageName


class Delta(RoomFrame):
    """A piece of an answer: its code points `after` to `seq`.

    Append it if `epoch` and `after` match the text that you have; ignore an older one; for any other, send `resume`.
    A higher `epoch` restarts the text.
    """

    type: Literal["delta"] = "delta"
    question_id: str
    epoch: int
    after: int
    seq: int
    text: str


class MessageFrame(RoomFrame):
    """A stored message; one with an `ending` replaces all deltas of its question.

    `searching`: in how many documents the answer to this question is searched for; null where nothing is searched
    for, and for all other messages.
    """

    type: Literal["message"] = "message"
    message: Message
    searching: int | None = None


class DocumentFrame(RoomFrame):
    """The current state of a document."""

    type: Literal["document"] = "document"
    document: Document


class UploadTarget(RoomFrame):
    """A presigned POST for the file: send `fields`, then `file`. `url` is null if the room already has the file."""

    type: Literal["upload"] = "upload"
    document: Document
    url: str | None
    fields: dict[str, str] = Field(default_factory=dict)


class View(RoomFrame):
    """A link to the PDF, valid until `expires_at` (seconds since 1970), and the text of the passage.

    `rects` are its rectangles: `[x0, y0, x1, y1]` in points of the page as it is displayed, from its top left corner.
    """

    type: Literal["view"] = "view"
    document_id: str
    url: str
    expires_at: int
    page: int
    quote: str
    rects: list[tuple[float, float, float, float]] = Field(default_factory=list)


class WhyFrame(RoomFrame):
    """How an answer was made; `reasons` is null from a day after its end on, and if no passages were found."""

    type: Literal["why"] = "why"
    question_id: str
    reasons: Reasons | None


class Rooms(ServerFrame):
    """Rooms of the user, in the order of their names; `next` is the `after` of the next page."""

    type: Literal["rooms"] = "rooms"
    rooms: list[Room]
    next: str | None = None


class RoomChanged(RoomFrame):
    """The current state of a room, for connections that have it open, and for a user who joined it or was invited."""

    type: Literal["room"] = "room"
    room: Room


class Closed(RoomFrame):
    """The room is no longer open on this connection: the user was removed or left, or the room is being deleted."""

    type: Literal["closed"] = "closed"
    reason: Literal["removed", "deleted"]


class Members(RoomFrame):
    """All members of the room, ordered by name, read at `as_of_ms` (since 1970); ignore a list older than yours."""

    type: Literal["members"] = "members"
    as_of_ms: int
    members: list[Member]


class Invitation(RoomFrame):
    """The token of an invitation link for `room.join`, valid until `expires_at` (seconds since 1970)."""

    type: Literal["invitation"] = "invitation"
    token: str
    role: Role
    expires_at: int


class ReceiptFrame(ServerFrame):
    """The current state of an erasure."""

    type: Literal["receipt"] = "receipt"
    receipt: Receipt


class Receipts(ServerFrame):
    """The newest receipts of the user, newest first."""

    type: Literal["receipts"] = "receipts"
    receipts: list[Receipt]


class ErrorFrame(ServerFrame):
    """A frame was refused and changed nothing, or failed (`internal`); `message` is a sentence for the user."""

    type: Literal["error"] = "error"
    code: Code
    message: str
    retry_after_s: int | None = None


class Pong(ServerFrame):
    """The reply to `ping` and `leave`."""

    type: Literal["pong"] = "pong"


AnyServerFrame = Annotated[
    Opened | HistoryFrame | Accepted | Stage | Delta | MessageFrame | DocumentFrame | UploadTarget | View | WhyFrame
    | Rooms | RoomChanged | Closed | Members | Invitation | ReceiptFrame | Receipts | ErrorFrame | Pong,
    Field(discriminator="type"),
]  # fmt: skip
SERVER_FRAMES: TypeAdapter[Any] = TypeAdapter(AnyServerFrame, config=ConfigDict(defer_build=True))


class RequestId(BaseModel):
    """The only field that is read from a refused frame."""

    request_id: Annotated[str, Field(max_length=64)]


def refusal(body: bytes, error: DocumindError, language: Language) -> ErrorFrame:
    """Return the `error` frame for a refused frame; it echoes the `request_id` if that can be read."""
    return ErrorFrame(
        request_id=_request_id(body),
        code=error.code,
        message=error.message(language),
        retry_after_s=error.retry_after_s,
    )


def route_refusal(event: dict[str, Any]) -> ErrorFrame:
    """Return the `error` frame for a client that has named `$connect` or `$disconnect` as the route of a frame."""
    language = event["requestContext"]["authorizer"]["language"]
    return refusal(body_of(event), InvalidRequestError(Code.FRAME_UNKNOWN), language)


def body_of(event: dict[str, object]) -> bytes:
    """Return the bytes of the frame in an event of the WebSocket API.

    A lone surrogate becomes bytes that are not UTF-8, so the parser refuses it like any other malformed frame.
    """
    return str(event.get("body") or "").encode(errors="surrogatepass")


def _request_id(body: bytes) -> str | None:
    try:
        return RequestId.model_validate_json(body).request_id
    except ValidationError:
        return None
