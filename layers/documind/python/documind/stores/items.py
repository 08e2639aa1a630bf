"""Reads and writes common to all items: version check, pagination, conditional writes, transactions."""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from boto3.dynamodb.conditions import ConditionBase, ConditionExpressionBuilder
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict

from documind.stores import keys
from documind.stores.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

VERSION = 1  # of the layout of items; raise it with a change that older code cannot read

WRITE_ATTEMPTS = 8
# Reasons for which DynamoDB cancels a transaction that may succeed a moment later:
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
MAX_BATCH_GET = 100  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html

ABSENT, EXISTS = "attribute_not_exists(pk)", "attribute_exists(pk)"  # conditions on an item of the table `rooms`

Item = dict[str, Any]
Write = dict[str, Any]  # one part of a transaction, made by a method `..._part`
Result = TypeVar("Result")


class Stored(BaseModel):
    """Base of the records that are stored in items or queue messages."""

    model_config = ConfigDict(frozen=True)


class NewerItemError(Exception):
    """An item has a higher version than this code knows, so its layout may differ."""


def checked(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; raises NewerItemError at one with a version above VERSION."""
    for item in items:
        if item.get("version", VERSION) > VERSION:  # a projection may have left it out
            raise NewerItemError(f"version {item['version']} of an item, where {VERSION} is the newest known")
        yield item


class ItemTable:
    """A table of items. Reads are consistent and check the version; conflicting or throttled writes are repeated.

    Writes may have a condition; a refused one changes nothing. In their expressions `#name` stands for the attribute
    `name`, and `:name` for the value given as `name`.
    """

    def __init__(self, table: "Table") -> None:
        self._table = table

    def get(self, **key: str) -> Item | None:
        """Return one item; None when there is none."""
        found = self._table.get_item(Key=key, ConsistentRead=True).get("Item")
        return next(checked([found])) if found else None

    def get_all(self, keys: Sequence[Key]) -> Iterator[Item]:
        """Yield items, 100 keys a request, in any order; a key without an item yields nothing.

        Keys that DynamoDB returns as unprocessed, because it throttles, are requested again with back-off.
        """
        name = self._table.name
        for first in range(0, len(keys), MAX_BATCH_GET):
            wanted: Any = {name: {"Keys": list(keys[first : first + MAX_BATCH_GET])}}
            for attempt in count():
                wanted[name]["ConsistentRead"] = True
                answer = self._table.meta.client.batch_get_item(RequestItems=wanted)
                yield from checked(answer["Responses"][name])
                wanted = answer["UnprocessedKeys"]
                if not wanted:
                    break
                _back_off(attempt)

    def query(self, condition: ConditionBase, **parameters: Any) -> Iterator[Item]:
        """Yield all items of a key condition; follows the pagination."""
        return _all_pages(self._table.query, parameters | _built("KeyConditionExpression", condition))

    def scan(self, **parameters: Any) -> Iterator[Item]:
        """Yield all items of a scan, which reads, and is billed for, the whole table."""
        return _all_pages(self._table.scan, parameters)

    def update(self, key: Key, change: str, condition: str | ConditionBase, /, **values: Any) -> Item | None:
        """Update an item and return the new one; None if the condition does not hold.

        The SDK repeats a request whose response was lost; if that was carried out, the condition may refuse the
        repetition, but the item has the values that were set. (A repeated transaction is known by its token.)
        """
        expressions = _expressions(change, condition, values)
        try:
            changed = retried(lambda: self._table.update_item(Key=key, ReturnValues="ALL_NEW", **expressions))
        except ClientError as error:
            if not _refused_parts(error):
                raise
            repeated = error.response.get("ResponseMetadata", {}).get("RetryAttempts")
            item = self.get(**key) if repeated else None
            was_set = {name: values[value] for name, value in re.findall(r"#?(\w+) = :(\w+)", change)}
            return item if item and was_set and was_set.items() <= item.items() else None
        return next(checked([changed["Attributes"]]))

    def put(self, item: Item) -> None:
        """Put an item, with its version, in place of any other."""
        self._table.put_item(Item={"version": VERSION, **item})

    def remove(self, key: Key) -> Item:
        """Delete an item and return it; empty if there was none."""
        removed = retried(lambda: self._table.delete_item(Key=key, ReturnValues="ALL_OLD"))
        return removed.get("Attributes", {})

    def remove_all(self, keys: Iterable[Key]) -> None:
        """Delete items, 25 a request."""
        with self._table.batch_writer() as writer:
            for key in keys:
                writer.delete_item(Key=key)

    def transact(self, *writes: Write) -> list[int]:
        """Write all parts or none, in one or more tables; return the indexes of the parts whose condition did not hold.

        An empty list means that all parts were written.
        """
        every: Any = list(writes)  # the SDK converts Python values in a list, but not in a tuple
        try:
            retried(lambda: self._table.meta.client.transact_write_items(TransactItems=every))
        except ClientError as error:
            if refused := _refused_parts(error):
                return refused
            raise
        return []

    def update_part(self, key: Key, change: str, condition: str, /, **values: Any) -> Write:
        """Return the update of an item as part of a transaction."""
        return {"Update": {"TableName": self._table.name, "Key": key, **_expressions(change, condition, values)}}

    def put_part(self, item: Item, condition: str = "", /, **values: Any) -> Write:
        """Return the part of a transaction that puts an item, with its version."""
        item = {"version": VERSION, **item}
        return {"Put": {"TableName": self._table.name, "Item": item, **_expressions("", condition, values)}}

    def delete_part(self, key: Key, condition: str = "", /, **values: Any) -> Write:
        """Return the part of a transaction that deletes an item; without a condition it need not exist."""
        return {"Delete": {"TableName": self._table.name, "Key": key, **_expressions("", condition, values)}}

    def check_part(self, key: Key, condition: str, /, **values: Any) -> Write:
        """Return the part of a transaction that changes nothing, and refuses it unless the condition holds."""
        return {"ConditionCheck": {"TableName": self._table.name, "Key": key, **_expressions("", condition, values)}}


def adding(amounts: Mapping[str, int]) -> str:
    """Return the clause of an update that adds each amount to the attribute of its name."""
    return "ADD " + ", ".join(f"#{name} :{name}" for name in amounts)


def room_is_active(table: ItemTable, chat_id: str) -> Write:
    """Return the condition check that refuses a transaction if the room is gone or being deleted."""
    return table.check_part(keys.ROOM(chat_id=chat_id), "#state = :active", active="active")


def retried(write: Callable[[], Result]) -> Result:
    """Return the result of a write, which is tried at most 8 times, with back-off, on a conflict or throttling.

    The SDK retries no cancelled transaction, and the transactions of one room conflict at its `META` item:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
    """
    for attempt in range(WRITE_ATTEMPTS - 1):
        try:
            return write()
        except ClientError as error:
            if not _is_passing(error):
                raise
            _back_off(attempt)
    return write()


def _back_off(attempt: int) -> None:
    """Wait before the next attempt: 10 to 20 ms after the first (0), then exponentially longer, at most 2.6 s."""
    time.sleep(random.uniform(0.01, 0.02) * 2 ** min(attempt, WRITE_ATTEMPTS - 1))  # noqa: S311


def _all_pages(read: Callable[..., Any], parameters: dict[str, Any]) -> Iterator[Item]:
    while True:
        answer = read(ConsistentRead=True, **parameters)
        yield from checked(answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _expressions(change: str, condition: str | ConditionBase, values: dict[str, Any]) -> dict[str, Any]:
    built = _built("ConditionExpression", condition)
    written = change + (condition if isinstance(condition, str) else "")
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", written)} | built.pop("ExpressionAttributeNames", {})
    values = {f":{name}": value for name, value in values.items()} | built.pop("ExpressionAttributeValues", {})
    expressions = {
        "UpdateExpression": change,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        **built,
    }
    return {name: given for name, given in expressions.items() if given}  # DynamoDB refuses empty ones


def _built(name: str, condition: str | ConditionBase) -> dict[str, Any]:
    """Return a condition as expression strings.

    Given a condition object, a boto3 table builds the expression with a builder that all threads share. This function
    queries from several threads, and boto3's resources are not thread-safe: a query was refused or read another's key.
    https://docs.aws.amazon.com/boto3/latest/guide/resources.html#multithreading-or-multiprocessing-with-resources
    """
    if isinstance(condition, str):
        return {name: condition}
    is_key = name == "KeyConditionExpression"
    built = ConditionExpressionBuilder().build_expression(condition, is_key_condition=is_key)
    return {
        name: built.condition_expression,
        "ExpressionAttributeNames": built.attribute_name_placeholders,
        "ExpressionAttributeValues": built.attribute_value_placeholders,
    }


def _refused_parts(error: ClientError) -> list[int]:
    """Return the indexes of the parts whose condition did not hold; a single write counts as part 0."""
    if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
        return [0]
    return [part for part, reason in enumerate(_reasons(error)) if reason == "ConditionalCheckFailed"]


def _is_passing(error: ClientError) -> bool:
    if error.response["Error"]["Code"] == "TransactionConflictException":  # of a single write
        return True
    return bool(reasons := set(_reasons(error)) - {"None"}) and reasons <= PASSING


def _reasons(error: ClientError) -> list[str]:
    return [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
