"""Erasing a room, a document or an account: first closed to everybody, then erased in idempotent steps."""

import json
import time
from collections.abc import Callable
from typing import Any, Literal

from boto3.dynamodb.conditions import ConditionBase

from documind.errors import Code, NotAllowedError, NotFoundError
from documind.stores import keys
from documind.stores.documents import StoredDocument
from documind.stores.items import ABSENT, EXISTS, Item, ItemTable, Stored, Write
from documind.stores.receipts import new_receipt, receipt_item
from documind.stores.rooms import name_key
from documind.wire import Receipt

ERASED_AFTER_S = 1  # SQS delay: the room is closed after its erasure is enqueued, and usually within this time


class Erasure(Stored):
    """A queue message: the room or document to erase, and its receipt; SQS delivers it at least once."""

    chat_id: str
    owner_id: str  # of the receipt: the owner of the room, or whoever deletes the document
    receipt_id: str
    document_id: str | None = None  # none: the whole room
    enqueued_at: int  # seconds since 1970
    of_account: bool = False  # the receipt is that of the owner's account, and counts the erased rooms

    def to_message(self) -> dict[str, dict[str, str | int]]:
        """Return the body of the queue message."""
        return {"erase": self.model_dump()}


class AccountErasure(Stored):
    """A queue message: the account to erase, and its receipt; SQS delivers it at least once."""

    user_id: str
    receipt_id: str

    def to_message(self) -> dict[str, dict[str, str]]:
        """Return the body of the queue message."""
        return {"erase_account": self.model_dump()}


def erasure_in(message: str) -> Erasure | AccountErasure:
    """Return the erasure in the body of a queue message."""
    plain = json.loads(message)
    if "erase_account" in plain:
        return AccountErasure.model_validate(plain["erase_account"])
    return Erasure.model_validate(plain["erase"])


class ErasureStore:
    """Closes rooms and documents, and deletes what both tables hold of a room; every step is idempotent."""

    def __init__(self, rooms: ItemTable, messages: ItemTable) -> None:
        self._rooms = rooms
        self._messages = messages

    def begin(self, chat_id: str, user_id: str, connection_id: str, enqueue: Callable[[Erasure], None]) -> Erasure:
        """Close the room to everybody, free its name, and put its receipt; if it is being deleted, only enqueue again.

        The erasure is enqueued before the room is closed: if enqueuing fails, the owner still sees the room and can
        repeat the request. Raises DocumindError: NOT_OWNER, ROOM_NOT_FOUND.
        """
        while True:
            meta = self._owned(chat_id, user_id)
            if meta["state"] == "deleting":
                erasure = _erasure(chat_id, user_id, meta["receipt_id"])
                enqueue(erasure)
                return erasure
            receipt = new_receipt("room", meta["name"], chat_id=chat_id)
            erasure = _erasure(chat_id, user_id, receipt.receipt_id)
            enqueue(erasure)
            item = receipt_item(user_id, receipt, connection_id)
            if self._close(erasure, meta["name"], self._rooms.put_part(item, ABSENT)):
                return erasure

    def begin_with_account(
        self,
        chat_id: str,
        account: AccountErasure,
        enqueue: Callable[[Erasure], None],
        counted: Write,
    ) -> bool:
        """Close a room for the erasure of its owner's account; False if it is already closed.

        What is erased is counted in the receipt of the account. `counted` is written in the same transaction.
        """
        while True:
            meta = self._rooms.get(**keys.ROOM(chat_id=chat_id))
            if meta is None or meta["state"] == "deleting":
                return False
            erasure = _erasure(chat_id, account.user_id, account.receipt_id, of_account=True)
            enqueue(erasure)
            if self._close(erasure, meta["name"], counted):
                return True

    def begin_document(
        self, document: StoredDocument, user_id: str, connection_id: str, enqueue: Callable[[Erasure], None]
    ) -> Receipt:
        """Enqueue the erasure of a document, then mark it as deleting, which fences its ingest; return the receipt.

        Raises NotFoundError(DOCUMENT_NOT_FOUND) if it is gone or being deleted.
        """
        receipt = new_receipt("document", document.name, chat_id=document.chat_id)
        enqueue(_erasure(document.chat_id, user_id, receipt.receipt_id, document_id=document.document_id))
        deleting = self._rooms.update_part(
            keys.DOCUMENT(chat_id=document.chat_id, document_id=document.document_id),
            "SET #status = :deleting, receipt_id = :receipt REMOVE expires_at",
            f"{EXISTS} AND #status <> :deleting",
            deleting="deleting",
            receipt=receipt.receipt_id,
        )
        item = receipt_item(user_id, receipt, connection_id) | {"document_id": document.document_id}
        if self._rooms.transact(deleting, self._rooms.put_part(item, ABSENT)):
            raise NotFoundError(Code.DOCUMENT_NOT_FOUND)
        return receipt

    def state_of(self, erasure: Erasure) -> Literal["enqueued", "begun", "done", "another's"]:
        """Return how far an erasure is.

        `enqueued`: the room is still active. `begun`: closed by this erasure. `another's`: closed by another one.
        `done`: the room is gone.
        """
        meta = self._rooms.get(**keys.ROOM(chat_id=erasure.chat_id))
        if meta is None:
            return "done"
        if meta["state"] == "active":
            return "enqueued"
        return "begun" if meta["receipt_id"] == erasure.receipt_id else "another's"

    def delete_live_messages(self, chat_id: str) -> int:
        """Delete the live messages and return their number."""
        condition, names = keys.messages_of(chat_id), "chat_id, message_id"
        live = list(self._messages.query(condition, ProjectionExpression=names))
        self._messages.remove_all(live)
        return len(live)

    def delete_items(self, chat_id: str) -> int:
        """Delete all items of the room but `META`, its memberships and invitations; return the number of segments."""
        of_room = self._keys(keys.ROOM.partition(chat_id=chat_id))
        of_room += self._keys(keys.ROOM_BUDGET.partition(chat_id=chat_id))
        of_room = [key for key in of_room if key != keys.ROOM(chat_id=chat_id)]
        self._rooms.remove_all(leading for key in of_room if (leading := _leading_here(key)))
        self._rooms.remove_all(of_room)  # last: a retry after a crash reads them to find the others
        return sum(bool(keys.SEGMENT.ids_in(key)) for key in of_room)

    def finish(self, chat_id: str, *counted: Write) -> None:
        """Delete the room's last item, `META`; its state `deleting` refused all writes until now.

        `counted` is written in the same transaction.
        """
        self._rooms.transact(self._rooms.delete_part(keys.ROOM(chat_id=chat_id), EXISTS), *counted)

    def _owned(self, chat_id: str, user_id: str) -> Item:
        meta = self._rooms.get(**keys.ROOM(chat_id=chat_id))
        if meta is not None and meta["owner"] == user_id:
            return meta
        is_member = self._rooms.get(**keys.MEMBER(chat_id=chat_id, user_id=user_id)) is not None
        raise NotAllowedError(Code.NOT_OWNER if meta and is_member else Code.ROOM_NOT_FOUND)

    def _close(self, erasure: Erasure, name: str, more: Write) -> bool:
        """Close a room, free its name and write `more`; False if it has been renamed or closed in between."""
        closed = self._rooms.update_part(
            keys.ROOM(chat_id=erasure.chat_id),
            "SET #state = :deleting, receipt_id = :receipt",
            "#state = :active AND #name = :name",
            active="active",
            deleting="deleting",
            name=name,
            receipt=erasure.receipt_id,
        )
        return not self._rooms.transact(closed, self._rooms.delete_part(name_key(erasure.owner_id, name)), more)

    def _keys(self, condition: ConditionBase) -> list[Item]:
        return list(self._rooms.query(condition, ProjectionExpression="pk, sk"))


def _erasure(chat_id: str, owner_id: str, receipt_id: str, **more: Any) -> Erasure:
    return Erasure(chat_id=chat_id, owner_id=owner_id, receipt_id=receipt_id, enqueued_at=int(time.time()), **more)


def _leading_here(key: Item) -> keys.Key | None:
    """Return the key of the counterpart of a room's item in a user's partition or in that of an invitation."""
    if member := keys.MEMBER.ids_in(key):
        return keys.MEMBERSHIP(**member)
    if decision := keys.OWNER_DECISION.ids_in(key):
        return keys.USER_DECISION(**decision)
    if invitation := keys.ROOM_INVITATION.ids_in(key):
        return keys.INVITATION(**invitation)
    return None
