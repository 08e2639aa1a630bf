"""The page with the keyboard alone: shortcuts, focus that is never lost, and undisturbed input methods."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Watch
from tests.web.scripted import ROOM, ScriptedServer, citation, delta

Visit = Callable[..., Page]
FOCUSED = "() => document.activeElement?.tagName"
MOST_STOPS = 10


@pytest.fixture
def page(visit: Visit, server: ScriptedServer) -> Page:
    documents = [server.add_document(f"Report {number}.pdf") for number in range(12)]
    for number in range(8):
        server.add_turn(
            f"Question {number}?",
            "One [1], two [2].",
            [citation(1, documents[0], 1, "a"), citation(2, documents[1], 2, "b")],
        )
    page = visit()
    expect(page.locator(".turn")).to_have_count(8)
    return page


def test_the_composer_has_the_focus_at_first_and_is_few_keys_away(page: Page) -> None:
    composer = page.locator(".composer textarea")
    expect(composer).to_be_focused()
    page.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges() }")
    page.locator(".skip").first.evaluate("(skip) => { skip.focus(); skip.blur() }")
    stops = 0
    while not composer.evaluate("(field) => field === document.activeElement"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= MOST_STOPS
    page.locator(".skip").first.focus()
    page.keyboard.press("Enter")
    expect(composer).to_be_focused()
    page.locator(".skip").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="New room")).to_be_focused()


def test_the_focus_stays_on_send_when_it_becomes_stop(page: Page, server: ScriptedServer) -> None:
    page.locator(".composer textarea").fill("Why?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(stop).to_have_attribute("aria-disabled", "true")
    question = server.sent("ask")[0]["question_id"]
    assert server.sent("stop")[0]["question_id"] == question
    ended = {"message_id": "9" * 26, "kind": "answer", "question_id": question, "text": "", "sender": None}
    server.send({"type": "message", "chat_id": ROOM, "message": {**ended, "citations": [], "ending": "stopped"}})
    expect(page.get_by_role("button", name="Send")).to_be_focused()


def test_escape_closes_what_is_open_and_gives_the_focus_back(page: Page) -> None:
    menu = page.locator("[popovertarget=room-menu]")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(FOCUSED) == "BUTTON"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator(".composer textarea")).to_be_focused()


def test_a_dialog_that_cannot_be_loaded_can_be_opened_again(page: Page, watch: Watch) -> None:
    page.route("**/dialogs.js", lambda route: route.abort())
    page.locator(".scroller").focus()
    page.keyboard.press("?")
    expect(page.locator(".notice")).to_contain_text("There was no reply")
    watch.forgive("dialogs.js")
    page.unroute("**/dialogs.js")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keyboard shortcuts")


@pytest.mark.parametrize("is_told_first", [True, False])
def test_the_focus_is_not_lost_with_a_document(is_told_first: bool, page: Page, server: ScriptedServer) -> None:
    document = server.documents[-1]
    told = {"type": "document", "chat_id": ROOM, "document": {**document, "status": "deleting"}}
    server.answers["document.delete"] = lambda _frame: [told if is_told_first else {"type": "pong"}]
    page.locator(".document.ready .menu-opener").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu:popover-open [role=menuitem]").first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    server.send(told)
    expect(page.locator(".document", has_text=document["name"])).to_contain_text("deleting")
    assert page.evaluate(FOCUSED) != "BODY"


def test_the_focus_is_not_lost_when_its_element_disappears(page: Page, server: ScriptedServer) -> None:
    composer = page.locator(".composer textarea")
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator(".banner")).to_have_count(0)
    expect(composer).to_be_focused()
    page.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = 0 }")
    page.locator(".jump").press("Enter")
    expect(page.locator(".jump")).to_have_count(0)
    expect(page.locator(".scroller")).to_be_focused()
    composer.focus()
    server.members[0]["role"] = "reader"
    server.send({"type": "members", "chat_id": ROOM, "members": server.members, "as_of_ms": 1})
    expect(page.locator(".composer-note")).to_be_visible()
    expect(page.locator(".scroller")).to_be_focused()


def test_a_dialog_is_typed_into_at_once(page: Page, server: ScriptedServer) -> None:
    page.locator("[popovertarget=room-menu]").click()
    page.get_by_role("menuitem", name="Rename").click()
    expect(page.get_by_role("dialog").get_by_label("Name of the room")).to_be_focused()
    page.keyboard.type("Library")  # replaces the present name
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [frame["name"] for frame in server.sent("room.rename")] == ["Library"]
    page.locator(".account").click()
    page.get_by_role("menuitem", name="Delete the account").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("[popovertarget=room-menu]").click()
    page.get_by_role("menuitem", name="Delete the room").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert server.sent("room.delete") == []


def test_escape_cancels_a_new_room(page: Page) -> None:
    button = page.get_by_role("button", name="New room")
    button.press("Enter")
    expect(page.locator(".side .new-room input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".side .new-room")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_new_link_has_the_focus(page: Page, server: ScriptedServer) -> None:
    token = {"token": "tok-1", "expires_at": 2_000_000_000, "role": "writer"}
    server.answers["room.invite"] = lambda _frame: [{"type": "invitation", "chat_id": ROOM, **token}]
    page.locator(".people").press("Enter")
    page.locator(".make-link").press("Enter")
    expect(page.get_by_label("Invitation link")).to_be_focused()


def test_a_composition_of_the_input_method_sends_nothing_before_it_ends(page: Page, server: ScriptedServer) -> None:
    session = page.context.new_cdp_session(page)
    composer = page.locator(".composer textarea")
    composer.focus()
    for text in ("ㄉ", "ㄉㄥ", "ㄉㄥˋ"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    expect(composer).to_have_value("ㄉㄥˋ")
    composing = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **composing})
    assert server.sent("ask") == []
    session.send("Input.insertText", {"text": "燈塔在哪裡？"})
    expect(composer).to_have_value("燈塔在哪裡？")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").last).to_contain_text("燈塔在哪裡？")
    assert [frame["text"] for frame in server.sent("ask")] == ["燈塔在哪裡？"]


def test_enter_in_the_middle_of_a_composition_sends_nothing(page: Page, server: ScriptedServer) -> None:
    composer = page.locator(".composer textarea")
    composer.fill("青嶼")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        composer.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **composing})
    expect(composer).to_have_value("青嶼")
    assert server.sent("ask") == []
    composer.press("Enter")
    expect(page.locator(".turn", has_text="青嶼")).to_be_visible()
    assert [frame["text"] for frame in server.sent("ask")] == ["青嶼"]


def test_a_draft_is_kept(page: Page) -> None:
    page.locator(".composer textarea").fill("Half a question")
    page.reload()
    expect(page.locator(".composer textarea")).to_have_value("Half a question")


def test_a_question_asked_while_offline_is_sent_once_afterwards(page: Page, server: ScriptedServer) -> None:
    server.silent = True
    page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(page.locator(".connection")).to_contain_text("No connection")
    page.locator(".composer textarea").fill("Are you there?")
    page.keyboard.press("Enter")
    expect(page.locator(".delivery")).to_have_text("will be sent once connected")
    server.received.clear()
    server.silent = False
    server.cut()
    expect(page.locator(".connection.open")).to_be_attached(timeout=40_000)
    expect(page.locator(".delivery")).to_have_count(0)
    assert len({frame["question_id"] for frame in server.sent("ask")}) == 1
    server.send(delta(server.sent("ask")[0]["question_id"], 0, "Yes."))
    expect(page.locator(".turn").last).to_contain_text("Yes.")


def test_escape_in_a_menu_returns_the_focus_to_its_button(visit: Visit) -> None:
    page = visit()
    opener = page.get_by_role("button", name="Room menu")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(opener).to_be_focused()
