"""Migrates items that older versions of this project wrote, so that no function needs a branch for them."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from documind.stores import keys
from documind.stores.items import Item, ItemTable
from local import aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

MIGRATION = "1"  # raise it with each change of items that functions rely on


def migrate_once(folder: Path, endpoint: str, rooms_table: str) -> None:
    """Migrate the table `rooms` unless this state folder has been migrated; idempotent."""
    done = folder / "migration"
    if done.exists() and done.read_text() == MIGRATION:
        return
    migrate(aws.table(endpoint, rooms_table))
    done.write_text(MIGRATION)


def migrate(rooms: "Table") -> None:
    """Give every item the attributes that it lacks."""
    items = list(ItemTable(rooms).scan())
    members = Counter(item["pk"] for item in items if keys.MEMBER.ids_in(item))
    names = {item["user_id"]: item["name"] for item in items if item["pk"].startswith("LOGIN#")}
    for item in items:
        lacking = {name: value for name, value in attributes(item, members, names).items() if name not in item}
        if lacking:
            rooms.put_item(Item=item | lacking)


def attributes(item: Item, members: Counter[str], names: dict[str, str]) -> Item:
    """Return the attributes that an item of this kind must have, with their default values."""
    if item["sk"] == "META":
        return {"members": members[item["pk"]]}
    if member := keys.MEMBER.ids_in(item):
        return {"name": names.get(member["user_id"], member["user_id"])}
    if keys.QUESTION.ids_in(item):
        return {"user_id": ""}
    if keys.DOCUMENT.ids_in(item) and item.get("ingest_id"):
        return {"ingest_ids": {item["ingest_id"]}} | (_checkpoint(item) if item["status"] == "ready" else {})
    return {}


def _checkpoint(document: Item) -> Item:
    pages, chunks = int(document.get("pages_total", 0)), int(document.get("chunks", 0))
    return {"checkpoint": {"pages": pages, "chunks": chunks, "attempt_ids": [document["ingest_id"]]}}
