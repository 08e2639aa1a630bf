"""Daily budgets: reserved before any paid call, and settled exactly once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from answer.passages import Passage
from answer.prompt import estimated_tokens, prompt
from documind import limits
from documind.errors import Code, Ending, UnavailableError
from documind.limits import ESTIMATED_TOKENS
from documind.stores.budgets import BUSY_RETRY_AFTER_S, Allowance
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.stores.documents import StoredDocument
from documind.wire import Accepted, Ask, ErrorFrame, Resume, ServerFrame, Stop
from infra.stage import Stage
from tests.functional.world import HERE, PLENTY, Person, World, all_of, endings, kinds, only

Counts = tuple[int, int]
A_DAY_S = 24 * 3600
QUESTION = "What is mass?"
RESERVED = ESTIMATED_TOKENS + len(QUESTION)


def counted(world: World, whose: str) -> Counts:
    """Return the questions and tokens counted against a budget, on all days."""
    items = [item for item in world.rooms_table.scan()["Items"] if item["pk"] == f"BUDGET#{whose}"]
    return sum(int(str(item["questions"])) for item in items), sum(int(str(item["tokens"])) for item in items)


def of_both(world: World, chat_id: str) -> Counts:
    """Return what is counted against Ann's budget and, equally, the room's."""
    counts = counted(world, "USER#ann")
    assert counts == counted(world, f"ROOM#{chat_id}")
    return counts


def reserved(world: World) -> list[int]:
    """Return the tokens that are only reserved, of each budget."""
    items = world.rooms_table.scan()["Items"]
    return [int(str(item["reserved_tokens"])) for item in items if str(item["pk"]).startswith("BUDGET#")]


def test_the_estimate_covers_a_chinese_question_with_five_full_passages_and_its_answer() -> None:
    document = StoredDocument(
        chat_id="c", document_id="d", name="物理學講義.pdf", status="ready", size_bytes=1, sha256=""
    )
    text = "質" * limits.CHUNK_CHARACTERS
    passages = [Passage(number, document, limits.MAX_PDF_PAGES, text) for number in range(1, limits.PASSAGES + 1)]
    asked = "量" * 40
    used = estimated_tokens(prompt(asked, passages), "慣" * 500)
    assert used <= ESTIMATED_TOKENS + len(asked) < 1.3 * used


@pytest.mark.parametrize(("told", "tokens"), [(321, 321), (None, 280)])
@pytest.mark.usefixtures("document")
def test_an_answer_costs_the_reported_tokens_or_an_estimate(
    world: World, ann: Person, chat_id: str, told: int | None, tokens: int
) -> None:
    ann.ask()
    assert of_both(world, chat_id) == (1, RESERVED)
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
def test_a_question_that_no_run_has_claimed_costs_no_tokens(
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


def test_the_reservation_of_a_crashed_run_is_released(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    world.questions.claim(chat_id, "q1", "run-1")
    a_resume(world, ann, chat_id, let_pass)
    assert [message.ending for message in world.whole_history(chat_id)] == [None, Ending.TIMEOUT]
    assert (of_both(world, chat_id), reserved(world)) == ((1, 0), [0, 0])


@pytest.mark.usefixtures("document")
def test_tokens_beyond_the_estimate_count(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    assert reserved(world) == [RESERVED, RESERVED]
    world.models.pieces, world.models.tokens = ["Mass is inertia [1]."], 3 * RESERVED
    world.run_workflow(chat_id)
    assert (of_both(world, chat_id), reserved(world)) == ((1, 3 * RESERVED), [0, 0])


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("pieces", [["Mass is ", UnavailableError(Code.MODEL_UNAVAILABLE)], ["No idea."], []])
def test_a_failed_or_refused_answer_costs_its_tokens(
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
    assert of_both(world, chat_id) == (1, RESERVED)


@pytest.mark.parametrize(
    ("a_user", "a_room"),
    [
        (Allowance(questions=1, tokens=10**6), PLENTY),
        (PLENTY, Allowance(questions=1, tokens=10**6)),
        (Allowance(questions=9, tokens=2 * RESERVED - 20), PLENTY),
        (PLENTY, Allowance(questions=9, tokens=2 * RESERVED - 20)),
    ],
)
def test_a_question_over_the_budget_is_answered_to_its_sender_only_and_not_stored(
    world: World,
    ann: Person,
    chat_id: str,
    let_pass: Callable[[float], None],
    a_user: Allowance,
    a_room: Allowance,
) -> None:
    world.set_up(a_user=a_user, a_room=a_room)
    phone = world.person(device="phone")
    phone.enter(chat_id)
    ann.ask("q1")
    claimed = world.claim(chat_id)
    world.questions.end(claimed, Ending.ANSWER, text="Inertia.", tokens=RESERVED + 1)
    before, items = of_both(world, chat_id), everything(world)
    phone.seen()
    for _ in range(2):
        frames = ann.send(f'{{"type":"ask","request_id":"r","chat_id":"{HERE}","question_id":"q2","text":"質量？"}}')
        assert kinds(frames) == ["accepted", "message", "message"]
        (ended,) = endings(frames)
        assert (ended.ending, ended.text[:7]) == (Ending.BUDGET, "今天的提問額度")
        assert ended.message_id > only(Accepted, frames).message_id
    assert (phone.seen(), everything(world)) == ([], items)
    assert world.workflow.started == [(chat_id, "q1")]
    assert of_both(world, chat_id) == before
    assert kinds(ann.send(ask("q1", chat_id))) == ["accepted", "message"]  # a repeated question needs no budget
    let_pass(A_DAY_S)
    ann.ask("q2")
    assert world.workflow.started == [(chat_id, "q1"), (chat_id, "q2")]


def everything(world: World) -> list[dict[str, Any]]:
    """Return all items except budgets, whose expiry changes."""
    items: list[dict[str, Any]] = [
        dict(item) for table in (world.rooms_table, world.messages_table) for item in table.scan()["Items"]
    ]
    return [item for item in items if not str(item.get("pk")).startswith("BUDGET#")]


def ask(question_id: str, chat_id: str) -> Ask:
    return Ask(request_id="r", chat_id=chat_id, question_id=question_id, text=QUESTION)


@pytest.mark.parametrize("of_user", [True, False])
def test_a_budget_used_up_by_reservations_only_gives_busy_and_a_retry_succeeds(
    world: World, ann: Person, chat_id: str, of_user: bool
) -> None:
    scarce = Allowance(questions=9, tokens=2 * RESERVED - 1)
    world.set_up(a_user=scarce if of_user else PLENTY, a_room=PLENTY if of_user else scarce)
    ann.ask("q1")
    before = everything(world)
    refused = only(ErrorFrame, ann.send(ask("q2", chat_id)))
    assert (refused.code, refused.retry_after_s) == (Code.BUSY, BUSY_RETRY_AFTER_S)
    assert everything(world) == before
    assert kinds(ann.send(ask("q1", chat_id))) == ["accepted", "message"]
    world.questions.end(world.claim(chat_id), Ending.ANSWER, text="Inertia.", tokens=RESERVED - 1)
    ann.ask("q2")
    assert of_both(world, chat_id) == (2, 2 * RESERVED - 1)


def a_day(whose: str) -> Allowance:
    """Return the budget that a stage has by default."""
    amounts = {what: getattr(Stage, f"{whose}_{what}_a_day") for what in ("questions", "tokens", "pages")}
    return Allowance(**amounts)


@pytest.mark.parametrize(("people", "questions_each"), [(50, 3), (1, 30)])
def test_concurrent_questions_do_not_get_the_ending_budget(
    world: World, ann: Person, chat_id: str, people: int, questions_each: int
) -> None:
    """No question has ended yet, as with a model that takes 20 s, so that all tokens are reserved at the same time."""
    world.set_up(a_user=a_day("user"), a_room=a_day("room"))
    ann.disconnect()
    names = ["ann", *(f"user{number}" for number in range(1, people))]
    for name in names[1:]:
        world.invite(chat_id, name)
    devices = min(questions_each, MAX_USER_CONNECTIONS)
    asking = [(name, device) for name in names for device in range(devices)]
    questions = people * questions_each

    def ask_in_turn(who: tuple[str, int]) -> list[ServerFrame]:
        name, device = who
        person = world.person(name, device=str(device))
        numbers = range(device, questions_each, devices)
        return [frame for number in numbers for frame in person.send(ask(f"{name}-{number}", chat_id))]

    with ThreadPoolExecutor(16) as threads:
        frames = [frame for found in threads.map(ask_in_turn, asking) for frame in found]
    assert len(all_of(Accepted, frames)) == len(frames) == questions
    assert len(world.workflow.started) == questions
    assert counted(world, f"ROOM#{chat_id}") == (questions, questions * RESERVED)


def test_a_budget_of_zero_allows_nothing(world: World, ann: Person, chat_id: str) -> None:
    world.set_up(a_user=Allowance())
    ann.ask()
    assert world.workflow.started == []
    assert of_both(world, chat_id) == (0, 0)


def test_releasing_tokens_of_an_expired_day_does_not_create_its_item(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    for item in world.rooms_table.scan()["Items"]:
        if str(item["pk"]).startswith("BUDGET#"):
            assert int(str(item["expires_at"])) > 0
            world.rooms_table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
    a_resume(world, ann, chat_id, let_pass)
    assert of_both(world, chat_id) == (0, 0)
