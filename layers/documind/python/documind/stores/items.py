"""What all items share: their version, their keys, reading all pages of a query, and a refused condition."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

VERSION = 1  # of the items' layout; raised with a change that old code cannot read

WRITE_ATTEMPTS = 8
MAX_BATCH_GET = 100  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html

Item = dict[str, Any]
Key = dict[str, str]
Result = TypeVar("Result")


def user_key(user_id: str) -> str:
    """Return the partition of one user."""
    return f"USER#{user_id}"


def room_key(chat_id: str) -> str:
    """Return the partition of one room."""
    return f"ROOM#{chat_id}"


def get_item(table: "Table", **key: str) -> Item | None:
    """Read one item consistently; None when there is none."""
    return table.get_item(Key=key, ConsistentRead=True).get("Item")


def get_items(table: "Table", keys: Sequence[Key]) -> Iterator[Item]:
    """Read many items consistently, 100 in one request, in any order; those that are not there are left out."""
    for first in range(0, len(keys), MAX_BATCH_GET):
        wanted: Any = {table.name: {"Keys": list(keys[first : first + MAX_BATCH_GET])}}
        while wanted:
            wanted[table.name]["ConsistentRead"] = True
            answer = table.meta.client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"][table.name]
            wanted = answer["UnprocessedKeys"]


def query_items(table: "Table", **parameters: Any) -> Iterator[Item]:
    """Yield all items of a consistent query, one page after the other."""
    while True:
        answer = table.query(ConsistentRead=True, **parameters)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        parameters["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def retried(write: Callable[[], Result]) -> Result:
    """Return what a write returns, tried again while a transaction on the same item is in its way.

    The SDK does not do this by itself, and all that is said in a room checks the same `META` item:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
    """
    for attempt in range(WRITE_ATTEMPTS - 1):
        try:
            return write()
        except ClientError as error:
            if not _met_another(error):
                raise
            time.sleep(random.uniform(0.01, 0.02) * 2**attempt)  # noqa: S311
    return write()


def transact(table: "Table", *writes: "TransactWriteItemTypeDef") -> None:
    """Write all or nothing, in any tables; a transaction that met another one is tried again."""
    every = list(writes)  # the SDK converts the values in a list, and in no other sequence
    retried(lambda: table.meta.client.transact_write_items(TransactItems=every))


def delete(table: "Table", **key: str) -> "TransactWriteItemTypeDef":
    """Return the part of a transaction that deletes an item, there or not."""
    return {"Delete": {"TableName": table.name, "Key": key}}


def room_is_active(table: "Table", chat_id: str) -> "TransactWriteItemTypeDef":
    """Return the check that makes a transaction fail in a room that is gone or being deleted."""
    return {
        "ConditionCheck": {
            "TableName": table.name,
            "Key": {"pk": room_key(chat_id), "sk": "META"},
            "ConditionExpression": "#state = :active",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": {":active": "active"},
        }
    }


def put_if_absent(table: "Table", item: Item) -> "TransactWriteItemTypeDef":
    """Return the part of a transaction that puts an item which must not be there yet."""
    return {
        "Put": {"TableName": table.name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"},
    }


def unless_there(table: "Table", **key: str) -> "TransactWriteItemTypeDef":
    """Return the check that makes a transaction fail where this item is there."""
    return {
        "ConditionCheck": {"TableName": table.name, "Key": key, "ConditionExpression": "attribute_not_exists(pk)"},
    }


def if_there(table: "Table", **key: str) -> "TransactWriteItemTypeDef":
    """Return the check that makes a transaction fail where this item is not there."""
    return {
        "ConditionCheck": {"TableName": table.name, "Key": key, "ConditionExpression": "attribute_exists(pk)"},
    }


def is_refused(error: ClientError) -> bool:
    """Tell whether a write failed because its condition, or one of its transaction, did not hold."""
    code = error.response["Error"]["Code"]
    return code == "ConditionalCheckFailedException" or "ConditionalCheckFailed" in _cancellations(error)


def refused_parts(error: ClientError) -> list[int]:
    """Return which parts of a transaction, counted from 0, had a condition that did not hold."""
    reasons = error.response.get("CancellationReasons", [])
    return [part for part, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed"]


def _met_another(error: ClientError) -> bool:
    if error.response["Error"]["Code"] == "TransactionConflictException":  # of a write that is no transaction
        return True
    reasons = _cancellations(error) - {"None"}
    return reasons == {"TransactionConflict"}


def _cancellations(error: ClientError) -> set[str]:
    reasons = error.response.get("CancellationReasons", [])
    return {reason.get("Code", "None") for reason in reasons}
