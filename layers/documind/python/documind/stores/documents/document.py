"""A stored document, and the record of it that clients get."""

import re
import time
from collections.abc import Sequence

from boto3.dynamodb.conditions import Attr, ConditionBase

from documind.errors import Code
from documind.stores.budgets import Charge
from documind.stores.checkpoint import Checkpoint, UnreadPages
from documind.stores.items import Stored
from documind.wire import Document, DocumentStatus

NUMBER = re.compile(r"\s*\[\d+\]")


class SummarySource(Stored):
    """The span that `[number]` in a summary refers to: code points `start` to `end` of a page's text (from page 1)."""

    number: int
    page: int
    start: int
    end: int


class Summary(Stored):
    """The summary of a document, in its language, and questions that the document answers."""

    text: str
    sources: tuple[SummarySource, ...]
    questions: tuple[str, ...]


class StoredDocument(UnreadPages):
    """A stored document.

    `ingest_id` is the S3 prefix of its page texts, set by the first claim; `ingest_ids` holds all earlier ones too.
    `run_id` is the fencing token of the run that holds the lease; `lease_until` (seconds since 1970) is the end of the
    lease, 0 if the run has finished. If the run dies, SQS delivers the message `queue_message_id` again. `tries` and
    `failures` count the runs begun and failed since the last checkpoint. `charge` holds its pages, counted once for
    all runs; on failure the unread ones are given back. `receipt_id` belongs to the erasure that is deleting it. While
    a ready document is read again, its room sees it as ready, and searches use the checkpoint `earlier`. The unread
    pages are those with which it became ready. `summary` is written by a separate invocation after that.
    """

    chat_id: str
    document_id: str
    name: str
    status: DocumentStatus
    size_bytes: int
    sha256: str
    user_id: str = ""  # who registered or last retried it: its pages are charged to this user's budget
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
    chunks: int = 0
    reason: Code | None = None
    reason_page: int | None = None
    charge: Charge | None = None
    receipt_id: str | None = None
    summary: Summary | None = None
    expires_at: int | None = None  # seconds since 1970; only in status `awaiting_upload`

    @property
    def has_expired(self) -> bool:
        """True if its upload did not arrive in time."""
        return self.expires_at is not None and self.expires_at <= time.time()

    @property
    def run(self) -> str:
        """The `run_id` of a document that has been claimed."""
        if self.run_id is None:
            raise ValueError(f"document {self.document_id} has not been claimed")
        return self.run_id

    @property
    def is_read_again(self) -> bool:
        """True while a document that was ready is ingested again."""
        return self.earlier is not None and self.status in {"queued", "reading"}

    @property
    def searched_ids(self) -> tuple[str, ...]:
        """The values of `ingest_id` by which searches find its chunks; none unless it is ready or was ready before."""
        if self.is_read_again and self.earlier:
            return self.earlier.attempt_ids
        return self.checkpoint.attempt_ids if self.status == "ready" else ()

    def group_of(self, page: int) -> tuple[int, int]:
        """Return the first and the last page of the object that holds the text of this page."""
        groups = ((self.is_read_again and self.earlier) or self.checkpoint).groups
        return next((group for group in groups if group[0] <= page <= group[1]), (page, page))

    def to_wire(self) -> Document:
        """Return the record that clients get."""
        summary = self.summary
        shown = {
            "status": "ready" if self.is_read_again else self.status,
            "summary": summary and NUMBER.sub("", summary.text),
            "questions": summary.questions if summary else (),
        }
        return Document.model_validate(self.model_dump(include=set(Document.model_fields)) | shown)


def same_file(documents: Sequence[StoredDocument], sha256: str) -> StoredDocument | None:
    """Return the document whose file has this hash; else one that awaits such a file."""
    same = [document for document in documents if document.sha256 == sha256]
    arrived = (document for document in same if document.status in {"queued", "reading", "ready"})
    awaited = (document for document in same if document.status == "awaiting_upload")
    return next(arrived, None) or next(awaited, None)


def owned_by(run: str) -> ConditionBase:
    return Attr("status").eq("reading") & Attr("run_id").eq(run)


def abandoned(now: float) -> ConditionBase:
    """The run has paused or its lease has expired; if it still lives, the next claim fences it by another `run_id`."""
    return Attr("status").eq("reading") & Attr("lease_until").lt(int(now))
