"""The migration of a local run's older data: afterwards items are as if this version had written them."""

from typing import TYPE_CHECKING

from documind.stores import keys
from documind.stores.documents import StoredDocument
from local.migration import migrate
from tests.functional.world import ANN, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def strip(table: "Table", key: keys.Key, *names: str) -> None:
    """Take attributes from an item, as an older version would not have written them."""
    table.update_item(
        Key=key,
        UpdateExpression="REMOVE " + ", ".join(f"#{name}" for name in names),
        ExpressionAttributeNames={f"#{name}": name for name in names},
    )


def test_migrated_items_equal_those_of_this_version(
    world: World, chat_id: str, document: StoredDocument, rooms_table: "Table"
) -> None:
    ids = {"chat_id": chat_id, "user_id": "ann", "document_id": document.document_id}
    world.accounts.signed_in(ANN)
    found, members = document.searched_ids, world.members.of_room(chat_id)
    assert found
    strip(rooms_table, keys.ROOM(**ids), "members")
    strip(rooms_table, keys.MEMBER(**ids), "name")
    strip(rooms_table, keys.DOCUMENT(**ids), "checkpoint", "ingest_ids")

    migrate(rooms_table)
    migrate(rooms_table)

    assert world.members.of_room(chat_id) == members
    kept = world.documents.get(chat_id, document.document_id)
    assert kept
    assert (kept.searched_ids, kept.ingest_ids) == (found, document.ingest_ids)
    assert world.rooms.get(chat_id, "ann").role == "owner"
    assert rooms_table.get_item(Key=keys.ROOM(**ids))["Item"]["members"] == 1
