"""The store of documents.

Every change is a conditional write that returns the new document, or `None` if it was refused, because the document
was deleted or another run has claimed it; the caller then stops without an error.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from documind import metrics
from documind.errors import (
    Code,
    LimitExceededError,
    NotAllowedError,
    NotFoundError,
    UnreadableDocumentError,
)
from documind.ids import new_ulid
from documind.limits import MAX_ROOM_DOCUMENTS
from documind.stores import keys
from documind.stores.budgets import Charge, give_back
from documind.stores.checkpoint import Checkpoint
from documind.stores.documents.document import StoredDocument, Summary, abandoned, owned_by, same_file
from documind.stores.items import ABSENT, EXISTS, VERSION, ItemTable, Write, room_is_active
from documind.stores.members import may_write
from documind.wire import User

UPLOAD_EXPIRES_S = 3600  # TTL of a registered document whose file has not arrived


class DocumentStore:
    """The items `ROOM#c / DOC#d` of the rooms table."""

    def __init__(self, table: ItemTable) -> None:
        self._table = table

    def register(
        self,
        chat_id: str,
        name: str,
        size_bytes: int,
        sha256: str,
        user: User,
        *,
        max_documents: int = MAX_ROOM_DOCUMENTS,
    ) -> StoredDocument:
        """Register a document, or return the one of the room that has or awaits the file with this hash.

        A registered document expires unless its file arrives within an hour; registering it again restarts the hour
        and makes this user its uploader. The limit holds under concurrency by optimistic locking: the write is
        conditional on the revision read before the documents were counted, and a refused one counts again.

        Raises DocumindError: DOCUMENT_LIMIT, ROOM_NOT_FOUND if the room is being deleted.
        """
        while True:
            revision = (self._table.get(**keys.DOCUMENTS(chat_id=chat_id)) or {}).get("revision", 0)
            documents = self.list(chat_id)
            same = same_file(documents, sha256)
            if same and same.status != "awaiting_upload":
                return same
            if same is None and sum(each.status != "deleting" for each in documents) >= max_documents:
                raise LimitExceededError(Code.DOCUMENT_LIMIT, limit=max_documents)
            # `size_bytes` even if it is registered: an earlier client may have given a wrong size for this hash.
            told = {
                "size_bytes": size_bytes,
                "user_id": user.user_id,
                "expires_at": int(time.time()) + UPLOAD_EXPIRES_S,
            }
            if same:
                kept = self._change(chat_id, same.document_id, told, Attr("status").eq("awaiting_upload"))
            else:
                ids = {"chat_id": chat_id, "document_id": new_ulid(), "sha256": sha256}
                new = StoredDocument.model_validate({**ids, "name": name, "status": "awaiting_upload", **told})
                kept = self._put_registered(new, revision)
            if kept:  # otherwise another one was registered, or the file of this one has arrived, in between
                return kept

    def _put_registered(self, document: StoredDocument, revision: int) -> StoredDocument | None:
        """Put a registered document; None if another one has been registered since this revision."""
        chat_id = document.chat_id
        item = _key(chat_id, document.document_id) | document.model_dump(exclude_unset=True)
        change, condition = "SET revision = :next, version = :version", f"{ABSENT} OR revision = :read"
        values = {"read": revision, "next": revision + 1, "version": VERSION}
        refused = self._table.transact(
            room_is_active(self._table, chat_id),
            self._table.put_part(item, ABSENT),
            self._table.update_part(keys.DOCUMENTS(chat_id=chat_id), change, condition, **values),
        )
        if 0 in refused:
            raise NotFoundError(Code.ROOM_NOT_FOUND)
        return None if refused else document

    def get(self, chat_id: str, document_id: str) -> StoredDocument | None:
        """Return the document, or `None`, also for one past its `expires_at`: TTL deletes items late."""
        found = self._table.get(**_key(chat_id, document_id))
        document = StoredDocument.model_validate(found) if found else None
        return document if document and not document.has_expired else None

    def queue(self, chat_id: str, document_id: str, key: str, version_id: str | None) -> StoredDocument | None:
        """Queue an awaited document whose file has arrived under `key`, and remove its TTL; return the stored document.

        Raises NotAllowedError(UPLOAD_NOT_ALLOWED) if the user who registered it may no longer write in the room.
        """
        document = self.get(chat_id, document_id)
        if document is None or document.status != "awaiting_upload":
            return document
        change = "SET #status = :queued, #key = :key, version_id = :version_id REMOVE expires_at"
        condition = "#status = :awaited AND expires_at > :now"
        states = {"queued": "queued", "awaited": "awaiting_upload"}
        values = {**states, "key": key, "version_id": version_id, "now": int(time.time())}
        arrived = self._table.update_part(_key(chat_id, document_id), change, condition, **values)
        refused = self._table.transact(arrived, may_write(self._table, chat_id, document.user_id))
        if refused and 0 not in refused:
            raise NotAllowedError(Code.UPLOAD_NOT_ALLOWED)
        return self.get(chat_id, document_id)

    def retry(self, chat_id: str, document_id: str, user_id: str) -> StoredDocument | None:
        """Queue a failed document whose file exists for another ingest, charged to this user's budget."""
        none_yet = dict.fromkeys(("pages_total", "pages_done", "chunks", "tries", "failures"), 0)
        changes = {"status": "queued", "user_id": user_id, **none_yet}
        failed = Attr("status").eq("failed") & Attr("key").exists()
        return self._change(
            chat_id, document_id, changes, failed, remove=("reason", "reason_page", "charge", "checkpoint")
        )

    def claim(self, chat_id: str, document_id: str, *, message_id: str, lease_s: float) -> StoredDocument | None:
        """Claim a queued document, or one whose run has no lease left, for a new run from its checkpoint on."""
        now, document = time.time(), self.get(chat_id, document_id)
        if document is None:
            return None
        ingest_id = document.ingest_id or new_ulid()
        changes = {
            "status": "reading",
            "ingest_id": ingest_id,
            "run_id": new_ulid(),
            "lease_until": int(now + lease_s),
            "queue_message_id": message_id,
        }
        same = Attr("ingest_id").eq(ingest_id) if document.ingest_id else Attr("ingest_id").not_exists()
        free = (Attr("status").eq("queued") | abandoned(now)) & same
        added: dict[str, set[str] | int] = {"ingest_ids": {ingest_id}, "tries": 1}
        return self._change(chat_id, document_id, changes, free, remove=("reason", "reason_page"), add=added)

    def renew(self, claimed: StoredDocument, *, lease_s: float) -> StoredDocument | None:
        """Extend the lease of the run that has claimed a document to `lease_s` from now."""
        return self._change_claimed(claimed, {"lease_until": int(time.time() + lease_s)})

    def pause(self, claimed: StoredDocument) -> StoredDocument | None:
        """End a run at a checkpoint and give up its lease, so that the next run can claim the document at once."""
        return self._change_claimed(claimed, {"lease_until": 0})

    def release(self, claimed: StoredDocument) -> StoredDocument | None:
        """End a run that failed and queue the document again."""
        return self._change_claimed(claimed, {"status": "queued", "lease_until": int(time.time())}, add={"failures": 1})

    def start_over(self, claimed: StoredDocument) -> StoredDocument | None:
        """Delete the checkpoint, so that searches exclude the chunks indexed so far."""
        return self._change_claimed(claimed, {"pages_done": 0}, remove=("checkpoint",))

    def read_again(self, chat_id: str, document_id: str, *, unless_in: str | None = None) -> StoredDocument | None:
        """Queue a ready document for another ingest, unless its chunks are in the index `unless_in`."""
        is_ready = Attr("status").eq("ready") & Attr("checkpoint").exists()
        condition = is_ready & Attr("checkpoint.index").ne(unless_in) if unless_in else is_ready
        changes = {"status": "queued", "tries": 0, "failures": 0}
        return self._change(chat_id, document_id, changes, condition, moved={"checkpoint": "earlier"})

    def keep_charge(self, document: StoredDocument, charge: Charge, counted: Sequence[Write]) -> StoredDocument | None:
        """Store the charge with the document, in one transaction with the updates that count it in the budgets.

        Raises UnreadableDocumentError(PAGES_BUDGET) if a budget is used up.
        """
        key, condition = _key(document.chat_id, document.document_id), "#status = :reading AND run_id = :run"
        values = {"charge": charge.model_dump(), "reading": "reading", "run": document.run}
        kept = self._table.update_part(key, "SET charge = :charge", condition, **values)
        refused = self._table.transact(kept, *counted)
        if refused and 0 not in refused:
            raise UnreadableDocumentError(Code.PAGES_BUDGET)
        return None if refused else document.model_copy(update={"charge": charge})

    def progress(self, claimed: StoredDocument, *, pages_total: int, pages_done: int) -> StoredDocument | None:
        """Store how many pages this run has read."""
        return self._change_claimed(claimed, {"pages_total": pages_total, "pages_done": pages_done})

    def commit(self, claimed: StoredDocument, checkpoint: Checkpoint, *, pages_total: int) -> StoredDocument | None:
        """Store a checkpoint, from which the next run continues."""
        pages_done = max(checkpoint.pages, claimed.pages_done)  # all of them if a ready document is read again
        counts = {"pages_total": pages_total, "pages_done": pages_done, "tries": 0, "failures": 0}
        return self._change_claimed(claimed, {"checkpoint": checkpoint.model_dump(mode="json"), **counts})

    def ready(self, claimed: StoredDocument, *, pages_total: int, chunks: int) -> StoredDocument | None:
        """Mark the document as ready, so that searches include its chunks, and show its unread pages."""
        unread = claimed.checkpoint.unread.model_dump(mode="json")
        pages = {"pages_total": pages_total, "pages_done": pages_total, **unread}
        changes = {"status": "ready", "lease_until": 0, "chunks": chunks} | pages
        return self._change_claimed(claimed, changes, remove=("earlier",))

    def keep_summary(self, chat_id: str, document_id: str, summary: Summary) -> StoredDocument | None:
        """Store the summary of a ready document, unless it has one."""
        wanting = Attr("status").eq("ready") & Attr("summary").not_exists()
        return self._change(chat_id, document_id, {"summary": summary.model_dump(mode="json")}, wanting)

    def fail(
        self, chat_id: str, document_id: str, reason: Code, *, run: str | None = None, page: int | None = None
    ) -> StoredDocument | None:
        """Mark the document of a run as failed, at `page` if given; without a run, one on which no run has a lease.

        Its pages that were not read, or that were empty, are given back to the budgets. A document that was ready
        before this ingest is restored to its earlier checkpoint and becomes ready instead.
        """
        waiting = Attr("status").is_in(["awaiting_upload", "queued"]) | abandoned(time.time())
        condition = owned_by(run) if run else waiting
        ready, was_ready = {"status": "ready", "lease_until": 0}, condition & Attr("earlier").exists()
        if restored := self._change(chat_id, document_id, ready, was_ready, moved={"earlier": "checkpoint"}):
            return restored
        changes = {"status": "failed", "reason": reason.value, "reason_page": page, "lease_until": int(time.time())}
        failed = self._change(chat_id, document_id, changes, condition, remove=("expires_at",))
        if failed:
            metrics.emit(metrics.DOCUMENTS_FAILED, of=reason.value)
        if failed and failed.charge:
            unused = failed.charge.pages - (failed.pages_done - failed.checkpoint.unread.pages_empty)
            give_back(self._table, failed.charge.model_copy(update={"pages": unused}))
        return failed

    def begin_deletion(self, chat_id: str, document_id: str) -> StoredDocument | None:
        """Mark a document as deleting; a run that is reading it may still write chunks until its lease ends."""
        return self._change(chat_id, document_id, {"status": "deleting"}, EXISTS)

    def end_lease(self, claimed: StoredDocument) -> None:
        """End the lease of the run of a document that is being deleted: it writes nothing more."""
        taken_from_it = Attr("status").eq("deleting") & Attr("run_id").eq(claimed.run)
        self._change(claimed.chat_id, claimed.document_id, {"lease_until": int(time.time())}, taken_from_it)

    def remove(self, chat_id: str, document_id: str) -> None:
        """Delete the item of a document, after everything else of it."""
        self._table.remove(_key(chat_id, document_id))

    def list(self, chat_id: str) -> tuple[StoredDocument, ...]:
        """Return the documents of the room, oldest first, without expired registrations."""
        items = self._table.query(keys.DOCUMENT.all_of(chat_id=chat_id))
        found = (StoredDocument.model_validate(item) for item in items)
        return tuple(document for document in found if not document.has_expired)

    def of_all_rooms(self) -> Iterator[StoredDocument]:
        """Yield the documents of all rooms, by a scan of the whole table."""
        items = self._table.scan(FilterExpression=keys.DOCUMENT.anywhere())
        return (StoredDocument.model_validate(item) for item in items)

    def _change_claimed(self, claimed: StoredDocument, changes: dict[str, Any], **more: Any) -> StoredDocument | None:
        """Change a document unless another run has claimed it since, or it is being deleted."""
        return self._change(claimed.chat_id, claimed.document_id, changes, owned_by(claimed.run), **more)

    def _change(
        self,
        chat_id: str,
        document_id: str,
        changes: dict[str, Any],
        condition: str | ConditionBase,
        *,
        remove: Sequence[str] = (),
        add: Mapping[str, set[str] | int] | None = None,
        moved: Mapping[str, str] | None = None,
    ) -> StoredDocument | None:
        """Set, remove, add to and rename (`moved`: old to new name) attributes if the condition holds; else `None`."""
        added, moves = add or {}, moved or {}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in changes)
        change += "".join(f", #{to} = #{name}" for name, to in moves.items())
        removed = [*remove, *moves]
        change += " REMOVE " + ", ".join(f"#{name}" for name in removed) if removed else ""
        change += " ADD " + ", ".join(f"#{name} :{name}" for name in added) if added else ""
        item = self._table.update(_key(chat_id, document_id), change, condition, **changes, **added)
        return StoredDocument.model_validate(item) if item else None


def _key(chat_id: str, document_id: str) -> keys.Key:
    return keys.DOCUMENT(chat_id=chat_id, document_id=document_id)
