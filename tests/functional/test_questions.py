"""The states of a question in the table: each change needs the right state, and there is exactly one ending."""

from collections.abc import Callable

import pytest
from ulid import ULID

from documind.errors import Code, DocumindError, Ending
from documind.stores.conversation import Question
from documind.wire import Citation, User
from tests.functional.world import ANN, World

NOBODY = "room-of-nobody"


@pytest.fixture
def question(world: World, chat_id: str) -> Question:
    accepted = world.questions.accept(chat_id, "q1", user=ANN, text="What is mass?", document_ids=["d1"], within_s=60)
    assert accepted
    question, is_new = accepted
    assert is_new
    return question


def test_an_accepted_question_is_read_back_unchanged(world: World, chat_id: str, question: Question) -> None:
    assert world.questions.get(chat_id, "q1") == question
    assert (question.state, question.epoch, question.run, question.document_ids) == ("accepted", 0, None, ["d1"])
    assert question.deadline == question.accepted_at + 60
    assert world.questions.open_in(chat_id) == [question]


def test_a_question_of_a_user_removed_in_between_is_not_accepted(world: World, chat_id: str) -> None:
    with pytest.raises(DocumindError) as refused:
        world.questions.accept(
            chat_id, "q1", user=User(user_id="bob", name="Bob"), text="?", document_ids=None, within_s=60
        )
    assert refused.value.code == Code.ROOM_NOT_FOUND
    assert world.live_messages(chat_id) == []


def test_only_one_run_claims_a_question(world: World, chat_id: str, question: Question) -> None:
    claimed = world.questions.claim(chat_id, "q1", "run-1")
    assert claimed is not None
    assert (claimed.state, claimed.epoch, claimed.run) == ("streaming", 1, "run-1")
    assert world.questions.claim(chat_id, "q1", "run-2") is None
    assert question.epoch == 0


def test_a_retry_of_the_run_restarts_the_text(world: World, chat_id: str, question: Question) -> None:
    overtaken = world.claim(chat_id)
    world.questions.save(overtaken, "Half an ans")
    again = world.claim(chat_id)
    assert (again.epoch, again.seq, again.text) == (2, 0, "")
    assert world.questions.save(overtaken, "Half an answer") is None
    kept = world.questions.get(chat_id, "q1")
    assert kept is not None
    assert kept.text == ""
    assert world.questions.end(question, Ending.ERROR) is None
    assert world.questions.end(overtaken, Ending.ANSWER, text="Half") is None
    assert world.questions.end(again, Ending.ANSWER, text="Whole") is not None


def test_a_question_past_its_deadline_is_not_claimed(
    world: World, chat_id: str, question: Question, let_pass: Callable[[float], None]
) -> None:
    let_pass(61)
    assert world.questions.claim(chat_id, question.question_id, "run-1") is None


@pytest.mark.usefixtures("question")
def test_a_save_counts_code_points_and_moves_the_deadline_once_there_is_text(
    world: World, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    claimed = world.claim(chat_id)
    let_pass(50)
    silent = world.questions.save(claimed, "")
    assert silent is not None
    assert silent.deadline == claimed.deadline
    speaking = world.questions.save(claimed, "質量😀")
    assert speaking is not None
    assert (speaking.seq, speaking.text) == (3, "質量😀")
    assert speaking.deadline == pytest.approx(claimed.deadline + 20, abs=2)  # 30 s from now


@pytest.mark.usefixtures("question")
def test_nothing_is_saved_before_a_claim_or_after_the_end(world: World, chat_id: str, question: Question) -> None:
    assert world.questions.save(question, "too early") is None
    claimed = world.claim(chat_id)
    world.questions.end(claimed, Ending.STOPPED)
    assert world.questions.save(claimed, "too late") is None
    assert world.questions.claim(chat_id, "q1", "run-1") is None
    assert world.questions.stop(chat_id, "q1") is None
    assert world.questions.open_in(chat_id) == []


def test_a_question_ends_once_with_concurrent_endings(world: World, chat_id: str, question: Question) -> None:
    claimed = world.claim(chat_id)
    first = world.questions.end(claimed, Ending.ANSWER, text="Inertia.")
    assert first is not None
    assert world.questions.end(claimed, Ending.TIMEOUT) is None
    assert world.questions.end(question, Ending.ERROR) is None
    ended = world.questions.get(chat_id, "q1")
    assert ended is not None
    assert (ended.state, ended.answer_id, ended.text, ended.deadline) == ("ended", first.message_id, "", 0)
    assert [message.text for message in world.whole_history(chat_id)] == ["What is mass?", "Inertia."]


def test_an_answer_sorts_after_its_question_whatever_the_clocks_say(world: World, question: Question) -> None:
    of_a_clock_ahead = question.model_copy(
        update={"message_id": str(ULID.from_timestamp(ULID().milliseconds + 60_000))}
    )
    answer = world.questions.end(of_a_clock_ahead, Ending.ANSWER, text="Inertia.")
    assert answer is not None
    assert answer.message_id > of_a_clock_ahead.message_id


def test_the_end_of_a_question_and_its_message_are_written_atomically(
    world: World, chat_id: str, question: Question
) -> None:
    world.begin_deletion(chat_id)
    assert world.questions.end(question, Ending.ANSWER, text="Inertia.") is None
    kept = world.questions.get(chat_id, "q1")
    assert kept is not None
    assert kept.state == "accepted"
    assert len(world.live_messages(chat_id)) == 1


def test_ending_an_expired_question_does_not_create_it_again(world: World, chat_id: str, question: Question) -> None:
    world.rooms_table.delete_item(Key={"pk": f"ROOM#{chat_id}", "sk": "Q#q1"})
    assert world.questions.end(question, Ending.ANSWER, text="Inertia.") is None
    assert world.questions.get(chat_id, "q1") is None
    assert world.questions.stop(chat_id, "q1") is None
    assert world.questions.open_in(chat_id) == []
    assert world.questions.get(NOBODY, "q1") is None


@pytest.mark.usefixtures("question")
def test_an_overdue_question_is_ended_only_if_its_deadline_was_not_extended(
    world: World, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    claimed = world.claim(chat_id)
    assert world.questions.end_overdue(claimed) is None
    let_pass(59)
    world.questions.save(claimed, "At last")
    let_pass(5)
    assert world.questions.end_overdue(claimed) is None  # a state read before the run extended the deadline
    let_pass(30)
    now = world.questions.get(chat_id, "q1")
    assert now is not None
    ended = world.questions.end_overdue(now)
    assert ended is not None
    assert (ended.ending, ended.text) == (Ending.ERROR, "At last")
    after = world.questions.get(chat_id, "q1")
    assert after is not None
    assert world.questions.end_overdue(after) is None


def test_a_stop_is_seen_by_the_next_save(world: World, chat_id: str, question: Question) -> None:
    assert not question.stop
    claimed = world.claim(chat_id)
    stopped = world.questions.stop(chat_id, "q1")
    assert stopped is not None
    assert stopped.state == "streaming"
    saved = world.questions.save(claimed, "x")
    assert saved is not None
    assert saved.stop


def test_citations_are_stored_with_their_scores_and_without_quotes(
    world: World, chat_id: str, question: Question
) -> None:
    citation = Citation(number=1, document_id="d1", page=2, start=3, end=9, score=0.123456789, quote="Inertia")
    shown = world.questions.end(question, Ending.ANSWER, text="[1]", citations=[citation])
    assert shown is not None
    assert shown.citations == [citation]
    world.history.flush(chat_id)
    assert world.whole_history(chat_id)[-1].citations == [citation.model_copy(update={"quote": None})]


def test_open_questions_come_in_the_order_they_were_asked(world: World, chat_id: str) -> None:
    for question_id in ("zebra", "ape", "mole"):
        world.questions.accept(chat_id, question_id, user=ANN, text="?", document_ids=None, within_s=60)
    asked = [question.question_id for question in world.questions.open_in(chat_id)]
    assert sorted(asked) == ["ape", "mole", "zebra"]
    assert [question.message_id for question in world.questions.open_in(chat_id)] == sorted(
        question.message_id for question in world.questions.open_in(chat_id)
    )
