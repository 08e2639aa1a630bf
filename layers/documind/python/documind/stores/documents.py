"""The documents of a room: announced, uploaded, read, ready or failed.

Every change is conditional. A method that changes a document returns it as it then is, or `None` when the document is
no longer in the state that the change starts from: it was deleted, or another run has overtaken this one. Whoever gets
`None` falls silent.
"""

import time
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from pydantic import BaseModel, ConfigDict

from documind.errors import Code, NotFoundError
from documind.ids import new_ulid
from documind.stores import keys
from documind.stores.budgets import Charge, give_back
from documind.stores.items import VERSION, get_item, put_if_absent, query_items, room_is_active, transact, update
from documind.wire import Document, DocumentStatus, User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

UPLOAD_EXPIRES_S = 24 * 3600  # an announced upload that never arrives goes by TTL


class StoredDocument(BaseModel):
    """A document as it is kept.

    `ingest_id` is the run that owns it, `ingest_ids` are all runs so far. `lease_until` (seconds since 1970) is until
    when that run may write, 0 once all it wrote is found; `queue_message_id` the message that brings the document back
    if its run dies. `charge` are its pages, counted once for all runs. Once it has failed those that cost nothing have
    been given back, so whoever queues it again must remove the charge.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    chat_id: str
    document_id: str
    name: str
    status: DocumentStatus
    size_bytes: int
    sha256: str
    uploaded_by: str
    user_id: str = ""  # of who uploaded it
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


class Documents:
    """The items `ROOM#c / DOC#d` of the rooms table."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def announce(self, chat_id: str, name: str, size_bytes: int, sha256: str, user: User) -> StoredDocument:
        """Keep a document whose file is still to come; it goes by itself unless it is queued within a day.

        Raises NotFoundError(ROOM_NOT_FOUND) if the room is being deleted.
        """
        document = StoredDocument(
            chat_id=chat_id,
            document_id=new_ulid(),
            name=name,
            status="awaiting_upload",
            size_bytes=size_bytes,
            sha256=sha256,
            uploaded_by=user.name,
            user_id=user.user_id,
            expires_at=int(time.time()) + UPLOAD_EXPIRES_S,
        )
        record = document.model_dump(exclude_unset=True)
        item = _key(chat_id, document.document_id) | record | {"version": VERSION}
        if transact(self._table, room_is_active(self._table, chat_id), put_if_absent(self._table, item)):
            raise NotFoundError(Code.ROOM_NOT_FOUND)
        return document

    def get(self, chat_id: str, document_id: str) -> StoredDocument | None:
        """Return the document, or `None`; one whose upload never came is gone in time, however late TTL deletes it."""
        found = get_item(self._table, **_key(chat_id, document_id))
        document = StoredDocument.model_validate(found) if found else None
        return document if document and not document.has_expired else None

    def find_same(self, chat_id: str, sha256: str) -> StoredDocument | None:
        """Return the document of this room that holds, or else the one that awaits, a file with this hash."""
        same = [document for document in self.list(chat_id) if document.sha256 == sha256]
        arrived = (document for document in same if document.status in {"queued", "reading", "ready"})
        awaited = (document for document in same if document.status == "awaiting_upload")
        return next(arrived, None) or next(awaited, None)

    def queue(self, chat_id: str, document_id: str, key: str, version_id: str | None) -> StoredDocument | None:
        """Its file has arrived under `key`: awaiting_upload becomes queued, and the document stays."""
        changes = {"status": "queued", "key": key, "version_id": version_id}
        awaited = Attr("status").eq("awaiting_upload") & Attr("expires_at").gt(int(time.time()))
        return self._change(chat_id, document_id, changes, awaited, remove="expires_at")

    def claim(self, chat_id: str, document_id: str, *, message_id: str, lease_s: float) -> StoredDocument | None:
        """Start a run with an `ingest_id` of its own: on a queued document, or on one whose run is past its lease."""
        now, ingest_id = time.time(), new_ulid()
        changes = {
            "status": "reading",
            "ingest_id": ingest_id,
            "lease_until": int(now + lease_s),
            "queue_message_id": message_id,
            **dict.fromkeys(("pages_total", "pages_done", "pages_empty", "chunks"), 0),
        }
        free = Attr("status").eq("queued") | _abandoned(now)
        return self._change(chat_id, document_id, changes, free, remove="reason", add={"ingest_ids": {ingest_id}})

    def release(self, chat_id: str, document_id: str, ingest_id: str) -> StoredDocument | None:
        """End a run that failed on its way: the document waits in the queue again."""
        changes = {"status": "queued", "lease_until": int(time.time())}
        return self._change(chat_id, document_id, changes, _owned_by(ingest_id))

    def keep_charge(self, chat_id: str, document_id: str, ingest_id: str, charge: Charge) -> StoredDocument | None:
        """Remember with the document what was reserved for its pages."""
        return self._change(chat_id, document_id, {"charge": charge.model_dump()}, _owned_by(ingest_id))

    def progress(
        self, chat_id: str, document_id: str, ingest_id: str, *, pages_total: int, pages_done: int, pages_empty: int
    ) -> StoredDocument | None:
        """Say how far this run has come."""
        changes = {"pages_total": pages_total, "pages_done": pages_done, "pages_empty": pages_empty}
        return self._change(chat_id, document_id, changes, _owned_by(ingest_id))

    def ready(
        self, chat_id: str, document_id: str, ingest_id: str, *, pages_total: int, pages_empty: int, chunks: int
    ) -> StoredDocument | None:
        """Make what this run has indexed visible."""
        changes = {
            "status": "ready",
            "lease_until": 0,
            "pages_total": pages_total,
            "pages_done": pages_total,
            "pages_empty": pages_empty,
            "chunks": chunks,
        }
        return self._change(chat_id, document_id, changes, _owned_by(ingest_id))

    def fail(
        self, chat_id: str, document_id: str, reason: Code, *, ingest_id: str | None = None
    ) -> StoredDocument | None:
        """End the run `ingest_id` as failed; without one, end a document that no run is working on.

        The pages that its last run has not read, as far as it told, or found empty, are given back.
        """
        waiting = Attr("status").is_in(["awaiting_upload", "queued"]) | _abandoned(time.time())
        condition = _owned_by(ingest_id) if ingest_id else waiting
        changes = {"status": "failed", "reason": reason.value, "lease_until": int(time.time())}
        failed = self._change(chat_id, document_id, changes, condition, remove="expires_at")
        if failed and failed.charge:
            unused = failed.charge.pages - (failed.pages_done - failed.pages_empty)
            give_back(self._table, failed.charge.model_copy(update={"pages": unused}))
        return failed

    def begin_deletion(self, chat_id: str, document_id: str) -> StoredDocument | None:
        """Take a document from whatever run is reading it, which may still write until its lease ends."""
        return self._change(chat_id, document_id, {"status": "deleting"}, "attribute_exists(pk)")

    def let_go(self, chat_id: str, document_id: str, ingest_id: str) -> None:
        """Say that the last run of a document that is being deleted writes nothing more."""
        taken_from_it = Attr("status").eq("deleting") & Attr("ingest_id").eq(ingest_id)
        self._change(chat_id, document_id, {"lease_until": int(time.time())}, taken_from_it)

    def list(self, chat_id: str) -> tuple[StoredDocument, ...]:
        """Return the documents of the room, oldest first, without announced ones that have expired."""
        items = query_items(self._table, KeyConditionExpression=keys.DOCUMENT.all_of(chat_id=chat_id))
        found = (StoredDocument.model_validate(item) for item in items)
        return tuple(document for document in found if not document.has_expired)

    def _change(
        self,
        chat_id: str,
        document_id: str,
        changes: dict[str, Any],
        condition: str | ConditionBase,
        *,
        remove: str | None = None,
        add: dict[str, set[str]] | None = None,
    ) -> StoredDocument | None:
        """Set these attributes if the condition holds, remove one, add to sets; otherwise return `None`."""
        added = add or {}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in changes)
        change += f" REMOVE #{remove}" if remove else ""
        change += " ADD " + ", ".join(f"#{name} :{name}" for name in added) if added else ""
        item = update(self._table, _key(chat_id, document_id), change, condition, **changes, **added)
        return StoredDocument.model_validate(item) if item else None


def _key(chat_id: str, document_id: str) -> keys.Key:
    return keys.DOCUMENT(chat_id=chat_id, document_id=document_id)


def _owned_by(ingest_id: str) -> ConditionBase:
    return Attr("status").eq("reading") & Attr("ingest_id").eq(ingest_id)


def _abandoned(now: float) -> ConditionBase:
    """A run that can no longer be alive: its lease ends with its function's time."""
    return Attr("status").eq("reading") & Attr("lease_until").lt(int(now))
