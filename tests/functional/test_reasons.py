"""The reasons of an answer: stored with its question for a day, and returned to every member by `why`."""

import json
import time

import pytest

from documind.errors import Ending
from documind.limits import MAX_QUESTION_CHARACTERS
from documind.stores import keys
from documind.stores.conversation.questions import KEPT_S
from documind.wire import Reasons, Why, WhyFrame
from tests.functional.world import HERE, Person, World, endings, only


def why(person: Person, question_id: str = "q1") -> Reasons | None:
    frame = Why(request_id=person.request_id(), chat_id=HERE, question_id=question_id)
    return only(WhyFrame, person.send(frame)).reasons


@pytest.mark.usefixtures("document")
def test_why_returns_the_text_searched_for_the_passages_and_the_times(world: World, ann: Person, chat_id: str) -> None:
    ann.ask("q0", "What is energy?")
    world.models.pieces = ["Energy is conserved [2]."]
    world.run_workflow(chat_id, "q0")
    ann.ask("q1", "And mass?")
    world.models.written = json.dumps({"question": "What is mass, and is it inertia?"})
    world.models.pieces, world.models.tokens = ["Mass is inertia [1]."], 70
    world.run_workflow(chat_id)
    world.invite(chat_id, "bob", "reader")
    bob = world.person("bob")
    bob.enter(chat_id)
    told = why(bob)
    assert told
    assert (told.question, told.parts) == (
        "What is mass, and is it inertia?",
        ["What is mass", "is it inertia?"],
    )
    assert [(each.number, each.page, each.is_cited) for each in told.passages][:2] == [(1, 1, True), (2, 2, False)]
    assert told.tokens == 70 + 30
    assert told.first_text_ms is not None
    assert 0 <= told.found_ms <= told.first_text_ms <= told.ended_ms


@pytest.mark.usefixtures("document")
def test_why_fits_a_frame_for_the_longest_question(world: World, ann: Person, chat_id: str) -> None:
    """Each control character takes six bytes of JSON."""
    controls = "\x01" * (MAX_QUESTION_CHARACTERS // 2 - len("What is ?"))
    ann.ask("q1", f"What is {controls}?What is {controls}?")
    world.models.pieces = ["Mass is inertia [1]."]
    world.run_workflow(chat_id)
    assert why(ann)


@pytest.mark.usefixtures("document")
def test_reasons_of_a_newer_version_are_read_without_the_fields_it_has_added(
    world: World, ann: Person, chat_id: str
) -> None:
    ann.ask()
    world.models.pieces = ["Mass is inertia [1]."]
    world.run_workflow(chat_id)
    told = why(ann)
    assert told
    newer = json.dumps(told.model_dump(mode="json") | {"newer": True})
    key, change = keys.QUESTION(chat_id=chat_id, question_id="q1"), "SET reasons = :newer"
    world.rooms_table.update_item(Key=key, UpdateExpression=change, ExpressionAttributeValues={":newer": newer})
    assert why(ann) == told


def test_why_returns_null_for_a_question_without_a_search_or_an_expired_one(
    world: World, ann: Person, chat_id: str
) -> None:
    ann.ask("q1", "Hello!")
    world.run_workflow(chat_id)
    assert why(ann) is None
    assert why(ann, "never-asked") is None


@pytest.mark.usefixtures("document")
def test_reasons_expire_with_the_question_after_a_day(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    world.models.pieces = ["Mass is inertia [1]."]
    world.run_workflow(chat_id)
    (item,) = [item for item in world.rooms_table.scan()["Items"] if "reasons" in item]
    assert abs(int(str(item["expires_at"])) - time.time() - KEPT_S) < 60


@pytest.mark.usefixtures("document")
def test_a_question_too_far_from_every_passage_is_refused_before_the_model_is_called(
    world: World, ann: Person, chat_id: str
) -> None:
    world.set_up(of_answer={"embedding_model": "universal-sentence-encoder-simplified"})
    world.search.score = 0.09
    ann.ask()
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, world.models.prompts) == (Ending.REFUSED, [])
    told = why(ann)
    assert told
    assert (told.passages[0].score, told.tokens) == (0.09, 0)
    world.search.score = 0.11
    ann.ask("q2")
    world.models.pieces = ["[1]"]
    world.run_workflow(chat_id, "q2")
    assert len(world.models.prompts) == 1
