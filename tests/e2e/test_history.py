"""When a connection ends, live messages are moved into a segment, and readers see no difference."""

import time
from typing import Any

from documind.wire import MessageFrame
from local import aws
from local.deployment import Deployment
from tests.deployed import Person
from tests.e2e.asking import ask
from tests.e2e.rooms import HANDBOOK, history_of, upload
from tests.e2e.test_main_job import without_quotes

MOVING_TIMEOUT_S = 15


def test_when_a_connection_ends_its_messages_become_durable(person: Person, deployed: Deployment) -> None:
    client = person.connect()
    chat_id = client.open("Kept").chat_id
    upload(client, HANDBOOK)
    asked = [ask(client, text) for text in ("Who founded the library?", "What is the name of the library cat?")]
    said = [without_quotes(frame.message) for conversation in asked for frame in conversation.of(MessageFrame)]
    assert live_messages(deployed, chat_id) == [message.message_id for message in said]
    assert segments(deployed, chat_id) == []

    client.close()
    give_up_at = time.monotonic() + MOVING_TIMEOUT_S
    while live_messages(deployed, chat_id):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)
    assert segments(deployed, chat_id) == [f"SEG#{said[0].message_id}#{said[-1].message_id}"]

    again = person.connect()
    again.open("Kept")
    assert history_of(again) == said
    more = ask(again, "What should be done with wet books?")
    again.open("Kept")
    assert history_of(again) == [*said, *(without_quotes(frame.message) for frame in more.of(MessageFrame))]


def live_messages(deployed: Deployment, chat_id: str) -> list[str]:
    items = query(deployed, "MessagesTable", "chat_id = :key", {":key": {"S": chat_id}})
    return [item["message_id"]["S"] for item in items]


def segments(deployed: Deployment, chat_id: str) -> list[str]:
    values = {":key": {"S": f"ROOM#{chat_id}"}, ":segments": {"S": "SEG#"}}
    items = query(deployed, "RoomsTable", "pk = :key AND begins_with(sk, :segments)", values)
    return [item["sk"]["S"] for item in items]


def query(deployed: Deployment, table: str, condition: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client(deployed.aws_endpoint, "dynamodb").query(
        TableName=deployed.outputs[table],
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        ConsistentRead=True,
    )["Items"]
    return found
