"""Restoring from a backup: lost items are restored, erased data and withdrawn rights are not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from documind.stores import keys
from documind.stores.items import ItemTable
from documind.wire import AccountDelete, DocumentDelete, Opened, RoomDelete
from documind_cli.admin.restore import restore
from documind_cli.admin.stage import Account, Stage, StageError
from local.tables import make_table
from tests.functional.messages import said, say
from tests.functional.test_erasing import run_erasures
from tests.functional.world import ANN, HERE, World, only

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

NOON = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Here(Account):
    """An account with the tables of DynamoDB Local, which has no backups."""

    dynamodb: Any = None

    def table(self, name: str) -> Any:
        return self.dynamodb.Table(name)


@pytest.fixture
def stage(dynamodb: "DynamoDBServiceResource", monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Return a stage with the tables of the world, whose restores seem to have been started before."""
    client = dynamodb.meta.client

    def begun(**_: Any) -> None:
        raise client.exceptions.TableAlreadyExistsException({"Error": {}}, "RestoreTableToPointInTime")

    enabled = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
    described = {"ContinuousBackupsDescription": enabled}
    monkeypatch.setattr(client, "describe_continuous_backups", lambda **_: described)
    monkeypatch.setattr(client, "restore_table_to_point_in_time", begun)
    outputs = {"RoomsTable": "rooms", "MessagesTable": "messages"}
    return Stage("dev", "DocuMind-dev", Here(dynamodb=dynamodb), outputs)


@pytest.fixture
def back_up(dynamodb: "DynamoDBServiceResource", world: World) -> Callable[[], None]:
    """Return a function that copies both tables to the names of their restored tables."""

    def copy() -> None:
        for table, partition, sort in (
            (world.rooms_table, "pk", "sk"),
            (world.messages_table, "chat_id", "message_id"),
        ):
            copied = make_table(dynamodb, f"{table.name}-{NOON:%Y%m%dT%H%M%SZ}", partition, sort)
            with copied.batch_writer() as writer:
                for item in ItemTable(table).scan():
                    writer.put_item(Item=item)

    return copy


def lose(table: "Table", *prefixes: str) -> None:
    """Delete all items whose partition key begins with one of the prefixes, as a faulty program would."""
    names = [part["AttributeName"] for part in table.key_schema]
    for item in list(ItemTable(table).scan()):
        if str(item[names[0]]).startswith(prefixes):
            table.delete_item(Key={name: item[name] for name in names})


def roles(world: World, chat_id: str) -> dict[str, str]:
    return {each.user_id: each.role for each in world.members.of_room(chat_id)}


def test_a_restore_of_a_lost_room_is_complete_and_idempotent(
    world: World, stage: Stage, back_up: Callable[[], None]
) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    world.accounts.signed_in(ANN)
    world.invite(chat_id, "bob")
    document = world.ready_document(chat_id, "Mass is inertia.")
    say(world, chat_id, [said(1)])
    world.history.flush(chat_id)
    say(world, chat_id, [said(2)])
    history, members = world.whole_history(chat_id), roles(world, chat_id)
    for _ in range(2):
        back_up()
        lose(world.rooms_table, f"ROOM#{chat_id}", "USER#", "LOGIN#")
        lose(world.messages_table, chat_id)
        told = [line.text for line in restore(stage, NOON)]
        assert "1 live messages put back" in told
        assert any(line.startswith("1 rooms and ") for line in told)
        assert world.rooms.open_by_name(ANN, "Physics").chat_id == chat_id
        assert roles(world, chat_id) == members
        assert world.documents.list(chat_id) == (document,)
        assert world.whole_history(chat_id) == history
        assert world.accounts.find("Ann") == ANN
    assert {table.name for table in stage.account.dynamodb.tables.all()} == {"rooms", "messages"}  # type: ignore[attr-defined]


def test_a_restore_changes_no_existing_item_and_restores_no_withdrawn_rights(
    world: World, stage: Stage, back_up: Callable[[], None], chat_id: str
) -> None:
    ann = world.person("ann", device="phone")
    world.invite(chat_id, "bob")
    document = world.ready_document(chat_id, "Mass is inertia.")
    back_up()
    world.rooms.rename(chat_id, "ann", "Chemistry")
    world.expel(chat_id, "bob")
    world.rooms_table.delete_item(Key=keys.DOCUMENT(chat_id=chat_id, document_id=document.document_id))
    list(restore(stage, NOON))
    assert only(Opened, ann.enter(chat_id)).name == "Chemistry"
    assert roles(world, chat_id) == {"ann": "owner"}
    assert world.documents.list(chat_id) == (document,)
    assert world.rooms.open_by_name(ANN, "Physics").chat_id != chat_id


def test_a_lost_room_whose_name_was_taken_comes_back_under_another(
    world: World, stage: Stage, back_up: Callable[[], None], chat_id: str
) -> None:
    back_up()
    lose(world.rooms_table, f"ROOM#{chat_id}", "USER#")
    newer = world.rooms.open_by_name(ANN, "Physics").chat_id
    list(restore(stage, NOON))
    names = {room.name: room.chat_id for room in world.rooms.of_user("ann")}
    assert names == {"Physics": newer, "Physics (restored)": chat_id}
    assert world.rooms.open_by_name(ANN, "Physics (restored)").chat_id == chat_id


def test_erased_data_is_never_restored(world: World, stage: Stage, back_up: Callable[[], None], chat_id: str) -> None:
    ann, bob = world.person("ann", device="phone"), world.person("bob")
    document = world.ready_document(chat_id, "Mass is inertia.")
    kept = world.ready_document(chat_id, "Energy is conserved.")
    erased, closing, of_bob = ann.open("Secrets"), ann.open("Later"), bob.open("Bob's")
    world.ready_document(erased, "Nobody may know.")
    for room in (chat_id, erased, closing, of_bob):
        say(world, room, [said(1)])
        world.history.flush(room)
        say(world, room, [said(2)])
    world.invite(chat_id, "bob")
    back_up()
    ann.enter(chat_id)
    ann.send(DocumentDelete(request_id="r", chat_id=HERE, document_id=document.document_id))
    ann.send(RoomDelete(request_id="r", chat_id=erased))
    bob.send(AccountDelete(request_id="r", name="Bob"))
    run_erasures(world, world.objects)
    ann.send(RoomDelete(request_id="r", chat_id=closing))  # its erasure is not finished
    for segment in world.segments(closing):
        world.rooms_table.delete_item(Key={"pk": f"ROOM#{closing}", "sk": segment})
    lose(world.rooms_table, f"ROOM#{chat_id}")

    list(restore(stage, NOON))
    assert world.documents.list(chat_id) == (kept,)
    assert roles(world, chat_id) == {"ann": "owner"}
    left = [f"{item['pk']} {item['sk']}" for item in ItemTable(world.rooms_table).scan()]
    assert not [key for key in left if erased in key or of_bob in key or key.startswith("LOGIN#bob")]
    assert world.segments(closing) == []
    assert world.live_messages(erased) == world.live_messages(of_bob) == []
    run_erasures(world, world.objects)
    assert world.live_messages(closing) == []


def test_an_instant_before_the_oldest_receipt_is_refused(stage: Stage) -> None:
    with pytest.raises(StageError, match="30 days"):
        list(restore(stage, NOON - timedelta(days=31)))
