"""The records in frames: rooms, documents, messages and their parts."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from documind import limits
from documind.errors import Code, Ending

# A character that `str.strip` keeps. Written out, because implementations of JSON Schema differ in what `\s` matches.
NOT_BLANK = r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
MAX_INTEGER = 2**53 - 1  # the largest that every client keeps exact: https://www.rfc-editor.org/rfc/rfc8259#section-6


def whole_number(value: object) -> object:
    """Return the value if it may be an integer of JSON Schema, such as 2.0; raises ValueError for true and "2"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Text = Annotated[str, StringConstraints(pattern=NOT_BLANK), AfterValidator(str.strip)]
Name = Annotated[str, StringConstraints(pattern=NOT_BLANK, max_length=100), AfterValidator(str.strip)]
LoginName = Annotated[str, StringConstraints(pattern=NOT_BLANK, max_length=128), AfterValidator(str.strip)]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER), BeforeValidator(whole_number)]
PositiveCount = Annotated[int, Field(ge=1, le=MAX_INTEGER), BeforeValidator(whole_number)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=limits.MAX_FILE_NAME_CHARACTERS)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Role = Literal["owner", "writer", "reader"]
StageName = Literal["waking", "reading"]  # a search that slept; a model that has not begun to answer
WhyWithoutText = Literal["empty", "lost", "garbled"]
# `deleting`: hidden and excluded from searches; `deleted`: broadcast once, when the erasure is complete.
DocumentStatus = Literal["awaiting_upload", "queued", "reading", "ready", "failed", "deleting", "deleted"]


class WireModel(BaseModel):
    """Base of all frames and records."""

    # Server frames are sent with every field, those with a default too, so their JSON Schema requires all fields.
    # Validators are built at their first use: a cold start pays for the frames that it handles, not for all forty.
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, defer_build=True
    )


class User(WireModel):
    """A signed-in person: `user_id` is the token's subject, `name` the login name."""

    user_id: str
    name: str


class Member(WireModel):
    """A member of the room; `here` is true while a connection of this user has the room open."""

    user_id: str
    name: str
    role: Role
    here: bool


class Room(WireModel):
    """A room of which the user is a member, with the user's role."""

    chat_id: str
    name: str
    role: Role


class PageWithoutText(WireModel):
    """A page (from 1) without searchable text: it has only pictures (`empty`), could not be read (`lost`), or its fonts
    do not say which characters they show (`garbled`).
    """

    page: int
    why: WhyWithoutText


class Document(WireModel):
    """A PDF of the room; `reason` says why it failed, `reason_page` is the first page (from 1) that was not read.

    `without_text` lists the first 20 pages that are empty, lost or garbled; `from_pictures` the first 20 ranges of
    pages (first, last) whose text a model has read from pictures. `summary` and `questions` (which the document
    answers) are in its language, arrive some time after it is ready, and may be absent.
    """

    document_id: str
    name: str
    status: DocumentStatus
    size_bytes: int
    pages_total: int = 0
    pages_done: int = 0
    pages_empty: int = 0
    pages_lost: int = 0
    pages_garbled: int = 0
    without_text: list[PageWithoutText] = []
    from_pictures: list[tuple[int, int]] = []
    reason: Code | None = None
    reason_page: int | None = None
    summary: str | None = None
    questions: list[str] = []


class Citation(WireModel):
    """The passage that supports a statement: code points `start` to `end` of a page's text (pages count from 1).

    The answer's text refers to it as `[number]`. `quote` is sent with a new answer only and is not stored;
    `document.view` returns it as long as the document exists. `rects` are its rectangles on the page: `[x0, y0, x1,
    y1]` in points of the page as it is displayed, rotated and cropped, from its top left corner.
    """

    number: int
    document_id: str
    page: int
    start: int
    end: int
    score: float
    rects: list[tuple[float, float, float, float]] = []
    quote: str | None = None


class FoundPassage(WireModel):
    """A passage that the model was given, numbered by its rank; `is_cited`: the answer cites it."""

    number: int
    document_id: str
    page: int
    score: float
    is_cited: bool


class Reasons(WireModel):
    """How an answer was made; times are in milliseconds since the question was accepted.

    `question` is the text that was searched for, with a follow-up completed; `parts` are the questions that it was
    split into. `first_text_ms` is null if no text was streamed.
    """

    question: str
    parts: list[str] = []
    passages: list[FoundPassage]
    found_ms: int
    first_text_ms: int | None = None
    ended_ms: int
    tokens: int


class Message(WireModel):
    """One message of the conversation; messages are ordered by `message_id` (a ULID, which contains the time).

    `unverified` are the spans (start, end) of an answer's `text`, in code points, that no passage supports. If an
    answer ended as `refused`, all of its text is unverified, or the text is the sentence of the ending.
    """

    message_id: str
    kind: Literal["question", "answer"]
    question_id: str
    sender: str | None  # login name of the user who asked; null for an answer
    text: str
    citations: list[Citation] = []
    unverified: list[tuple[int, int]] = []
    ending: Ending | None = None  # of an answer


class ActiveQuestion(WireModel):
    """A question that has not ended; its text so far follows in a `delta`."""

    question_id: str
    deadline: int  # seconds since 1970


class Removed(WireModel):
    """How much an erasure removed; `uploads` counts every version of an S3 object."""

    uploads: int = 0
    page_texts: int = 0
    chunks: int = 0
    messages: int = 0  # live ones
    segments: int = 0  # of the durable history, each of many messages
    rooms: int = 0  # of an account: its own rooms
    memberships: int = 0  # of an account: rooms of others that it left


Remains = Literal["backups", "model_provider", "messages_elsewhere", "answers"]


class Receipt(WireModel):
    """The state of an erasure, complete once `erased_at` (seconds since 1970) is set; it cannot reach `remains`."""

    receipt_id: str
    kind: Literal["room", "document", "account"]
    name: str  # of the room, the PDF or the account
    chat_id: str | None = None
    requested_at: int
    erased_at: int | None = None
    removed: Removed = Removed()
    remains: list[Remains]


class Limits(WireModel):
    """The limits of a room; only `apology_after_s` differs between stages."""

    max_upload_bytes: int = limits.MAX_UPLOAD_BYTES
    max_room_documents: int = limits.MAX_ROOM_DOCUMENTS
    max_pdf_pages: int = limits.MAX_PDF_PAGES
    max_question_characters: int = limits.MAX_QUESTION_CHARACTERS
    apology_after_s: int
