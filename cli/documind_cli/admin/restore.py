"""Restores items that were lost since an instant, by point-in-time recovery, except for what was erased."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from documind.stores import keys
from documind.stores.items import ABSENT, Item, ItemTable, room_is_active
from documind.stores.receipts import KEPT_AFTER_ACCOUNT_S
from documind.stores.rooms import name_key
from documind_cli.admin.doctor import Line
from documind_cli.admin.stage import Stage, StageError

CONTENT = (keys.DOCUMENT, keys.SEGMENT)
# Restored with a lost room; invitations are not.
RIGHTS = (keys.MEMBER, keys.OWNER_DECISION, keys.MEMBERSHIP, keys.USER_DECISION)
OF_ACCOUNTS = (keys.LOGIN, keys.RECEIPT)
WAIT = {"Delay": 20, "MaxAttempts": 3 * 60 * 12}  # seconds; hours for a large table


@dataclass(frozen=True)
class Erased:
    """What was erased, by the receipts: ids of rooms and accounts, and pairs of room id and document id."""

    rooms: frozenset[str]
    accounts: frozenset[str]
    documents: frozenset[tuple[str, str]]

    @classmethod
    def by(cls, receipts: list[Item]) -> "Erased":
        rooms = frozenset(each["chat_id"] for each in receipts if each["kind"] == "room")
        accounts = frozenset(keys.RECEIPT.ids_in(each)["user_id"] for each in receipts if each["kind"] == "account")
        documents = (each for each in receipts if each["kind"] == "document")
        return cls(rooms, accounts, frozenset((each["chat_id"], each.get("document_id", "")) for each in documents))

    def has(self, item: Item) -> bool:
        """Return whether an item belongs to an erased room, document or account."""
        chat_id, document = _chat_id(item), keys.DOCUMENT.ids_in(item)
        if document:
            return chat_id in self.rooms or (chat_id, document["document_id"]) in self.documents
        person = item.get("owner") or item.get("user_id") or _parsed(item, (*RIGHTS, keys.RECEIPT)).get("user_id")
        return chat_id in self.rooms or person in self.accounts


def restore(stage: Stage, instant: datetime) -> Iterator[Line]:
    """Yield the progress; idempotent, and changes no existing item. Raises StageError for an instant too far back.

    DynamoDB restores into new tables, which are deleted at the end:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_restores.html
    """
    if instant < datetime.now(UTC) - timedelta(seconds=KEPT_AFTER_ACCOUNT_S):
        raise StageError("Receipts of deleted accounts are kept for 30 days: name an instant that is not further back.")
    rooms, messages = stage.table("RoomsTable"), stage.table("MessagesTable")
    copies = {table.name: _begin(stage, table, instant) for table in (rooms, messages)}
    if not any(copies.values()):
        raise StageError("This stage keeps no backup of its tables.")
    for name, copy in copies.items():
        if copy is None:
            yield Line(f"{name} is not backed up on this stage")
            continue
        yield Line(f"waiting for {copy.name}, which takes minutes, of a large table hours")
        copy.meta.client.get_waiter("table_exists").wait(TableName=copy.name, WaiterConfig=WAIT)
    if copy := copies[rooms.name]:
        yield Line(_put_rooms(ItemTable(rooms), ItemTable(copy)))
    if copy := copies[messages.name]:
        targets = ItemTable(rooms), ItemTable(messages)
        put = sum(_put_message(*targets, item) for item in ItemTable(copy).scan())
        yield Line(f"{put} live messages put back")
    for copy in filter(None, copies.values()):
        copy.delete()
    yield Line(f"restored: `{stage.typed('reindex --all')}` if the search has lost something, too")


def _begin(stage: Stage, table: Any, instant: datetime) -> Any:
    """Start restoring a table under another name and return the new table; None if it has no backup."""
    client, name = table.meta.client, f"{table.name}-{instant:%Y%m%dT%H%M%SZ}"
    backups = client.describe_continuous_backups(TableName=table.name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        return None
    try:
        with suppress(client.exceptions.TableAlreadyExistsException):  # of a call that was stopped
            client.restore_table_to_point_in_time(
                SourceTableName=table.name,
                TargetTableName=name,
                RestoreDateTime=instant,
                BillingModeOverride="PAY_PER_REQUEST",
            )
    except client.exceptions.InvalidRestoreTimeException as error:
        first, last = recovery["EarliestRestorableDateTime"], recovery["LatestRestorableDateTime"]
        raise StageError(f"{table.name} can be restored as it was from {first} to {last}.") from error
    return stage.account.table(name)


def _put_rooms(rooms: ItemTable, copy: ItemTable) -> str:
    """Put back lost rooms, each with its `META` item last, and the lost documents and segments of existing rooms."""
    attributes = "pk, sk, kind, chat_id, document_id"
    there = {(item["pk"], item["sk"]): item for item in rooms.scan(ProjectionExpression=attributes)}
    erased = Erased.by([item for item in there.values() if keys.RECEIPT.ids_in(item)])
    metas = copy.scan(FilterExpression=keys.ROOM.anywhere())
    lost = {
        meta["chat_id"]: meta
        for meta in metas
        if (meta["pk"], meta["sk"]) not in there and meta["state"] == "active" and not erased.has(meta)
    }
    put = 0
    for item in copy.scan():
        if (item["pk"], item["sk"]) not in there and "expires_at" not in item and not erased.has(item):
            put += _put(rooms, item, lost)
    for meta in lost.values():
        _put_room(rooms, meta)
    return f"{len(lost)} rooms and {put} items of rooms and accounts put back"


def _put_room(rooms: ItemTable, meta: Item) -> None:
    """Put back the `META` item of a room, under another name if its owner has since created a room of that name."""
    while True:
        name = {**name_key(meta["owner"], meta["name"]), "chat_id": meta["chat_id"]}
        if 1 not in rooms.transact(rooms.put_part(meta, ABSENT), rooms.put_part(name, ABSENT)):
            return
        meta |= {"name": f"{meta['name']} (restored)"}


def _put(rooms: ItemTable, item: Item, lost: dict[str, Item]) -> bool:
    """Put an item back if only an erasure removes its kind; in an existing room, only while that is active."""
    is_content = bool(_parsed(item, CONTENT)) and item.get("status", "ready") in {"ready", "failed"}
    of_lost_room = _chat_id(item) in lost and (is_content or _parsed(item, RIGHTS))
    if of_lost_room or _parsed(item, OF_ACCOUNTS):
        return not rooms.transact(rooms.put_part(item, ABSENT))
    return is_content and not rooms.transact(rooms.put_part(item, ABSENT), room_is_active(rooms, _chat_id(item)))


def _put_message(rooms: ItemTable, messages: ItemTable, item: Item) -> bool:
    """Put a live message back if its room is active and it is absent; readers merge it with a copy in a segment."""
    kept = messages.put_part(item, "attribute_not_exists(chat_id)")
    return not rooms.transact(room_is_active(rooms, item["chat_id"]), kept)


def _parsed(item: Item, kinds: Iterable[keys.ItemKey]) -> dict[str, str]:
    """Return the ids in the keys of an item of one of these kinds; empty for any other."""
    return next(filter(None, (kind.ids_in(item) for kind in kinds)), {})


def _chat_id(item: Item) -> str:
    return _parsed(item, (*CONTENT, *RIGHTS, keys.ROOM)).get("chat_id") or item.get("chat_id", "")
