"""Counts the operations that AWS bills: DynamoDB's request units, as its answers report them, and S3 requests."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3.client import S3Client

READS = ("GetItem", "Query", "BatchGetItem")
WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


@contextmanager
def counted(table: "Table", s3: "S3Client") -> Iterator[Counter[str]]:
    """Count the operations of the clients that these two use, by the names of `docs.cost.PRICES`."""
    units: Counter[str] = Counter()

    def ask_for_units(params: dict[str, Any], **_: object) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def count(parsed: dict[str, Any], model: Any, **_: object) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        for each in consumed if isinstance(consumed, list) else [consumed]:
            units["dynamodb_reads" if model.name in READS else "dynamodb_writes"] += each["CapacityUnits"]

    def count_get(**_: object) -> None:
        units["s3_gets"] += 1

    def count_put(**_: object) -> None:
        units["s3_puts"] += 1

    dynamodb, objects = table.meta.client.meta.events, s3.meta.events
    hooks: list[tuple[Any, str, Any]] = [
        (dynamodb, f"provide-client-params.dynamodb.{name}", ask_for_units) for name in (*READS, *WRITES)
    ]
    hooks += [(dynamodb, "after-call.dynamodb", count), (objects, "after-call.s3.GetObject", count_get)]
    hooks += [(objects, "after-call.s3.PutObject", count_put)]
    for events, event, hook in hooks:
        events.register(event, hook)
    yield units
    for events, event, hook in hooks:
        events.unregister(event, hook)
