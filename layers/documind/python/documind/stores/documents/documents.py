"""The documents of a room: announced, uploaded, read, ready or failed.

Every change is conditional. A method that changes a document returns it as it then is, or `None` when the document is
no longer in the state that the change starts from: it was deleted, or another run has overtaken this one. Whoever gets
`None` falls silent.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from documind.errors import Code, LimitExceededError, NotAllowedError, NotFoundError
from documind.ids import new_ulid
from documind.limits import MAX_ROOM_DOCUMENTS
from documind.stores import keys
from documind.stores.budgets import Charge, give_back
from documind.stores.documents.document import StoredDocument
from documind.stores.items import (
    VERSION,
    get_item,
    put_if_absent,
    query_items,
    room_is_active,
    transact,
    update,
    update_part,
)
from documind.stores.members import may_write
from documind.wire import User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

UPLOAD_EXPIRES_S = 3600  # an announced upload that never arrives goes by TTL


class Documents:
    """The items `ROOM#c / DOC#d` of the rooms table."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def announce(
        self,
        chat_id: str,
        name: str,
        size_bytes: int,
        sha256: str,
        user: User,
        *,
        max_documents: int = MAX_ROOM_DOCUMENTS,
    ) -> StoredDocument:
        """Keep a document whose file is still to come, or return the one of the room that holds or awaits this file.

        It goes by itself unless its file arrives within an hour; announced again, it has another hour, and is of
        whoever did so. Of those who announce at the same time one succeeds, and the others count again: the write is
        conditional on the revision from before the documents were counted (optimistic locking).

        Raises DocumindError: DOCUMENT_LIMIT, ROOM_NOT_FOUND if the room is being deleted.
        """
        while True:
            revision = (get_item(self._table, **keys.DOCUMENTS(chat_id=chat_id)) or {}).get("revision", 0)
            documents = self.list(chat_id)
            same = _same(documents, sha256)
            if same is None and sum(each.status != "deleting" for each in documents) >= max_documents:
                raise LimitExceededError(Code.DOCUMENT_LIMIT, limit=max_documents)
            if same is None:
                kept = self._put_announced(_announced(chat_id, name, size_bytes, sha256, user), revision)
            elif same.status == "awaiting_upload":
                kept = self._await_again(same, size_bytes, user)
            else:
                return same
            if kept:
                return kept

    def _put_announced(self, document: StoredDocument, revision: int) -> StoredDocument | None:
        """Keep an announced document; None: another one has been announced since this revision."""
        chat_id = document.chat_id
        item = _key(chat_id, document.document_id) | document.model_dump(exclude_unset=True) | {"version": VERSION}
        change, condition = "SET revision = :next, version = :version", "attribute_not_exists(pk) OR revision = :read"
        values = {"read": revision, "next": revision + 1, "version": VERSION}
        refused = transact(
            self._table,
            room_is_active(self._table, chat_id),
            put_if_absent(self._table, item),
            update_part(self._table, keys.DOCUMENTS(chat_id=chat_id), change, condition, **values),
        )
        if 0 in refused:
            raise NotFoundError(Code.ROOM_NOT_FOUND)
        return None if refused else document

    def _await_again(self, document: StoredDocument, size_bytes: int, user: User) -> StoredDocument | None:
        """Let an awaited document have another hour; None: its file has just arrived, or it is gone."""
        changes = {
            "size_bytes": size_bytes,  # of two who announce the same content differently, the later may be right
            "uploaded_by": user.name,
            "user_id": user.user_id,
            "expires_at": int(time.time()) + UPLOAD_EXPIRES_S,
        }
        awaited = Attr("status").eq("awaiting_upload")
        return self._change(document.chat_id, document.document_id, changes, awaited)

    def get(self, chat_id: str, document_id: str) -> StoredDocument | None:
        """Return the document, or `None`; one whose upload never came is gone in time, however late TTL deletes it."""
        found = get_item(self._table, **_key(chat_id, document_id))
        document = StoredDocument.model_validate(found) if found else None
        return document if document and not document.has_expired else None

    def queue(self, chat_id: str, document_id: str, key: str, version_id: str | None) -> StoredDocument | None:
        """Its file has arrived under `key`: awaiting_upload becomes queued, and the document stays.

        Raises NotAllowedError(UPLOAD_NOT_ALLOWED) if who announced it may not write in the room any more.
        """
        document = self.get(chat_id, document_id)
        if document is None:
            return None
        change = "SET #status = :queued, #key = :key, version_id = :version_id REMOVE expires_at"
        values = {"queued": "queued", "key": key, "version_id": version_id}
        arrived = update_part(
            self._table,
            _key(chat_id, document_id),
            change,
            "#status = :awaited AND expires_at > :now",
            awaited="awaiting_upload",
            now=int(time.time()),
            **values,
        )
        refused = transact(self._table, arrived, may_write(self._table, chat_id, document.user_id))
        if 0 in refused:
            return None
        if refused:
            raise NotAllowedError(Code.UPLOAD_NOT_ALLOWED)
        return self.get(chat_id, document_id)

    def retry(self, chat_id: str, document_id: str, user_id: str) -> StoredDocument | None:
        """Let a failed document whose file is there be read again, at the expense of this user's budget."""
        none_yet = dict.fromkeys(("pages_total", "pages_done", "pages_empty", "chunks"), 0)
        changes = {"status": "queued", "user_id": user_id, **none_yet}
        failed = Attr("status").eq("failed") & Attr("key").exists()
        return self._change(chat_id, document_id, changes, failed, remove=("reason", "charge"))

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
        return self._change(chat_id, document_id, changes, free, remove=("reason",), add={"ingest_ids": {ingest_id}})

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
        failed = self._change(chat_id, document_id, changes, condition, remove=("expires_at",))
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

    def remove(self, chat_id: str, document_id: str) -> None:
        """Forget a document of which nothing else is left."""
        self._table.delete_item(Key=_key(chat_id, document_id))

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
        remove: Sequence[str] = (),
        add: dict[str, set[str]] | None = None,
    ) -> StoredDocument | None:
        """Set these attributes if the condition holds, remove some, add to sets; otherwise return `None`."""
        added = add or {}
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in changes)
        change += " REMOVE " + ", ".join(f"#{name}" for name in remove) if remove else ""
        change += " ADD " + ", ".join(f"#{name} :{name}" for name in added) if added else ""
        item = update(self._table, _key(chat_id, document_id), change, condition, **changes, **added)
        return StoredDocument.model_validate(item) if item else None


def _announced(chat_id: str, name: str, size_bytes: int, sha256: str, user: User) -> StoredDocument:
    return StoredDocument(
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


def _same(documents: Sequence[StoredDocument], sha256: str) -> StoredDocument | None:
    """Return the document that holds, or else the one that awaits, a file with this hash."""
    same = [document for document in documents if document.sha256 == sha256]
    arrived = (document for document in same if document.status in {"queued", "reading", "ready"})
    awaited = (document for document in same if document.status == "awaiting_upload")
    return next(arrived, None) or next(awaited, None)


def _key(chat_id: str, document_id: str) -> keys.Key:
    return keys.DOCUMENT(chat_id=chat_id, document_id=document_id)


def _owned_by(ingest_id: str) -> ConditionBase:
    return Attr("status").eq("reading") & Attr("ingest_id").eq(ingest_id)


def _abandoned(now: float) -> ConditionBase:
    """A run that can no longer be alive: its lease ends with its function's time."""
    return Attr("status").eq("reading") & Attr("lease_until").lt(int(now))
