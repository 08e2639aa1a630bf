"""Flushes move messages of ended questions into segments; no interleaving or crash loses or duplicates one."""

import random
from typing import TYPE_CHECKING, Any

import pytest

from documind.stores.items import ItemTable
from documind.wire import Message
from tests.functional.messages import said, say
from tests.functional.world import Person, World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class DiedError(Exception):
    """The function was ended before it was finished."""


class DyingWriter:
    """Deletes `deletes` items, and then raises DiedError."""

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


def test_a_flush_moves_all_live_messages_and_does_not_change_the_history(world: World) -> None:
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


def test_a_long_conversation_is_kept_in_segments_of_bounded_size(world: World, chat_id: str) -> None:
    messages = [said(number, f"{number}" + "長" * 6_000) for number in range(40)]  # 720 KB
    say(world, chat_id, messages)
    assert world.history.flush(chat_id) == 40
    assert len(world.segments(chat_id)) == 4
    assert world.whole_history(chat_id) == messages


def test_a_message_larger_than_a_segment_gets_its_own_segment(world: World, chat_id: str) -> None:
    messages = [said(0), said(1, "長" * 100_000), said(2)]  # 300 KB; an item may have 400
    say(world, chat_id, messages)
    assert world.history.flush(chat_id) == 3
    assert world.segments(chat_id) == [f"SEG#{each.message_id}#{each.message_id}" for each in messages]
    assert world.whole_history(chat_id) == messages


def test_a_segment_that_hardly_compresses_fits_an_item(world: World, chat_id: str) -> None:
    characters = random.Random(1)  # noqa: S311
    texts = ["".join(chr(characters.randint(0x4E00, 0x9FFF)) for _ in range(6_000)) for _ in range(22)]
    messages = [said(number, text) for number, text in enumerate(texts)]
    say(world, chat_id, messages)
    assert world.history.flush(chat_id) == len(messages)
    assert len(world.segments(chat_id)) == 2
    largest = ItemTable(world.rooms_table).get(pk=f"ROOM#{chat_id}", sk=world.segments(chat_id)[0])
    assert largest
    assert 120_000 < len(bytes(largest["messages"])) < 400_000
    assert world.whole_history(chat_id) == messages


def test_deletes_that_dynamodb_does_not_process_are_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat_id = world.person().open()
    say(world, chat_id, [said(number) for number in range(5)])
    client, name = world.messages_table.meta.client, world.messages_table.name
    write, calls = client.batch_write_item, 0

    def only_two(*, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803  (the SDK's own name)
        nonlocal calls
        calls += 1
        requests = RequestItems[name]
        write(RequestItems={name: requests[:2]})
        return {"UnprocessedItems": {name: requests[2:]} if requests[2:] else {}}

    with monkeypatch.context() as patch:
        patch.setattr(client, "batch_write_item", only_two)
        assert world.history.flush(chat_id) == 5
    assert calls == 3
    assert world.live_messages(chat_id) == []


def test_two_concurrent_flushes_show_every_message_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_message_put_during_a_flush_stays_live(world: World, chat_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_a_flush_that_crashes_loses_and_duplicates_no_message(
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
    if not deleted:
        assert world.history.flush(chat_id) == 5  # the messages in the segment of the first flush
        assert len(world.segments(chat_id)) == 1
    more = [said(number) for number in range(5, 8)]
    say(world, chat_id, more)
    world.history.flush(chat_id)
    assert world.live_messages(chat_id) == []
    assert world.whole_history(chat_id) == messages + more
    assert world.history.page(chat_id, limit=3) == (more, True)


def test_messages_after_an_open_question_stay_live_until_it_ends(world: World, ann: Person, chat_id: str) -> None:
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


def test_a_question_whose_answer_was_flushed_first_does_not_count_as_open(world: World) -> None:
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


def test_a_room_that_is_being_deleted_gets_no_segment(world: World, chat_id: str) -> None:
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
