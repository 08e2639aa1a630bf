"""What frames carry: rooms, documents, messages and their parts."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from documind import limits
from documind.errors import Code, Ending

# A character that `str.strip` keeps. Written out, for each reader of a JSON Schema has its own idea of white space.
NOT_BLANK = r"[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
MAX_INTEGER = 2**53 - 1  # the largest that every client can count to: https://www.rfc-editor.org/rfc/rfc8259#section-6


def whole_number(value: object) -> object:
    """Let through what JSON Schema calls an integer, 2.0 too; raises ValueError for true and "2"."""
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
StageName = Literal["searching", "reading"]  # the first `delta` says that it is being written
WhyWithoutText = Literal["empty", "lost", "garbled"]
# `deleting`: nothing of it is found or shown any more; `deleted` is told once, when nothing of it is left.
DocumentStatus = Literal["awaiting_upload", "queued", "reading", "ready", "failed", "deleting", "deleted"]


class WireModel(BaseModel):
    """Base of all frames and of what they carry."""

    # What is sent carries every field, those with a default too; the JSON Schema of the server's frames says so.
    # A validator is built when it is first used: a cold start pays for the frames that it meets, not for all forty.
    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_serialization_defaults_required=True, defer_build=True
    )


class User(WireModel):
    """A signed-in person: `user_id` is the token's subject, `name` the login name."""

    user_id: str
    name: str


class Member(WireModel):
    """Someone who may enter the room; `here` says that a connection of theirs has it open right now."""

    user_id: str
    name: str
    role: Role
    here: bool


class Room(WireModel):
    """A room the user is a member of."""

    chat_id: str
    name: str
    role: Role


class PageWithoutText(WireModel):
    """A page (from 1) of which nothing can be found: there is nothing on it but pictures, it could not be read, or its
    fonts do not tell which characters they show.
    """

    page: int
    why: WhyWithoutText


class Document(WireModel):
    """A PDF of the room; `reason` says why it failed, `reason_page` from which page (from 1) on it is not read.

    `without_text` names the first 20 of the pages that are empty, lost or garbled; `from_pictures` the first 20 runs of
    pages, each from its first to its last, whose text a model has read from pictures. `summary` and `questions`, which
    it answers, come some time after it is ready, in its language; there may be none.
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
    """The passage a claim stands on: code points `start` to `end` of a page's text (pages count from 1).

    `number` is what stands in the answer's text as `[number]`. `quote` comes with a new answer only: citations are
    references, and `document.view` gives the words for as long as the document exists. `rects` are where they stand:
    `[x0, y0, x1, y1]` in points of the page as it is displayed, rotated and cropped, from its top left corner.
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
    """A passage that the model was given, by its rank; `is_cited` says that the answer stands on it."""

    number: int
    document_id: str
    page: int
    score: float
    is_cited: bool


class Reasons(WireModel):
    """How an answer came about; times are in milliseconds since it was asked, of the first text where there was one.

    `question` is the one that was searched for and answered, `parts` what it asks at once.
    """

    question: str
    parts: list[str] = []
    passages: list[FoundPassage]
    found_ms: int
    first_text_ms: int | None = None
    ended_ms: int
    tokens: int


class Message(WireModel):
    """One entry of the conversation; messages are ordered by `message_id` (a ULID, so it tells the time).

    `unverified` are the spans of an answer's `text`, in code points from the first up to the second, that no passage
    supports; an answer that ended as `refused` has nothing else, or the ending's sentence as its text.
    """

    message_id: str
    kind: Literal["question", "answer"]
    question_id: str
    sender: str | None  # login name of who asked; an answer has none
    text: str
    citations: list[Citation] = []
    unverified: list[tuple[int, int]] = []
    ending: Ending | None = None  # of an answer


class ActiveQuestion(WireModel):
    """A question that has not ended; its text so far follows in a `delta`."""

    question_id: str
    deadline: int  # seconds since 1970


class Removed(WireModel):
    """How much an erasure removed; of uploads every version counts."""

    uploads: int = 0
    page_texts: int = 0
    chunks: int = 0
    messages: int = 0  # live ones
    segments: int = 0  # of the durable history, each of many messages
    rooms: int = 0  # with an account: own rooms, each of which has a receipt of its own
    memberships: int = 0  # with an account: rooms of others that were left


Remains = Literal["backups", "model_provider", "messages_elsewhere", "answers"]


class Receipt(WireModel):
    """Proof of an erasure, which goes on until `erased_at` (seconds since 1970); `remains` is what it cannot reach."""

    receipt_id: str
    kind: Literal["room", "document", "account"]
    name: str  # of the room, the PDF or the account
    chat_id: str | None = None
    requested_at: int
    erased_at: int | None = None
    removed: Removed = Removed()
    remains: list[Remains]


class Limits(WireModel):
    """What a room accepts; the same on every stage, but for the time until an apology."""

    max_upload_bytes: int = limits.MAX_UPLOAD_BYTES
    max_room_documents: int = limits.MAX_ROOM_DOCUMENTS
    max_pdf_pages: int = limits.MAX_PDF_PAGES
    max_question_characters: int = limits.MAX_QUESTION_CHARACTERS
    apology_after_s: int
