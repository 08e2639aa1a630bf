"""The tables on DynamoDB Local and the bucket on moto, as the stack makes them, and a clock that tests can advance."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from moto.core.models import botocore_stubber

from documind.clients.objects import SIGNED_LINKS, Objects
from documind.stores.documents import StoredDocument
from local.tables import REGION, dynamodb_local, make_messages_table, make_rooms_table
from tests.functional.world import Person, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from mypy_boto3_s3.client import S3Client

BUCKET = "documents"


@pytest.fixture(scope="session")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DynamoDBServiceResource"]:
    with dynamodb_local(tmp_path_factory.mktemp("dynamodb")) as resource:
        # moto would compare the URL of each request with those of all services of AWS.
        resource.meta.client.meta.events.unregister("before-send", botocore_stubber)  # type: ignore[arg-type]
        yield resource


@pytest.fixture(scope="session")
def s3() -> Iterator["S3Client"]:
    with mock_aws():
        client = boto3.client("s3", region_name=REGION, config=SIGNED_LINKS)
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


@pytest.fixture(scope="session")
def made_rooms_table(dynamodb: "DynamoDBServiceResource") -> "Table":
    return make_rooms_table(dynamodb)


@pytest.fixture(scope="session")
def made_messages_table(dynamodb: "DynamoDBServiceResource") -> "Table":
    return make_messages_table(dynamodb)


@pytest.fixture
def rooms_table(made_rooms_table: "Table") -> Iterator["Table"]:
    yield made_rooms_table
    _empty(made_rooms_table)


@pytest.fixture
def messages_table(made_messages_table: "Table") -> Iterator["Table"]:
    yield made_messages_table
    _empty(made_messages_table)


@pytest.fixture
def objects(s3: "S3Client") -> Objects:
    return Objects(s3, BUCKET)


@pytest.fixture
def world(rooms_table: "Table", messages_table: "Table", objects: Objects, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(rooms_table, messages_table, objects, monkeypatch)


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that advances the clock by some seconds."""
    real, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])

    def move_on(seconds: float) -> None:
        passed[0] += seconds

    return move_on


@pytest.fixture
def ann(world: World) -> Person:
    return world.person("ann")


@pytest.fixture
def chat_id(ann: Person) -> str:
    return ann.open()


@pytest.fixture
def bob(world: World, chat_id: str) -> Person:
    bob = world.person("bob")
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    return bob


@pytest.fixture
def document(world: World, chat_id: str) -> StoredDocument:
    return world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.", "質量即慣性😀。")


def _empty(table: "Table") -> None:
    """Delete all items, so that each test finds empty tables; creating new tables takes longer."""
    names = [part["AttributeName"] for part in table.key_schema]
    while True:
        page = table.scan()
        with table.batch_writer() as writer:
            for item in page["Items"]:
                writer.delete_item(Key={name: item[name] for name in names})
        if "LastEvaluatedKey" not in page:
            return
