"""Resuming an answer, and ending a question that is past its deadline."""

from collections.abc import Callable

import pytest

from documind.errors import Ending
from documind.wire import Delta, MessageFrame, Open, Resume
from tests.functional.world import HERE, Person, World, all_of, endings, kinds


@pytest.mark.parametrize(
    ("epoch", "seq", "after", "text"),
    [
        (1, 0, 0, "質量 🍎 is"),
        (1, 4, 4, " is"),
        (1, 7, 7, ""),
        (1, 999, 7, ""),
        (0, 4, 0, "質量 🍎 is"),
        (2, 4, 0, "質量 🍎 is"),
    ],
)
def test_a_resume_gives_the_text_that_followed(
    world: World, ann: Person, chat_id: str, epoch: int, seq: int, after: int, text: str
) -> None:
    ann.ask()
    world.questions.save(world.claim(chat_id), "質量 🍎 is")
    (delta,) = ann.send(Resume(request_id="r2", chat_id=HERE, question_id="q1", epoch=epoch, seq=seq))
    assert delta == Delta(request_id="r2", chat_id=chat_id, question_id="q1", epoch=1, after=after, seq=7, text=text)


def test_a_resume_after_the_end_gives_the_answer(world: World, ann: Person, chat_id: str) -> None:
    ann.ask()
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    (frame,) = ann.send(Resume(request_id="r2", chat_id=HERE, question_id="q1", seq=3))
    assert frame == MessageFrame(request_id="r2", chat_id=chat_id, message=ended)
    ann.disconnect()
    assert world.live_messages(chat_id) == []
    phone = world.person("ann", device="phone")
    phone.enter(chat_id)
    (frame,) = phone.send(Resume(request_id="r3", chat_id=HERE, question_id="q1"))
    assert frame == MessageFrame(request_id="r3", chat_id=chat_id, message=ended)


@pytest.mark.parametrize(
    ("saved", "ending"),
    [("", Ending.TIMEOUT), ("Half an answer", Ending.ERROR)],
)
@pytest.mark.parametrize("reader", ["resume", "open", "disconnect"])
def test_the_first_reader_of_an_overdue_question_ends_it_for_everybody(
    world: World,
    ann: Person,
    bob: Person,
    chat_id: str,
    let_pass: Callable[[float], None],
    reader: str,
    saved: str,
    ending: Ending,
) -> None:
    ann.ask()
    if saved:
        world.questions.save(world.claim(chat_id), saved)
    bob.seen()
    let_pass(61)
    if reader == "resume":
        resumed = ann.send(Resume(request_id="r2", chat_id=HERE, question_id="q1"))
        assert [frame.request_id for frame in all_of(MessageFrame, resumed)][-1] == "r2"
    elif reader == "open":
        world.person("ann", device="phone").send(Open(request_id="r2", chat_id=chat_id))
    else:
        ann.disconnect()
    (ended,) = endings(bob.seen())
    assert ended.ending == ending
    assert ended.text.startswith(saved or "Sorry, no answer came in time.")
    assert [message for message in world.whole_history(chat_id) if message.ending] == [ended]
    assert world.questions.claim(chat_id, "q1", "run-1") is None


def test_a_question_before_its_deadline_is_not_ended(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask()
    let_pass(50)
    world.person("ann", device="phone").enter(chat_id)
    assert kinds(ann.send(Resume(request_id="r2", chat_id=HERE, question_id="q1"))) == ["delta"]
    assert endings(ann.seen()) == []


def test_an_apology_is_in_the_language_of_the_question(
    world: World, ann: Person, chat_id: str, let_pass: Callable[[float], None]
) -> None:
    ann.ask(text="質量是什麼？")
    let_pass(61)
    ann.send(Resume(request_id="r2", chat_id=HERE, question_id="q1"))
    assert world.whole_history(chat_id)[-1].text == "抱歉，沒能及時得到答案，請稍後再問一次。"
