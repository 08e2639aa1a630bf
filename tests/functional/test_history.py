"""History: live messages and segments read as one list, page by page, whatever was moved when."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from ulid import ULID

from documind.errors import Ending
from documind.stores.conversation.messages import from_item, to_item
from documind.wire import Citation, History, HistoryPage, Message
from tests.functional.world import Person, World, only

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


def said(number: int, text: str | None = None, *, kind: str = "answer") -> Message:
    """Return the message of second `number` in a conversation."""
    return Message(
        message_id=f"01HF7Y{number:020}",
        kind="question" if kind == "question" else "answer",
        question_id=f"q{number}",
        sender="Ann" if kind == "question" else None,
        text=text or f"message {number}",
        ending=None if kind == "question" else Ending.ANSWER,
    )


def say(world: World, chat_id: str, messages: Sequence[Message]) -> None:
    with world.messages_table.batch_writer() as writer:
        for message in messages:
            writer.put_item(Item=to_item(chat_id, message))


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


def expire(world: World, chat_id: str) -> list[dict[str, Any]]:
    """Take all live messages away, as TTL does, and return the items."""
    items = world.live_messages(chat_id)
    with world.messages_table.batch_writer() as writer:
        for item in items:
            writer.delete_item(Key={"chat_id": chat_id, "message_id": item["message_id"]})
    return items


class DiedError(Exception):
    """The function ended in the middle of what it did."""


def test_a_message_is_kept_as_it_was_but_for_its_quotes() -> None:
    citation = Citation(
        number=2, document_id="d1", page=3, start=5, end=9, score=0.1 + 0.2, rects=[(0.1, 1.5, 2, 3)], quote="質量"
    )
    message = said(1, "慣性 [2]。").model_copy(update={"citations": [citation]})
    item = to_item("c1", message)
    assert from_item(item) == message.model_copy(update={"citations": [citation.model_copy(update={"quote": None})]})
    assert "質量" not in str(item)
    assert (item["chat_id"], item["version"]) == ("c1", 1)


def test_an_open_question_has_no_ending_and_an_answer_no_sender() -> None:
    for message in (said(1, kind="question"), said(2)):
        assert from_item(to_item("c1", message)) == message


def read_all(person: Person, first: HistoryPage) -> list[HistoryPage]:
    """Page back to the beginning, as a client does."""
    pages = [first]
    while pages[0].next:
        pages.insert(0, only(HistoryPage, person.send(History(request_id="r", before=pages[0].next))))
    return pages


def test_a_long_history_is_read_in_pages_from_the_newest_back(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    messages = [said(number) for number in range(170)]
    say(world, chat_id, messages[:60])
    assert world.history.flush(chat_id) == 60
    say(world, chat_id, messages[60:120])
    assert world.history.flush(chat_id) == 60
    say(world, chat_id, messages[120:])
    pages = read_all(ann, only(HistoryPage, ann.enter(chat_id)))
    assert [len(page.messages) for page in pages] == [20, 50, 50, 50]
    assert [message for page in pages for message in page.messages] == messages
    assert [page.request_id for page in pages] == ["r", "r", "r", None]


def test_a_page_of_long_messages_fits_its_frame_and_nothing_is_left_out(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    messages = [said(number, f"{number:02}" + "長" * 3_000) for number in range(12)]
    say(world, chat_id, messages[:6])
    world.history.flush(chat_id)
    say(world, chat_id, messages[6:])
    pages = read_all(ann, only(HistoryPage, ann.enter(chat_id)))
    assert [len(page.messages) for page in pages] == [2] * 6
    assert [message for page in pages for message in page.messages] == messages


def test_live_messages_beyond_one_query_are_not_missing(world: World) -> None:
    chat_id = world.person().open()
    messages = [said(number, "長" * 8_000) for number in range(50)]  # 1.2 MB: a query returns 1 MB at most
    say(world, chat_id, messages)
    assert world.history.page(chat_id, limit=50) == (messages, False)


def test_an_exact_page_has_nothing_before_it(world: World) -> None:
    chat_id = world.person().open()
    messages = [said(number) for number in range(50)]
    say(world, chat_id, messages)
    assert world.history.page(chat_id, limit=50) == (messages, False)
    assert world.history.page(chat_id, limit=49) == (messages[1:], True)
    world.history.flush(chat_id)
    assert world.history.page(chat_id, limit=50) == (messages, False)
    assert world.history.page(chat_id, limit=49) == (messages[1:], True)
    assert world.history.page(chat_id, before=messages[0].message_id) == ([], False)


def test_one_message_is_found_live_and_kept(world: World) -> None:
    chat_id = world.person().open()
    messages = [said(number) for number in range(5)]
    say(world, chat_id, messages)
    for _ in range(2):
        assert [world.history.message(chat_id, each.message_id) for each in messages] == messages
        assert world.history.message(chat_id, said(9).message_id) is None
        assert world.history.message(chat_id, "") is None
        world.history.flush(chat_id)


def test_a_flush_leaves_nothing_live_and_history_as_it_was(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    messages = [said(number, "質量 🍎") for number in range(5)]
    say(world, chat_id, messages)
    ann.disconnect()
    assert world.live_messages(chat_id) == []
    assert world.segments(chat_id) == [f"SEG#{messages[0].message_id}#{messages[-1].message_id}"]
    assert world.whole_history(chat_id) == messages
    assert world.history.flush(chat_id) == 0
    assert len(world.segments(chat_id)) == 1


def test_a_long_conversation_is_kept_in_segments_of_bounded_size(world: World) -> None:
    chat_id = world.person().open()
    messages = [said(number, f"{number}" + "長" * 6_000) for number in range(40)]  # 720 KB
    say(world, chat_id, messages)
    assert world.history.flush(chat_id) == 40
    assert len(world.segments(chat_id)) == 4
    assert world.whole_history(chat_id) == messages


def test_two_flushes_at_once_keep_everything_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat_id = world.person().open()
    messages = [said(number) for number in range(5)]
    say(world, chat_id, messages)
    keep = world.history._keep  # noqa: SLF001
    flushed: list[int] = []

    def after_another_flush(chat_id: str, batch: list[Message]) -> list[Message]:
        monkeypatch.setattr(world.history, "_keep", keep)
        flushed.append(world.history.flush(chat_id))
        return keep(chat_id, batch)

    monkeypatch.setattr(world.history, "_keep", after_another_flush)
    world.history.flush(chat_id)
    assert flushed == [5]
    assert world.live_messages(chat_id) == []
    assert len(world.segments(chat_id)) == 1
    assert world.whole_history(chat_id) == messages


def test_a_message_that_comes_during_a_flush_stays_live(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat_id = world.person().open()
    messages = [said(number) for number in range(5)]
    late = said(2, "late").model_copy(update={"message_id": messages[2].message_id + "A"})
    say(world, chat_id, messages)
    keep = world.history._keep  # noqa: SLF001

    def while_another_message_comes(chat_id: str, batch: list[Message]) -> list[Message]:
        say(world, chat_id, [late, said(9)])
        return keep(chat_id, batch)

    monkeypatch.setattr(world.history, "_keep", while_another_message_comes)
    world.history.flush(chat_id)
    monkeypatch.setattr(world.history, "_keep", keep)
    assert [item["message_id"] for item in world.live_messages(chat_id)] == [late.message_id, said(9).message_id]
    everything = sorted([*messages, late, said(9)], key=lambda message: message.message_id)
    assert world.whole_history(chat_id) == everything
    assert world.history.flush(chat_id) == 2
    assert world.whole_history(chat_id) == everything


@pytest.mark.parametrize("deleted", [0, 1, 3, 5])
def test_a_flush_that_dies_loses_and_shows_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, deleted: int
) -> None:
    chat_id = world.person().open()
    messages = [said(number) for number in range(5)]
    say(world, chat_id, messages)
    with monkeypatch.context() as patch:
        patch.setattr(world.messages_table, "batch_writer", lambda: DyingWriter(world.messages_table, deleted))
        if deleted < 5:
            with pytest.raises(DiedError):
                world.history.flush(chat_id)
        else:
            world.history.flush(chat_id)
    assert len(world.live_messages(chat_id)) == 5 - deleted
    assert world.whole_history(chat_id) == messages
    assert world.history.page(chat_id, limit=3) == (messages[2:], True)
    more = [said(number) for number in range(5, 8)]
    say(world, chat_id, more)
    world.history.flush(chat_id)
    assert world.live_messages(chat_id) == []
    assert world.whole_history(chat_id) == messages + more
    assert world.history.page(chat_id, limit=3) == (more, True)


class DyingWriter:
    """Deletes some items, and then the function ends."""

    def __init__(self, table: "Table", deletes: int) -> None:
        self._table = table
        self._deletes = deletes

    def __enter__(self) -> "DyingWriter":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def delete_item(self, Key: dict[str, Any]) -> None:  # noqa: N803  (the SDK's own name)
        if not self._deletes:
            raise DiedError
        self._deletes -= 1
        self._table.delete_item(Key=Key)


def test_what_follows_an_open_question_stays_live_until_it_ends(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    ann.ask("q1", "one")
    world.run_workflow(chat_id, "q1")
    ann.ask("q2", "two")
    ann.ask("q3", "three")
    world.run_workflow(chat_id, "q3")
    before = world.whole_history(chat_id)
    phone = world.person(device="phone")
    phone.enter(chat_id)
    phone.disconnect()
    live = [item["question_id"] for item in world.live_messages(chat_id)]
    assert live == ["q2", "q3", "q3"]
    assert world.whole_history(chat_id) == before
    world.run_workflow(chat_id, "q2")
    ann.disconnect()
    assert world.live_messages(chat_id) == []
    assert world.whole_history(chat_id)[:5] == before
    assert len(world.whole_history(chat_id)) == 6


def test_a_question_whose_answer_moved_before_it_is_not_taken_for_open(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    ann.ask()
    world.run_workflow(chat_id)
    everything = world.whole_history(chat_id)
    question, answer = world.live_messages(chat_id)
    world.history.keep(chat_id, answer)
    world.messages_table.delete_item(Key={"chat_id": chat_id, "message_id": answer["message_id"]})
    assert world.history.flush(chat_id) == 1
    assert world.live_messages(chat_id) == []
    assert world.whole_history(chat_id) == everything
    assert everything[0].message_id == question["message_id"]


def test_a_room_that_is_being_deleted_gets_no_segment(world: World) -> None:
    chat_id = world.person().open()
    say(world, chat_id, [said(1)])
    item = world.live_messages(chat_id)[0]
    world.begin_deletion(chat_id)
    assert world.history.flush(chat_id) == 0
    world.history.keep(chat_id, item)
    assert world.segments(chat_id) == []
    assert len(world.live_messages(chat_id)) == 1


def test_a_disconnect_without_a_room_or_twice_does_nothing(world: World) -> None:
    world.person(device="phone").disconnect()
    ann = world.person()
    chat_id = ann.open()
    say(world, chat_id, [said(1)])
    ann.disconnect()
    ann.disconnect()
    assert len(world.segments(chat_id)) == 1


def test_a_live_message_lives_a_week(world: World, let_pass: Callable[[float], None]) -> None:
    let_pass(0)
    ann = world.person()
    chat_id = ann.open()
    ann.ask()
    (item,) = world.live_messages(chat_id)
    lives_s = int(item["expires_at"]) - ULID.from_str(str(item["message_id"])).timestamp
    assert lives_s == pytest.approx(7 * 24 * 3600, abs=5)
