"""A document as it is kept, and what clients see of it."""

import re
import time
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from documind.errors import Code
from documind.ids import new_ulid
from documind.stores.budgets import Charge
from documind.stores.checkpoint import Checkpoint, UnreadPages
from documind.wire import Document, DocumentStatus, PageWithoutText, User

NUMBER = re.compile(r"\s*\[\d+\]")


class SummarySource(BaseModel):
    """What `[number]` in a summary stands for: code points `start` to `end` of a page's text (pages count from 1)."""

    model_config = ConfigDict(frozen=True)

    number: int
    page: int
    start: int
    end: int


class Summary(BaseModel):
    """What a document is about, in its language, and questions that it answers."""

    model_config = ConfigDict(frozen=True)

    text: str
    sources: tuple[SummarySource, ...]
    questions: tuple[str, ...]


class StoredDocument(BaseModel):
    """A document as it is kept.

    Its page texts stand under `ingest_id`, which it gets when it is first claimed; `ingest_ids` are all that it has
    had. `run_id` is the run that owns it, a fencing token; `lease_until` (seconds since 1970) is until when
    that run may write, 0 once it writes no more; `queue_message_id` the message that brings the document back if its
    run dies. `tries` and `failures` are the runs begun, and those that failed, since the last checkpoint. `charge` are
    its pages, counted once for all runs; once it has failed those that cost nothing have been given back. `receipt_id`
    is that of the erasure it is being deleted by. One that is read again stays ready for its room, and is found under
    the checkpoint `earlier`. `summary` is made by a run of its own once it is ready.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    chat_id: str
    document_id: str
    name: str
    status: DocumentStatus
    size_bytes: int
    sha256: str
    uploaded_by: str
    user_id: str = ""  # of who registered it, or had it read again: whose budget its pages are counted against
    key: str | None = None
    version_id: str | None = None
    ingest_id: str | None = None
    ingest_ids: frozenset[str] = frozenset()
    run_id: str | None = None
    lease_until: int = 0
    queue_message_id: str | None = None
    tries: int = 0
    failures: int = 0
    checkpoint: Checkpoint = Checkpoint()
    earlier: Checkpoint | None = None
    pages_total: int = 0
    pages_done: int = 0
    pages_empty: int = 0
    pages_lost: int = 0
    pages_garbled: int = 0
    without_text: tuple[PageWithoutText, ...] = ()
    from_pictures: tuple[tuple[int, int], ...] = ()
    chunks: int = 0
    reason: Code | None = None
    reason_page: int | None = None
    charge: Charge | None = None
    receipt_id: str | None = None
    summary: Summary | None = None
    expires_at: int | None = None  # seconds since 1970; only while it awaits its upload

    @classmethod
    def registered(
        cls, chat_id: str, name: str, size_bytes: int, sha256: str, user: User, *, expires_at: int
    ) -> "StoredDocument":
        """Return a document whose file is still to come."""
        return cls(
            chat_id=chat_id,
            document_id=new_ulid(),
            name=name,
            status="awaiting_upload",
            size_bytes=size_bytes,
            sha256=sha256,
            uploaded_by=user.name,
            user_id=user.user_id,
            expires_at=expires_at,
        )

    @property
    def has_expired(self) -> bool:
        """True if its upload has not come in time."""
        return self.expires_at is not None and self.expires_at <= time.time()

    @property
    def run(self) -> str:
        """The `run_id` of a document that has been claimed."""
        if self.run_id is None:
            raise ValueError(f"document {self.document_id} has not been claimed")
        return self.run_id

    @property
    def is_read_again(self) -> bool:
        """True while a document that has been ready is read once more."""
        return self.earlier is not None and self.status in {"queued", "reading"}

    @property
    def searched_ids(self) -> tuple[str, ...]:
        """What the chunks that may be found carry as their `ingest_id`: none unless the document is, or was, ready."""
        if self.is_read_again and self.earlier:
            return self.earlier.attempt_ids
        return self.checkpoint.attempt_ids if self.status == "ready" else ()

    @property
    def unread(self) -> UnreadPages:
        """The pages without text, as far as the checkpoint reaches."""
        told = UnreadPages.model_validate(self.model_dump(include=set(UnreadPages.model_fields)))
        return told if self.checkpoint.pages else UnreadPages()

    def to_wire(self) -> Document:
        """Return what clients see of it."""
        return Document(
            document_id=self.document_id,
            name=self.name,
            status="ready" if self.is_read_again else self.status,
            size_bytes=self.size_bytes,
            pages_total=self.pages_total,
            pages_done=self.pages_done,
            pages_empty=self.pages_empty,
            pages_lost=self.pages_lost,
            pages_garbled=self.pages_garbled,
            without_text=list(self.without_text),
            from_pictures=list(self.from_pictures),
            reason=self.reason,
            reason_page=self.reason_page,
            summary=self.summary and NUMBER.sub("", self.summary.text),
            questions=list(self.summary.questions) if self.summary else [],
        )


def same_file(documents: Sequence[StoredDocument], sha256: str) -> StoredDocument | None:
    """Return the document that holds, or else the one that awaits, a file with this hash."""
    same = [document for document in documents if document.sha256 == sha256]
    arrived = (document for document in same if document.status in {"queued", "reading", "ready"})
    awaited = (document for document in same if document.status == "awaiting_upload")
    return next(arrived, None) or next(awaited, None)
