"""Reads and writes common to all items: version check, pagination, conditional writes, transactions."""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from boto3.dynamodb.conditions import ConditionBase, ConditionExpressionBuilder
from botocore.exceptions import ClientError

from documind.stores import keys
from documind.stores.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

VERSION = 1  # of the layout of items; raise it with a change that older code cannot read

WRITE_ATTEMPTS = 8
MAX_BATCH_GET = 100  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html

ABSENT, EXISTS = "attribute_not_exists(pk)", "attribute_exists(pk)"  # conditions on an item of the table `rooms`

Item = dict[str, Any]
Write = dict[str, Any]  # one part of a transaction, made by `put`, `delete`, `check` or `update_part`
Result = TypeVar("Result")


class NewerItemError(Exception):
    """An item has a higher version than this code knows, so its layout may differ."""


def checked(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; raises NewerItemError at one with a version above VERSION."""
    for item in items:
        if item.get("version", VERSION) > VERSION:  # a projection may have left it out
            raise NewerItemError(f"version {item['version']} of an item, where {VERSION} is the newest known")
        yield item


def get_item(table: "Table", **key: str) -> Item | None:
    """Return one item by a consistent read; None when there is none."""
    found = table.get_item(Key=key, ConsistentRead=True).get("Item")
    return next(checked([found])) if found else None


def get_items(table: "Table", keys: Sequence[Key]) -> Iterator[Item]:
    """Yield items by consistent reads, 100 keys a request, in any order; a key without an item yields nothing."""
    for first in range(0, len(keys), MAX_BATCH_GET):
        wanted: Any = {table.name: {"Keys": list(keys[first : first + MAX_BATCH_GET])}}
        while wanted:
            wanted[table.name]["ConsistentRead"] = True
            answer = table.meta.client.batch_get_item(RequestItems=wanted)
            yield from checked(answer["Responses"][table.name])
            wanted = answer["UnprocessedKeys"]


def query_items(table: "Table", **parameters: Any) -> Iterator[Item]:
    """Yield all items of a consistent query; follows the pagination."""
    condition = _built("KeyConditionExpression", parameters["KeyConditionExpression"])
    return _all_pages(table.query, parameters | condition)


def scan_items(table: "Table", **parameters: Any) -> Iterator[Item]:
    """Yield all items of a consistent scan, which reads, and is billed for, the whole table."""
    return _all_pages(table.scan, parameters)


def _all_pages(read: Callable[..., Any], parameters: dict[str, Any]) -> Iterator[Item]:
    while True:
        answer = read(ConsistentRead=True, **parameters)
        yield from checked(answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def retried(write: Callable[[], Result]) -> Result:
    """Return the result of a write, which is repeated on a transaction conflict, at most 8 times with back-off.

    The SDK does not retry conflicts, and the transactions of one room conflict at its `META` item:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
    """
    for attempt in range(WRITE_ATTEMPTS - 1):
        try:
            return write()
        except ClientError as error:
            if not _is_transaction_conflict(error):
                raise
            time.sleep(random.uniform(0.01, 0.02) * 2**attempt)  # noqa: S311
    return write()


def update(table: "Table", key: Key, change: str, condition: str | ConditionBase, /, **values: Any) -> Item | None:
    """Update an item if the condition holds, and return the new item; None if the condition does not hold.

    In both expressions `#name` stands for the attribute `name`, and `:name` for the value given as `name`.
    """
    expressions = _expressions(change, condition, values)
    try:
        changed = retried(lambda: table.update_item(Key=key, ReturnValues="ALL_NEW", **expressions))
    except ClientError as error:
        if not _refused_parts(error):
            raise
        return None
    return next(checked([changed["Attributes"]]))


def transact(table: "Table", *writes: Write) -> list[int]:
    """Write all parts or none, in one or more tables; return the indexes of the parts whose condition did not hold.

    An empty list means that all parts were written. Transaction conflicts are retried.
    """
    every: Any = list(writes)  # the SDK converts Python values in a list, but not in a tuple
    try:
        retried(lambda: table.meta.client.transact_write_items(TransactItems=every))
    except ClientError as error:
        if refused := _refused_parts(error):
            return refused
        raise
    return []


def update_part(table: "Table", key: Key, change: str, condition: str, /, **values: Any) -> Write:
    """Return the conditional update of `update` as part of a transaction."""
    return {"Update": {"TableName": table.name, "Key": key, **_expressions(change, condition, values)}}


def put(table: "Table", item: Item, condition: str = "", /, **values: Any) -> Write:
    """Return the part of a transaction that puts an item, with the version; the condition is as for `update`."""
    return {
        "Put": {"TableName": table.name, "Item": {"version": VERSION, **item}, **_expressions("", condition, values)}
    }


def delete(table: "Table", key: Key, condition: str = "", /, **values: Any) -> Write:
    """Return the part of a transaction that deletes an item; without a condition it need not exist."""
    return {"Delete": {"TableName": table.name, "Key": key, **_expressions("", condition, values)}}


def check(table: "Table", key: Key, condition: str, /, **values: Any) -> Write:
    """Return the part of a transaction that changes nothing, and refuses it unless the condition holds."""
    return {"ConditionCheck": {"TableName": table.name, "Key": key, **_expressions("", condition, values)}}


def room_is_active(table: "Table", chat_id: str) -> Write:
    """Return the condition check that refuses a transaction if the room is gone or being deleted."""
    return check(table, keys.ROOM(chat_id=chat_id), "#state = :active", active="active")


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


def _is_transaction_conflict(error: ClientError) -> bool:
    if error.response["Error"]["Code"] == "TransactionConflictException":  # of a single write
        return True
    return set(_reasons(error)) - {"None"} == {"TransactionConflict"}


def _reasons(error: ClientError) -> list[str]:
    return [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
