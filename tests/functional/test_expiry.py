"""The stream of live messages: those deleted by TTL are kept in segments, others are not."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError

from documind.stores.conversation.messages import to_item
from flush_history import expiry
from local.tables import NOBODY, REGION
from tests.functional.messages import expire, said, say
from tests.functional.world import World
from tests.lambda_context import Context

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

EXPIRY_TIMEOUT_S = 30

TTL = {"principalId": "dynamodb.amazonaws.com", "type": "Service"}
serialize = TypeSerializer().serialize


def record(item: dict[str, Any], number: int = 1, *, by: object = TTL, name: str = "REMOVE") -> dict[str, Any]:
    """Return the stream record of an item's deletion."""
    image = serialize(item)["M"]
    keys = {key: image[key] for key in ("chat_id", "message_id")}
    change = {"Keys": keys, "OldImage": image, "SequenceNumber": str(number), "StreamViewType": "OLD_IMAGE"}
    return {
        "eventID": str(number),
        "eventName": name,
        "eventSource": "aws:dynamodb",
        "dynamodb": change,
        **({"userIdentity": by} if by else {}),
    }


def test_expired_messages_are_kept_once_however_often_their_record_is_delivered(world: World, chat_id: str) -> None:
    messages = [said(number, "質量 🍎") for number in range(3)]
    say(world, chat_id, messages)
    event = {"Records": [record(item, number) for number, item in enumerate(expire(world, chat_id))]}
    for _ in range(2):
        assert expiry.handler(event, Context()) == {"batchItemFailures": []}
    assert world.whole_history(chat_id) == messages
    assert len(world.segments(chat_id)) == 3


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (None, "REMOVE"),
        ({"principalId": "AIDA", "type": "User"}, "REMOVE"),
        (TTL, "MODIFY"),
    ],
)
def test_messages_deleted_by_a_flush_are_not_kept_again(world: World, chat_id: str, by: object, name: str) -> None:
    say(world, chat_id, [said(1)])
    (item,) = expire(world, chat_id)
    expiry.handler({"Records": [record(item, by=by, name=name)]}, Context())
    assert world.segments(chat_id) == []


def test_a_message_that_was_flushed_and_expires_is_shown_once(world: World, chat_id: str) -> None:
    messages = [said(number) for number in range(3)]
    say(world, chat_id, messages)
    items = world.live_messages(chat_id)
    world.history.flush(chat_id)
    expiry.handler({"Records": [record(items[1])]}, Context())
    assert world.whole_history(chat_id) == messages


def test_expiry_in_a_deleted_room_is_no_error(world: World, chat_id: str) -> None:
    say(world, chat_id, [said(1)])
    (item,) = expire(world, chat_id)
    world.begin_deletion(chat_id)
    assert expiry.handler({"Records": [record(item)]}, Context()) == {"batchItemFailures": []}
    assert world.segments(chat_id) == []


def test_the_first_record_that_fails_is_retried(world: World, chat_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [said(number) for number in range(3)]
    say(world, chat_id, messages)
    items = expire(world, chat_id)
    keep = world.history.keep

    def fail_once(chat_id: str, item: dict[str, Any]) -> None:
        if item["message_id"] == messages[1].message_id:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems")
        keep(chat_id, item)

    event = {"Records": [record(item, number) for number, item in enumerate(items)]}
    with monkeypatch.context() as patch:
        patch.setattr(world.history, "keep", fail_once)
        failures = expiry.handler(event, Context())["batchItemFailures"]
    assert failures[0] == {"itemIdentifier": "1"}
    expiry.handler({"Records": event["Records"][1:]}, Context())
    assert world.whole_history(chat_id) == messages


@pytest.fixture
def expiring_table(messages_table: "Table") -> Iterator["Table"]:
    """Switch TTL on; the local table deletes expired items within seconds, AWS within days."""

    def switch(enabled: bool) -> None:
        messages_table.meta.client.update_time_to_live(
            TableName=messages_table.name,
            TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": enabled},
        )

    switch(True)
    yield messages_table
    switch(False)


def test_messages_deleted_by_ttl_are_kept_from_the_stream(expiring_table: "Table", world: World, chat_id: str) -> None:
    expired, *flushed = [said(number, "質量 🍎") for number in range(3)]
    expiring_table.put_item(Item={**to_item(chat_id, expired), "expires_at": int(time.time()) - 1})
    give_up_at = time.monotonic() + EXPIRY_TIMEOUT_S
    while world.live_messages(chat_id):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    say(world, chat_id, flushed)
    world.history.flush(chat_id)
    event = {"Records": records_of(expiring_table, chat_id)}
    assert [each["eventName"] for each in event["Records"]].count("REMOVE") == 3
    for _ in range(2):
        assert expiry.handler(event, Context()) == {"batchItemFailures": []}
        first, second, third = (message.message_id for message in [expired, *flushed])
        assert world.segments(chat_id) == [f"SEG#{first}#{first}", f"SEG#{second}#{third}"]
    assert world.whole_history(chat_id) == [expired, *flushed]


def records_of(table: "Table", chat_id: str) -> list[dict[str, Any]]:
    """Return the stream records of a room's messages, as Lambda receives them."""
    client: Any = boto3.client(
        "dynamodbstreams",
        REGION,
        endpoint_url=table.meta.client.meta.endpoint_url,
        aws_access_key_id=NOBODY,
        aws_secret_access_key=NOBODY,
    )
    arn = table.latest_stream_arn
    (shard,) = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    position, records = client.get_shard_iterator(**start)["ShardIterator"], []
    while page := (answer := client.get_records(ShardIterator=position))["Records"]:
        records += [in_lambda(each) for each in page if each["dynamodb"]["Keys"]["chat_id"]["S"] == chat_id]
        position = answer["NextShardIterator"]
    return records


def in_lambda(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record of GetRecords as an event source mapping passes it on: names spelled differently, no dates."""
    change = {name: value for name, value in record["dynamodb"].items() if name != "ApproximateCreationDateTime"}
    identity = {name[0].lower() + name[1:]: value for name, value in record.get("userIdentity", {}).items()}
    return {**record, "dynamodb": change, **({"userIdentity": identity} if identity else {})}
