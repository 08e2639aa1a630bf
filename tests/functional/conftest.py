"""The two tables and the bucket as the stack makes them, and a clock that can be moved on."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from documind.clients.objects import SIGNED_LINKS, Objects
from documind.stores.documents import StoredDocument
from tests.functional.world import Person, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3.client import S3Client

BUCKET = "documents"
REGION = "us-east-1"


@pytest.fixture(scope="session")
def aws() -> Iterator[tuple["Table", "Table", "S3Client"]]:
    """Make tables and bucket once, for clients are slow to make; each test finds the tables empty."""
    with mock_aws():
        s3 = boto3.client("s3", region_name=REGION, config=SIGNED_LINKS)
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield _table("rooms", "pk", "sk"), _table("messages", "chat_id", "message_id"), s3


@pytest.fixture
def rooms_table(aws: tuple["Table", "Table", "S3Client"]) -> Iterator["Table"]:
    yield aws[0]
    _empty(aws[0], "pk", "sk")


@pytest.fixture
def messages_table(aws: tuple["Table", "Table", "S3Client"]) -> Iterator["Table"]:
    yield aws[1]
    _empty(aws[1], "chat_id", "message_id")


@pytest.fixture
def objects(aws: tuple["Table", "Table", "S3Client"]) -> Objects:
    return Objects(aws[2], BUCKET)


@pytest.fixture
def world(rooms_table: "Table", messages_table: "Table", objects: Objects, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(rooms_table, messages_table, objects, monkeypatch)


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what moves the clock on by some seconds."""
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
def document(world: World, chat_id: str) -> StoredDocument:
    return world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.", "質量即慣性😀。")


def _table(name: str, partition_key: str, sort_key: str) -> "Table":
    return boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": partition_key, "KeyType": "HASH"},
            {"AttributeName": sort_key, "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": partition_key, "AttributeType": "S"},
            {"AttributeName": sort_key, "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def _empty(table: "Table", *key: str) -> None:
    with table.batch_writer() as writer:
        for item in table.scan()["Items"]:
            writer.delete_item(Key={name: item[name] for name in key})
