"""Fixtures: the document store and the bucket of the ingest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from moto import mock_aws

from documind.clients.objects import Objects
from documind.stores.documents import DocumentStore
from documind.stores.items import ItemTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3.client import S3Client

REGION: Final = "eu-west-1"
BUCKET = "documents"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def documents(rooms_table: "Table") -> DocumentStore:
    for chat_id in ("room", "other"):
        rooms_table.put_item(Item={"pk": f"ROOM#{chat_id}", "sk": "META", "state": "active"})
        for user_id in ("u", "u-ada"):
            rooms_table.put_item(Item={"pk": f"ROOM#{chat_id}", "sk": f"MEMBER#{user_id}", "role": "writer"})
    return DocumentStore(ItemTable(rooms_table))


@pytest.fixture
def s3(aws: None) -> "S3Client":  # noqa: ARG001
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture
def objects(s3: "S3Client") -> Objects:
    return Objects(s3, BUCKET)
