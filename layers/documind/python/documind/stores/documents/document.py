"""A document as it is kept, and what clients see of it."""

import time

from pydantic import BaseModel, ConfigDict

from documind.errors import Code
from documind.stores.budgets import Charge
from documind.wire import Document, DocumentStatus


class StoredDocument(BaseModel):
    """A document as it is kept.

    `ingest_id` is the run that owns it, `ingest_ids` are all runs so far. `lease_until` (seconds since 1970) is until
    when that run may write, 0 once all it wrote is found; `queue_message_id` the message that brings the document back
    if its run dies. `charge` are its pages, counted once for all runs; once it has failed those that cost nothing have
    been given back. `receipt_id` is that of the erasure it is being deleted by.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    chat_id: str
    document_id: str
    name: str
    status: DocumentStatus
    size_bytes: int
    sha256: str
    uploaded_by: str
    user_id: str = ""  # of who announced it, or had it read again: whose budget its pages are counted against
    key: str | None = None
    version_id: str | None = None
    ingest_id: str | None = None
    ingest_ids: frozenset[str] = frozenset()
    lease_until: int = 0
    queue_message_id: str | None = None
    pages_total: int = 0
    pages_done: int = 0
    pages_empty: int = 0
    chunks: int = 0
    reason: Code | None = None
    charge: Charge | None = None
    receipt_id: str | None = None
    expires_at: int | None = None  # seconds since 1970; only while it awaits its upload

    @property
    def has_expired(self) -> bool:
        """True if its upload has not come in time."""
        return self.expires_at is not None and self.expires_at <= time.time()

    @property
    def run(self) -> str:
        """The `ingest_id` of a document that has been claimed."""
        if self.ingest_id is None:
            raise ValueError(f"document {self.document_id} has not been claimed")
        return self.ingest_id

    def to_wire(self) -> Document:
        """Return what clients see of it."""
        return Document(
            document_id=self.document_id,
            name=self.name,
            status=self.status,
            size_bytes=self.size_bytes,
            pages_total=self.pages_total,
            pages_done=self.pages_done,
            pages_empty=self.pages_empty,
            reason=self.reason,
        )
