"""Budgets of a day: reserved before anything is paid, settled once, whoever ends the question."""

from collections.abc import Callable

import pytest

from answer.passages import Passage
from answer.prompt import prompt
from documind import limits
from documind.errors import Code, Ending, UnavailableError
from documind.limits import MAX_QUESTION_TOKENS
from documind.stores.budgets import Allowance
from documind.wire import Resume, Stop
from tests.functional.world import HERE, PLENTY, Person, World, endings, kinds

Counts = tuple[int, int]
A_DAY_S = 24 * 3600


def counted(world: World, whose: str) -> Counts:
    """Return the questions and tokens counted against a budget, on all days."""
    items = [item for item in world.rooms_table.scan()["Items"] if item["pk"] == f"BUDGET#{whose}"]
    return sum(int(str(item["questions"])) for item in items), sum(int(str(item["tokens"])) for item in items)


def of_both(world: World, chat_id: str) -> Counts:
    """Return what is counted against Ann's budget and, equally, the room's."""
    counts = counted(world, "USER#ann")
    assert counts == counted(world, f"ROOM#{chat_id}")
    return counts


def test_no_question_can_cost_more_tokens_than_are_reserved() -> None:
    passages = [
        Passage(
            number=number,
            document_id="d",
            ingest_id="i",
            document="😀" * limits.MAX_FILE_NAME_CHARACTERS,
            page=limits.MAX_PDF_PAGES,
            start=0,
            end=0,
            text="😀" * limits.CHUNK_CHARACTERS,
            score=1,
        )
        for number in range(1, limits.PASSAGES + 1)
    ]
    messages = prompt("😀" * limits.MAX_QUESTION_CHARACTERS, passages)
    asked_bytes = len("".join(str(message.get("content")) for message in messages).encode())
    assert MAX_QUESTION_TOKENS - 2_000 < asked_bytes + limits.MAX_ANSWER_BYTES <= MAX_QUESTION_TOKENS


@pytest.mark.parametrize(("told", "tokens"), [(321, 321), (None, 280)])
@pytest.mark.usefixtures("document")
def test_an_answer_costs_what_the_model_says_or_else_about_what_was_written(
    world: World, ann: Person, chat_id: str, told: int | None, tokens: int
) -> None:
    ann.ask()
    assert of_both(world, chat_id) == (1, MAX_QUESTION_TOKENS)
    world.models.pieces, world.models.tokens = ["Mass is inertia [1]."], told
    world.run_workflow(chat_id)
    questions, used = of_both(world, chat_id)
    assert questions == 1
    assert used == pytest.approx(tokens, rel=0.5)


def nothing(world: World, _ann: Person, chat_id: str, _let_pass: Callable[[float], None]) -> None:
    world.run_workflow(chat_id)


def a_stop(_world: World, ann: Person, _chat_id: str, _let_pass: Callable[[float], None]) -> None:
    ann.send(Stop(request_id="r", chat_id=HERE, question_id="q1"))


def an_apology(world: World, _ann: Person, chat_id: str, _let_pass: Callable[[float], None]) -> None:
    world.step("apologise", chat_id, error="States.Timeout")


def a_resume(_world: World, ann: Person, _chat_id: str, let_pass: Callable[[float], None]) -> None:
    let_pass(61)
    ann.send(Resume(request_id="r", chat_id=HERE, question_id="q1"))


def an_opening(world: World, _ann: Person, chat_id: str, let_pass: Callable[[float], None]) -> None:
    let_pass(61)
    world.person(device="phone").enter(chat_id)


def a_disconnection(_world: World, ann: Person, _chat_id: str, let_pass: Callable[[float], None]) -> None:
    let_pass(61)
    ann.disconnect()


ENDS = [nothing, a_stop, an_apology, a_resume, an_opening, a_disconnection]


@pytest.mark.parametrize("end", ENDS)
def test_a_question_that_no_run_has_claimed_costs_no_tokens_whoever_ends_it(
    world: World,
    ann: Person,
    chat_id: str,
    let_pass: Callable[[float], None],
    end: Callable[[World, Person, str, Callable[[float], None]], None],
) -> None:
    ann.ask()
    end(world, ann, chat_id, let_pass)
    assert of_both(world, chat_id) == (1, 0)
    end(world, ann, chat_id, let_pass)
    assert of_both(world, chat_id) == (1, 0)


def test_what_a_run_that_died_has_used_is_unknown_and_stays_reserved(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    world.questions.claim(chat_id, "q1", "run-1")
    a_resume(world, ann, chat_id, let_pass)
    assert [message.ending for message in world.whole_history(chat_id)] == [None, Ending.TIMEOUT]
    assert of_both(world, chat_id) == (1, MAX_QUESTION_TOKENS)


@pytest.mark.usefixtures("document")
def test_a_retry_does_not_hide_what_the_first_try_has_used(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    retrieved = world.step("retrieve", chat_id)
    world.questions.claim(chat_id, "q1", "run-1")
    world.models.pieces = ["Mass [1]."]
    world.step("generate", chat_id, retrieved=retrieved)
    assert of_both(world, chat_id) == (1, MAX_QUESTION_TOKENS)


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("pieces", [["Mass is ", UnavailableError(Code.MODEL_UNAVAILABLE)], ["No idea."], []])
def test_an_answer_that_failed_or_was_refused_costs_what_was_read_and_written(
    world: World, ann: Person, chat_id: str, pieces: list[str | Exception]
) -> None:
    ann.ask()
    world.models.pieces = pieces
    world.run_workflow(chat_id)
    assert 100 < of_both(world, chat_id)[1] < 1_000


def test_the_same_question_twice_and_a_refused_one_count_once(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    ann.ask()
    assert kinds(
        ann.send(f'{{"type":"ask","request_id":"r","chat_id":"{HERE}","question_id":"q1","text":"Else?"}}')
    ) == ["error"]
    assert of_both(world, chat_id) == (1, MAX_QUESTION_TOKENS)


@pytest.mark.parametrize(
    ("a_user", "a_room"),
    [
        (Allowance(questions=1, tokens=10**6), PLENTY),
        (PLENTY, Allowance(questions=1, tokens=10**6)),
        (Allowance(questions=9, tokens=2 * MAX_QUESTION_TOKENS - 1), PLENTY),
        (PLENTY, Allowance(questions=9, tokens=2 * MAX_QUESTION_TOKENS - 1)),
    ],
)
def test_over_the_budget_a_question_is_kept_and_ends_so_until_the_next_day(
    world: World,
    ann: Person,
    chat_id: str,
    let_pass: Callable[[float], None],
    a_user: Allowance,
    a_room: Allowance,
) -> None:
    world.set_up(a_user=a_user, a_room=a_room)
    ann.ask("q1")
    before = of_both(world, chat_id)
    frames = ann.send(f'{{"type":"ask","request_id":"r","chat_id":"{HERE}","question_id":"q2","text":"質量？"}}')
    assert kinds(frames) == ["accepted", "message", "message"]
    (ended,) = endings(frames)
    assert (ended.ending, ended.text[:7]) == (Ending.BUDGET, "今天的提問額度")
    assert world.workflow.started == [(chat_id, "q1")]
    assert of_both(world, chat_id) == before
    let_pass(A_DAY_S)
    ann.ask("q3")
    assert world.workflow.started == [(chat_id, "q1"), (chat_id, "q3")]


def test_a_budget_of_nothing_allows_nothing(world: World, ann: Person, chat_id: str) -> None:
    world.set_up(a_user=Allowance())
    ann.ask()
    assert world.workflow.started == []
    assert of_both(world, chat_id) == (0, 0)


def test_a_day_that_has_expired_is_not_made_anew_by_what_is_given_back(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    for item in world.rooms_table.scan()["Items"]:
        if str(item["pk"]).startswith("BUDGET#"):
            assert int(str(item["expires_at"])) > 0
            world.rooms_table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    a_resume(world, ann, chat_id, let_pass)
    assert of_both(world, chat_id) == (0, 0)
