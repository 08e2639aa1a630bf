"""Reads the tables of the deployed system directly, not through the functions."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from boto3.dynamodb.conditions import Attr

from documind.stores.conversation import HistoryStore
from documind.stores.items import Item, ItemTable
from documind.wire import Message
from local import aws
from local.deployment import Deployment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

ALL = 100_000


@dataclass(frozen=True)
class Tables:
    """Both tables of one deployed system."""

    deployed: Deployment

    @cached_property
    def rooms(self) -> "Table":
        return self._table("RoomsTable")

    @cached_property
    def messages(self) -> "Table":
        return self._table("MessagesTable")

    def questions(self) -> list[tuple[str, Item]]:
        """Return all questions, each with the id of its room."""
        items = scan(self.rooms, "Q#")
        return [(item["pk"].removeprefix("ROOM#"), item) for item in items]

    def history(self, chat_id: str) -> list[Message]:
        """Return all messages of a room that its readers are shown."""
        messages, more = HistoryStore(ItemTable(self.rooms), ItemTable(self.messages)).page(chat_id, limit=ALL)
        assert not more
        return messages

    def assert_nothing_is_lost(self) -> None:
        """Assert that no question is open past its deadline, and that each question and ending is shown once."""
        shown: dict[str, list[str]] = {}
        questions = self.questions()
        assert questions
        for chat_id, question in questions:
            if chat_id not in shown:
                shown[chat_id] = [message.message_id for message in self.history(chat_id)]
            assert question["state"] == "ended" or question["deadline"] > time.time(), question
            for name in ("message_id", "answer_id"):
                if name in question:
                    assert shown[chat_id].count(question[name]) == 1, (name, question)

    def _table(self, output: str) -> "Table":
        resource = boto3.resource(
            "dynamodb",
            endpoint_url=self.deployed.aws_endpoint,
            region_name=aws.REGION,
            aws_access_key_id=aws.ACCOUNT,
            aws_secret_access_key="test",  # noqa: S106
        )
        return resource.Table(self.deployed.outputs[output])


def scan(table: "Table", prefix: str) -> list[Item]:
    """Return all items whose sort key begins with `prefix`."""
    found: list[Item] = []
    more: Item = {}
    while True:
        answer = table.scan(FilterExpression=Attr("sk").begins_with(prefix), ConsistentRead=True, **more)
        found += answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return found
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
