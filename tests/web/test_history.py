"""A long conversation: the reading position, links to messages, export and print."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web import visitor
from tests.web.scripted import ROOM, ScriptedServer, citation, delta

Visit = Callable[..., Page]
TURNS = 100
AT_THE_END = "(scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 4"
EMPTY_PAGES = """
window.emptyPages = 0;
new MutationObserver(() => { window.emptyPages += document.querySelectorAll(".drop-target, .new-room").length; })
  .observe(document, { childList: true, subtree: true });
"""
AROUND_IT = "(chip) => ['::before', '::after'].map((end) => getComputedStyle(chip, end).content)"
ANSWER = "An answer of two sentences. It says what the question asks for, and a little more than that.\n\n" * 3


@pytest.fixture
def long_history(server: ScriptedServer) -> ScriptedServer:
    for number in range(TURNS):
        server.add_turn(f"Question {number}?", f"Answer {number}. {ANSWER}")
    server.page_size = 40
    return server


def test_it_opens_at_the_end_and_the_reading_position_is_kept(visit: Visit, long_history: ScriptedServer) -> None:
    page = visit()
    last = page.locator(".turn").last
    expect(last).to_contain_text(f"Answer {TURNS - 1}.")
    expect(last.locator(".actions")).to_be_in_viewport()
    scroller = page.locator(".scroller")
    scroller.evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight / 2 }")
    expect(page.locator(".jump")).to_be_visible()
    long_history.send(delta("q-new", 0, "More and more words. " * 40))
    page.wait_for_timeout(300)
    assert not scroller.evaluate(AT_THE_END), "an answer that comes pulled the reader away"
    page.locator(".jump").click()
    expect(page.locator(".turn").last.locator(".stage")).to_be_in_viewport()
    long_history.send(delta("q-new", 840, "Even more words. " * 60))
    expect(page.locator(".turn").last).to_contain_text("Even more")
    visitor.wait_until(page, lambda: bool(scroller.evaluate(AT_THE_END)))  # who reads the end follows it


def test_the_empty_page_is_not_shown_while_a_room_opens(visit: Visit, server: ScriptedServer) -> None:
    """At the first visit the browser knows no room; the list arrives before the room."""
    server.add_turn("Who?", "Nobody.")
    page = visit()
    expect(page.locator(".turn")).to_be_visible()
    page.evaluate("() => localStorage.clear()")
    page.add_init_script(EMPTY_PAGES)
    page.goto(server.url)
    expect(page.locator(".turn")).to_be_visible()
    assert page.evaluate("() => window.emptyPages") == 0


def test_a_question_is_written_before_the_room_is_open(visit: Visit, server: ScriptedServer) -> None:
    server.add_document("handbook.pdf")
    server.answers["open"] = lambda _frame: []
    page = visit()
    composer = page.locator(".composer textarea")
    expect(composer).to_be_focused()
    page.keyboard.type("When is it open?")
    page.keyboard.press("Enter")
    expect(page.locator(".composer")).to_contain_text("will be sent once connected")
    server.send(*server.opened_room({}))
    expect(page.locator(".question")).to_contain_text("When is it open?")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("")
    assert [frame["text"] for frame in server.sent("ask")] == ["When is it open?"]


def test_two_hundred_messages_are_all_drawn(visit: Visit, long_history: ScriptedServer) -> None:
    long_history.page_size = 2 * TURNS
    page = visit()
    expect(page.locator(".turn").last).to_contain_text(f"Answer {TURNS - 1}.")
    expect(page.locator(".turn")).to_have_count(TURNS)
    assert page.locator(".scroller").evaluate(AT_THE_END), "what is drawn above moves nothing"


@pytest.mark.usefixtures("long_history")
def test_older_messages_are_inserted_above_without_a_jump(visit: Visit) -> None:
    page = visit()
    expect(page.locator(".turn")).to_have_count(20)
    page.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = 150 }")
    expect(page.locator(".turn")).to_have_count(40)
    expect(page.locator(".turn", has_text="Question 80?")).to_be_in_viewport()


def test_a_link_to_a_message_finds_it_among_older_ones(visit: Visit, long_history: ScriptedServer) -> None:
    page = visit(address=f"#/room/{ROOM}/q/q-0020")
    expect(page.locator("#turn-q-0020")).to_be_in_viewport()
    assert long_history.sent("history")


def test_the_whole_conversation_is_exported(visit: Visit, long_history: ScriptedServer) -> None:
    page = visit()
    refused = {"type": "error", "code": "internal", "message": "Not now.", "retry_after_s": None}
    long_history.answers["history"] = lambda _frame: [refused]
    page.locator("[popovertarget=room-menu]").click()
    page.get_by_role("menuitem", name="Export as Markdown").click()
    expect(page.locator(".notice")).to_contain_text("There was no reply")  # and no part is saved as if it were all
    del long_history.answers["history"]
    page.locator("[popovertarget=room-menu]").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as Markdown").click()
    text = download.value.path().read_text()
    assert text.startswith("# Reading room")
    assert all(f"Question {number}?" in text and f"Answer {number}." in text for number in range(TURNS))


def test_the_whole_conversation_is_printed_with_the_pages_that_it_cites(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_document("handbook.pdf", questions=["And what else?"])
    for number in range(30):
        server.add_turn(f"Question {number}?", "One [1].\n\n```\ncode\n```", [citation(1, document, 7, "Words.")])
    server.page_size = 20
    page = visit()
    page.evaluate("() => { window.print = () => { window.printed = document.querySelectorAll('.turn').length } }")
    page.locator("[popovertarget=room-menu]").click()
    page.get_by_role("menuitem", name="Print").click()
    page.wait_for_function("() => window.printed === 30")
    paper = page.locator(".on-paper").last
    expect(paper).to_be_hidden()
    page.emulate_media(media="print")
    expect(paper).to_have_text("[1] handbook.pdf, page 7")
    for shown in (".turn", ".topbar .title"):
        expect(page.locator(shown).first).to_be_visible()
    for left_out in (".composer", ".side", ".starters", ".pills", ".actions", ".copy-code"):
        expect(page.locator(left_out).last).to_be_hidden()
    assert page.locator("button.chip").last.evaluate(AROUND_IT) == ['"["', '"]"']


def test_a_link_to_a_room_of_others_says_so(visit: Visit, server: ScriptedServer) -> None:
    sentence = "This room was not found."
    refused = {"type": "error", "code": "room_not_found", "message": sentence, "retry_after_s": None}
    server.answers["open"] = lambda frame: [refused] if frame["chat_id"] != ROOM else server.opened_room(frame)
    page = visit(address="#/room/theirs")
    expect(page.locator(".topbar .title")).to_have_text(server.name)
    expect(page.locator(".notice")).to_contain_text(sentence)
