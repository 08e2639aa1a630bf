"""How many writes and messages one answer costs, which is most of what AWS charges for it beside the model."""

from collections import Counter
from typing import Any

import pytest

from tests.functional.world import Person, World


@pytest.mark.usefixtures("document")
def test_an_answer_costs_few_writes_and_messages(world: World, ann: Person, chat_id: str) -> None:
    written: Counter[str] = Counter()

    def count(params: dict[str, Any], model: Any, **_: object) -> None:
        items = [name for each in params.get("TransactItems", []) for name in each if name != "ConditionCheck"]
        written.update(items or [model.name])

    events = world.rooms_table.meta.client.meta.events
    for name in ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"):
        events.register(f"provide-client-params.dynamodb.{name}", count)
    world.models.pieces = ["Mass is inertia [1]."]
    before = len(world.api.frames[ann.connection_id])
    ann.ask()
    world.run_workflow(chat_id)
    # Asked: question, its entry in the list of open ones, message, and both budgets. Claimed: 1. Each 250 ms of text:
    # 1. Ended: the same five as asked.
    assert written == {"Put": 4, "Update": 1 + 4, "Delete": 1, "UpdateItem": 2}
    # accepted, the question, searching, reading, each 250 ms of text, the answer
    assert len(world.api.frames[ann.connection_id]) - before == 6
