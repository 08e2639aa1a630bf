"""History read page by page: live messages and segments as one list."""

import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ulid import ULID

from documind.stores import keys
from documind.stores.conversation.messages import from_item, to_item
from documind.wire import Citation, History, HistoryFrame, Message, User
from tests.functional.messages import said, say
from tests.functional.world import HERE, Person, World, only
from tests.sizes import size


def test_a_message_is_stored_unchanged_except_for_its_quotes() -> None:
    citation = Citation(
        number=2, document_id="d1", page=3, start=5, end=9, score=0.1 + 0.2, rects=[(0.1, 1.5, 2, 3)], quote="質量"
    )
    message = said(1, "慣性 [2]。").model_copy(update={"citations": [citation]})
    item = to_item("c1", message)
    assert from_item(item) == message.model_copy(update={"citations": [citation.model_copy(update={"quote": None})]})
    assert "質量" not in str(item)
    assert item["chat_id"] == "c1"


def test_an_open_question_has_no_ending_and_an_answer_no_sender() -> None:
    for message in (said(1, kind="question"), said(2)):
        assert from_item(to_item("c1", message)) == message


def test_what_a_newer_version_has_stored_is_read_without_the_fields_it_has_added(world: World, chat_id: str) -> None:
    """Functions are deployed one after the other, and a deployment may be rolled back."""
    citation = Citation(number=1, document_id="d1", page=3, start=5, end=9, score=0.5)
    message = said(1).model_copy(update={"citations": [citation]})
    item, added = to_item(chat_id, message), {"newer": True}
    item |= {"citations": [json.dumps(json.loads(each) | added) for each in item["citations"]], **added}
    world.messages_table.put_item(Item=item)
    assert world.whole_history(chat_id) == [message]
    plain = message.model_dump(mode="json") | added
    segment = gzip.compress(json.dumps([plain | {"citations": [plain["citations"][0] | added]}]).encode())
    key = keys.SEGMENT(chat_id=chat_id, first=message.message_id, last=message.message_id)
    world.messages_table.delete_item(Key=keys.message(chat_id, message.message_id))
    world.rooms_table.put_item(Item={**key, "messages": segment})
    assert world.whole_history(chat_id) == [message]


def read_all(person: Person, first: HistoryFrame) -> list[HistoryFrame]:
    """Page back to the beginning, as a client does."""
    pages = [first]
    while pages[0].next:
        pages.insert(0, only(HistoryFrame, person.send(History(request_id="r", chat_id=HERE, before=pages[0].next))))
    return pages


def test_a_long_history_is_read_in_pages_from_the_newest_back(world: World, ann: Person, chat_id: str) -> None:
    messages = [said(number) for number in range(170)]
    say(world, chat_id, messages[:60])
    assert world.history.flush(chat_id) == 60
    say(world, chat_id, messages[60:120])
    assert world.history.flush(chat_id) == 60
    say(world, chat_id, messages[120:])
    pages = read_all(ann, only(HistoryFrame, ann.enter(chat_id)))
    assert [len(page.messages) for page in pages] == [20, 50, 50, 50]
    assert [message for page in pages for message in page.messages] == messages
    assert [page.request_id for page in pages] == ["r", "r", "r", None]


def test_a_page_of_long_messages_fits_a_frame_and_no_message_is_skipped(world: World) -> None:
    ann = world.person()
    chat_id = ann.open()
    messages = [said(number, f"{number:02}" + "長" * 3_000) for number in range(12)]
    say(world, chat_id, messages[:6])
    world.history.flush(chat_id)
    say(world, chat_id, messages[6:])
    pages = read_all(ann, only(HistoryFrame, ann.enter(chat_id)))
    assert [len(page.messages) for page in pages] == [2] * 6
    assert [message for page in pages for message in page.messages] == messages


def test_live_messages_beyond_one_query_are_not_missing(world: World, chat_id: str) -> None:
    messages = [said(number, "長" * 8_000) for number in range(50)]  # 1.2 MB: a query returns 1 MB at most
    say(world, chat_id, messages)
    assert world.history.page(chat_id, limit=50) == (messages, False)


def test_a_history_of_exactly_one_page_has_no_cursor(world: World, chat_id: str) -> None:
    messages = [said(number) for number in range(50)]
    say(world, chat_id, messages)
    assert world.history.page(chat_id, limit=50) == (messages, False)
    assert world.history.page(chat_id, limit=49) == (messages[1:], True)
    world.history.flush(chat_id)
    assert world.history.page(chat_id, limit=50) == (messages, False)
    assert world.history.page(chat_id, limit=49) == (messages[1:], True)
    assert world.history.page(chat_id, before=messages[0].message_id) == ([], False)


@settings(
    max_examples=size(5, 300),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    flushed=st.lists(st.sets(st.sampled_from(range(46, 58)), min_size=1, max_size=4), min_size=2, max_size=8),
    live=st.sets(st.sampled_from(range(46, 58))),
    limit=st.integers(1, 3),
)
@example(flushed=[{40, 51}, {41}], live={45, 46}, limit=1)  # the older segment overlaps the younger one and the page
def test_pages_are_complete_with_overlapping_segments(
    world: World, flushed: list[set[int]], live: set[int], limit: int
) -> None:
    chat_id = world.rooms.open_by_name(User(user_id="ann", name="Ann"), str(ULID())).chat_id
    for numbers in flushed:  # a crashed flush leaves messages that a later one stores again, with others
        say(world, chat_id, [said(number) for number in sorted(numbers)])
        world.history.flush(chat_id)
    say(world, chat_id, [said(number) for number in live])
    shown: list[Message] = []
    more = True
    while more:
        before = shown[0].message_id if shown else None
        page, more = world.history.page(chat_id, before=before, limit=limit)
        shown = page + shown
    assert shown == [said(number) for number in sorted(live.union(*flushed))]


def test_a_long_history_is_read_to_its_first_message(world: World, ann: Person, chat_id: str) -> None:
    messages = [said(number, "質量是慣性的量度。" * 20) for number in range(size(300, 5_000))]
    for first in range(0, len(messages), 100):
        say(world, chat_id, messages[first : first + 100])
        world.history.flush(chat_id)
    pages = read_all(ann, only(HistoryFrame, ann.enter(chat_id)))
    assert [message for page in pages for message in page.messages] == messages


def test_one_message_is_found_live_and_in_a_segment(world: World, chat_id: str) -> None:
    messages = [said(number) for number in range(5)]
    say(world, chat_id, messages)
    for _ in range(2):
        assert [world.history.message(chat_id, each.message_id) for each in messages] == messages
        assert world.history.message(chat_id, said(9).message_id) is None
        assert world.history.message(chat_id, "") is None
        world.history.flush(chat_id)


def test_a_live_message_has_a_ttl_of_a_week(world: World, let_pass: Callable[[float], None]) -> None:
    let_pass(0)
    ann = world.person()
    chat_id = ann.open()
    ann.ask()
    (item,) = world.live_messages(chat_id)
    lives_s = int(item["expires_at"]) - ULID.from_str(str(item["message_id"])).timestamp
    assert lives_s == pytest.approx(7 * 24 * 3600, abs=5)
