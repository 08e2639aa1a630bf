"""Writes that conflict with a transaction are retried; refused ones and failures are not."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from documind.stores.items import VERSION, WRITE_ATTEMPTS, Item, ItemTable, NewerItemError, checked, retried

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def cancelled(*reasons: str) -> ClientError:
    response: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "TransactWriteItems")


def failed(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "UpdateItem")


class FakeClient:
    """Raises these errors one after the other, and then succeeds."""

    def __init__(self, *errors: ClientError) -> None:
        self.errors = list(errors)
        self.calls: list[Any] = []
        self.meta = self
        self.client = self
        self.name = "rooms"

    def transact_write_items(self, **parameters: Any) -> None:
        self.calls.append(parameters)
        if self.errors:
            raise self.errors.pop(0)

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803  (the SDK's own name)
        """Process one key of each request, as a throttled table may."""
        self.calls.append(RequestItems)
        first, *others = RequestItems["rooms"]["Keys"]
        return {"Responses": {"rooms": [first]}, "UnprocessedKeys": {"rooms": {"Keys": others}} if others else {}}

    def as_table(self) -> ItemTable:
        return ItemTable(cast("Table", self))


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("documind.stores.items.time.sleep", slept.append)
    return slept


# The SDK retries no cancelled transaction (botocore's `_retry.json`; https://github.com/guregu/dynamo/issues/203).
# After throttling, the reference says to retry soon, because an on-demand table is being scaled:
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_conflicting_or_throttled_transaction_is_retried_with_growing_pauses(
    reason: str, pauses: list[float]
) -> None:
    client = FakeClient(*[cancelled("None", reason)] * (WRITE_ATTEMPTS - 1))
    client.as_table().transact({"Put": {"TableName": "rooms", "Item": {}}})
    assert len(client.calls) == WRITE_ATTEMPTS
    assert client.calls[0] == client.calls[-1] == {"TransactItems": [{"Put": {"TableName": "rooms", "Item": {}}}]}
    assert len(pauses) == WRITE_ATTEMPTS - 1
    assert 0.5 < sum(pauses) < 3
    assert pauses == sorted(pauses)


def test_retries_end_after_some_attempts(pauses: list[float]) -> None:
    client = FakeClient(*[cancelled("TransactionConflict")] * 100)
    with pytest.raises(ClientError):
        client.as_table().transact()
    assert len(client.calls) == WRITE_ATTEMPTS == len(pauses) + 1


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ValidationError", "ThrottlingError"),
        failed("ValidationException"),
    ],
    ids=str,
)
def test_a_permanent_error_is_raised_at_once(error: ClientError) -> None:
    client = FakeClient(error)
    with pytest.raises(ClientError):
        client.as_table().transact()
    assert len(client.calls) == 1


def test_a_single_write_in_conflict_with_a_transaction_is_retried() -> None:
    errors = [failed("TransactionConflictException")]

    def write() -> str:
        if errors:
            raise errors.pop()
        return "written"

    assert retried(write) == "written"


@pytest.mark.parametrize("met_too", ["None", "TransactionConflict"])
def test_a_refused_transaction_names_the_parts_whose_conditions_failed(met_too: str) -> None:
    client = FakeClient(cancelled(met_too, "ConditionalCheckFailed", "ConditionalCheckFailed"))
    assert client.as_table().transact() == [1, 2]
    assert client.as_table().transact() == []
    assert len(client.calls) == 2


def test_unprocessed_keys_are_requested_again_with_growing_pauses(pauses: list[float]) -> None:
    """Without a pause they would most likely be refused again, says the reference:
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    client, keys = FakeClient(), [{"pk": f"{number}", "sk": "META"} for number in range(4)]
    assert list(client.as_table().get_all(keys)) == keys
    assert all(call["rooms"]["ConsistentRead"] for call in client.calls)
    assert len(pauses) == 3
    assert pauses == sorted(pauses)


def test_an_item_is_put_with_its_layout_version_or_else_the_newest() -> None:
    table = ItemTable(cast("Table", SimpleNamespace(name="rooms")))
    versions = [table.put_part(item)["Put"]["Item"]["version"] for item in ({"pk": "a"}, {"pk": "a", "version": 0})]
    assert versions == [VERSION, 0]


def test_an_item_of_a_newer_layout_is_not_misread() -> None:
    known: list[Item] = [{"version": VERSION}, {"pk": "projected"}]
    assert list(checked(known)) == known
    with pytest.raises(NewerItemError, match=str(VERSION + 1)):
        list(checked([{"version": VERSION + 1}]))
