"""Counts the billed operations of one answer, whose prices docs/cost.py adds, and the reads of opening a room."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from docs import cost
from documind.errors import Ending
from tests.functional.counting import WRITES, counted
from tests.functional.world import Person, World

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

ANSWER = "質量是慣性的量度。" * 33  # 300 characters: half of a usual answer in Chinese


def test_a_session_with_one_answer_costs_what_the_readme_says(world: World, s3: "S3Client") -> None:
    ann = world.person()
    chat_id = ann.open()
    ann.disconnect()
    world.ready_document(chat_id, "Mass is inertia.")
    world.models.pieces = [f"{ANSWER}Mass is inertia [1]."]
    with counted(world.rooms_table, s3) as units:
        bob = world.person(device="phone")
        bob.enter(chat_id)
        bob.ask()
        world.run_workflow(chat_id)
        sent = 2 + len(world.api.frames[bob.connection_id])
        bob.disconnect()
    assert {**units, "websocket_messages": sent} == cost.SESSION


def test_one_more_piece_costs_what_the_readme_says(world: World, s3: "S3Client", ann: Person, chat_id: str) -> None:
    world.ready_document(chat_id, "Mass is inertia.")
    ann.ask()
    claimed = world.claim(chat_id)
    with counted(world.rooms_table, s3) as units:
        world.questions.save(claimed, ANSWER)
        world.connections.of_room(chat_id)
    assert {**units, "websocket_messages": 1} == cost.PIECE


@pytest.mark.usefixtures("document")
def test_an_answer_costs_few_writes_and_messages(world: World, ann: Person, chat_id: str) -> None:
    written: Counter[str] = Counter()

    def count(params: dict[str, Any], model: Any, **_: object) -> None:
        items = [name for each in params.get("TransactItems", []) for name in each if name != "ConditionCheck"]
        written.update(items or [model.name])

    events = world.rooms_table.meta.client.meta.events
    for name in WRITES:
        events.register(f"provide-client-params.dynamodb.{name}", count)
    world.models.pieces = ["Mass is inertia [1]."]
    before = len(world.api.frames[ann.connection_id])
    ann.ask()
    world.run_workflow(chat_id)
    # Asked: question, its entry in the list of open ones, message, and both budgets. Claimed: 1. Each 250 ms of text:
    # 1. Ended: the same five as asked.
    assert written == {"Put": 4, "Update": 1 + 4, "Delete": 1, "UpdateItem": 2}
    # accepted, the question, each 250 ms of text, the answer
    assert len(world.api.frames[ann.connection_id]) - before == 4


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
