"""The two tables on DynamoDB Local, for tests and benchmarks; it validates requests as AWS does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local import services
from local.children import Children
from local.ports import free_port

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

REGION = "us-east-1"
NOBODY = "nobody"  # an access key id; DynamoDB Local has separate tables for each key id and region


@contextmanager
def dynamodb_local(folder: Path) -> Iterator["DynamoDBServiceResource"]:
    """Start DynamoDB Local, with its log in `folder`, and stop it at the end."""
    children, port = Children(folder, lambda _line: None), free_port()
    try:
        children.serve(services.dynamodb(port))
        yield boto3.resource(
            "dynamodb",
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id=NOBODY,
            aws_secret_access_key=NOBODY,
            config=Config(user_agent=NOBODY),  # the SDK would put its own together anew for each request
        )
    finally:
        children.stop()


def make_rooms_table(dynamodb: "DynamoDBServiceResource") -> "Table":
    return make_table(dynamodb, "rooms", "pk", "sk")


def make_messages_table(dynamodb: "DynamoDBServiceResource") -> "Table":
    return make_table(dynamodb, "messages", "chat_id", "message_id")


def make_table(dynamodb: "DynamoDBServiceResource", name: str, partition_key: str, sort_key: str) -> "Table":
    """Create a table like the stack's, with a stream of old images."""
    return dynamodb.create_table(
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
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"},
    )
