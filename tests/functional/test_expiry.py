"""The stream of the live messages: what TTL takes away is kept, what anything else deletes is not."""

from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError

from flush_history import expiry
from tests.functional.messages import expire, said, say
from tests.functional.world import World

TTL = {"principalId": "dynamodb.amazonaws.com", "type": "Service"}
serialize = TypeSerializer().serialize


def record(item: dict[str, Any], number: int = 1, *, by: object = TTL, name: str = "REMOVE") -> dict[str, Any]:
    """Return an item's end as the stream tells it."""
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


@pytest.fixture
def chat_id(world: World) -> str:
    return world.person().open()


def test_messages_that_expire_are_kept_once_however_often_it_is_told(world: World, chat_id: str) -> None:
    messages = [said(number, "質量 🍎") for number in range(3)]
    say(world, chat_id, messages)
    event = {"Records": [record(item, number) for number, item in enumerate(expire(world, chat_id))]}
    for _ in range(2):
        assert expiry.handler(event, None) == {"batchItemFailures": []}
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
def test_what_a_flush_deleted_is_not_kept_again(world: World, chat_id: str, by: object, name: str) -> None:
    say(world, chat_id, [said(1)])
    (item,) = expire(world, chat_id)
    expiry.handler({"Records": [record(item, by=by, name=name)]}, None)
    assert world.segments(chat_id) == []


def test_a_message_that_was_flushed_and_expires_stands_there_once(world: World, chat_id: str) -> None:
    messages = [said(number) for number in range(3)]
    say(world, chat_id, messages)
    items = world.live_messages(chat_id)
    world.history.flush(chat_id)
    expiry.handler({"Records": [record(items[1])]}, None)
    assert world.whole_history(chat_id) == messages


def test_expiry_in_a_room_that_is_gone_is_no_failure(world: World, chat_id: str) -> None:
    say(world, chat_id, [said(1)])
    (item,) = expire(world, chat_id)
    world.begin_deletion(chat_id)
    assert expiry.handler({"Records": [record(item)]}, None) == {"batchItemFailures": []}
    assert world.segments(chat_id) == []


def test_the_first_record_that_fails_is_tried_again(
    world: World, chat_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
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
        failures = expiry.handler(event, None)["batchItemFailures"]
    assert failures[0] == {"itemIdentifier": "1"}
    expiry.handler({"Records": event["Records"][1:]}, None)
    assert world.whole_history(chat_id) == messages
