"""Counts the items that opening a room reads: no ended questions."""

from typing import Any

import pytest

from documind.errors import Ending
from tests.functional.world import Person, World


@pytest.mark.usefixtures("document")
def test_opening_a_room_reads_no_ended_question(world: World, ann: Person, chat_id: str) -> None:
    before = items_read(world, ann, chat_id)
    for number in range(20):
        ann.ask(f"q{number}")
        world.questions.end(world.claim(chat_id, question_id=f"q{number}"), Ending.ANSWER, text="Inertia.")
    world.history.flush(chat_id)
    assert items_read(world, ann, chat_id) == before + 1  # the segment of their messages


def items_read(world: World, person: Person, chat_id: str) -> int:
    """Return how many items of the table `rooms` are read while somebody opens a room."""
    counts: list[int] = []

    def count(parsed: dict[str, Any], **_: object) -> None:
        in_a_batch = len(parsed.get("Responses", {}).get("rooms", []))
        counts.append(parsed.get("ScannedCount", 0) + in_a_batch + ("Item" in parsed))

    events = world.rooms_table.meta.client.meta.events
    events.register("after-call.dynamodb", count, unique_id="items_read")
    person.enter(chat_id)
    events.unregister("after-call.dynamodb", unique_id="items_read")
    return sum(counts)
