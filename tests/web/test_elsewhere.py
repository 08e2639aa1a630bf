"""What happens elsewhere while the page is open: in another tab of the same person, or by others."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web import visitor
from tests.web.scripted import ROOM, Frame, ScriptedServer, citation, opened, rooms

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
FOCUS = "() => dispatchEvent(new Event('focus'))"


def deleted(document: Frame) -> Frame:
    return {"type": "document", "chat_id": ROOM, "document": {**document, "status": "deleting"}}


def test_rooms_made_renamed_or_left_elsewhere_are_listed_when_the_page_is_looked_at(
    visit: Visit, server: ScriptedServer
) -> None:
    server.answers["room.list"] = rooms(server, "Zen")
    page = visit()
    listed = page.locator(".rooms .room")
    expect(listed).to_have_text([server.name, "Zen"])
    server.answers["room.list"] = rooms(server, "Your", "Zen 2")
    page.evaluate(FOCUS)
    expect(listed).to_have_text([server.name, "Your", "Zen 2"])
    refused = {"type": "error", "code": "room_not_found", "message": "No such room.", "retry_after_s": None}
    server.answers["open"] = lambda _frame: [refused]
    server.answers["room.list"] = rooms(server, "Zen 2")
    listed.nth(1).click()
    expect(page.locator(".notice")).to_contain_text("No such room.")
    expect(listed).to_have_text([server.name, "Zen 2"])
    expect(page.locator(".topbar .title")).to_have_text(server.name)


def test_a_pdf_that_somebody_deletes_is_closed_with_a_notice(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 2, "Working time")])
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".mark").first).to_be_visible()
    server.send(deleted(server.documents[0]))
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("This document was deleted.")
    expect(page).to_have_url(f"{server.url}/#/room/{ROOM}")


def test_a_pdf_that_was_deleted_during_a_lost_connection_is_closed(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    page = visit("zh-TW", address=f"#/room/{ROOM}/doc/{document}/p/2")
    visitor.wait_until_drawn(page, 2)
    server.documents.clear()
    server.cut()
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("這份文件已被刪除。")


def test_own_deletion_needs_no_notice(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.answers["document.delete"] = lambda _frame: [
        {"type": "pong"},
        {**deleted(server.documents[0]), "request_id": None},
    ]
    page = visit(address=f"#/room/{ROOM}/doc/{document}/p/2")
    visitor.wait_until_drawn(page, 2)
    page.locator(".document").hover()
    page.locator(".document .menu-opener").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".viewer, dialog")).to_have_count(0)
    expect(page.locator(".document")).to_have_class(re.compile("deleting"))
    expect(page.locator(".notice")).to_have_count(0)


def test_history_of_a_room_that_was_left_is_not_read_to_its_end(visit: Visit, server: ScriptedServer) -> None:
    for number in range(40):
        server.add_turn(f"Question {number}?", "Yes.")
    server.page_size = 4
    server.answers["room.list"] = rooms(server, "Other")
    held: list[Frame] = []
    server.answers["history"] = lambda frame: held.append(frame) or []  # type: ignore[func-returns-value]
    server.answers["open"] = lambda frame: opened(server, frame["chat_id"])
    page = visit(address=f"#/room/{ROOM}/q/q-0000")
    page.wait_for_function("() => document.querySelectorAll('.turn').length > 0")
    page.locator(".rooms .room", has_text="Other").click()
    expect(page.locator(".topbar .title")).to_have_text("Other")
    answered = len(held)
    server.send(*({"type": "pong", "request_id": frame["request_id"]} for frame in held))
    page.wait_for_timeout(1_000)
    assert {frame["chat_id"] for frame in held[answered:]} == set()


def test_many_files_are_sent_a_few_at_a_time(visit: Visit, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["upload"] = lambda _frame: []
    page = visit()
    paths = []
    for number in range(8):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(f"%PDF-1.7 {number}".encode())
    paths.append(tmp_path / "notes.txt")
    paths[-1].write_text("no PDF")
    page.locator(".documents input[type=file]").set_input_files(paths)
    expect(page.locator(".document.failed")).to_contain_text("notes.txt")
    expect(page.locator(".document.sending")).to_have_count(8)
    visitor.wait_until(page, lambda: len(server.sent("upload")) >= 3)
    page.wait_for_timeout(300)
    assert len(server.sent("upload")) == 3
    first = server.sent("upload")[0]
    refused = {"type": "error", "code": "document_limit", "message": "Full.", "retry_after_s": None}
    server.send({**refused, "request_id": first["request_id"]})
    expect(page.locator(".document.failed")).to_have_count(2)
    visitor.wait_until(page, lambda: len(server.sent("upload")) >= 4)
    page.wait_for_timeout(200)
    assert len(server.sent("upload")) == 4


def test_a_file_that_is_no_pdf_makes_no_room(visit: Visit, server: ScriptedServer, tmp_path: Path) -> None:
    server.answers["room.list"] = lambda _frame: [{"type": "rooms", "rooms": [], "next": None}]
    page = visit()
    path = tmp_path / "photo.png"
    path.write_bytes(b"PNG")
    page.locator(".middle input[type=file]").set_input_files(path)
    expect(page.locator(".notice")).to_contain_text("not a readable PDF")
    assert server.sent("open") == []
    other = tmp_path / "report_1.pdf"
    other.write_bytes(b"%PDF-1.7")
    page.locator(".middle input[type=file]").set_input_files([path, other])
    expect(page.locator(".document.failed")).to_contain_text("photo.png")
    visitor.wait_until(page, lambda: bool(server.sent("open")))
    assert [frame["room"] for frame in server.sent("open")] == ["report 1"]


def test_small_pictures_of_pages_stay_where_they_were_scrolled(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    page = visit(address=f"#/room/{ROOM}/doc/{document}/p/1", size={"width": 1280, "height": 420})
    visitor.wait_until_drawn(page, 1)
    page.get_by_role("button", name="Small pictures of the pages").click()
    pictures = page.locator(".thumbnails")
    expect(pictures.locator("button").first).to_be_visible()
    pictures.evaluate("(list) => { list.scrollTop = 400 }")
    for number in range(3):
        server.send({"type": "stage", "chat_id": ROOM, "question_id": f"q{number}", "name": "reading"})
        page.wait_for_timeout(100)
    assert pictures.evaluate("(list) => list.scrollTop") > 200


def test_the_words_of_a_deleted_document_go_and_its_number_says_why(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 2, "Working time and leave")])
    page = visit()
    page.locator("button.passages").click()
    expect(page.locator(".source blockquote")).to_have_text("Working time and leave")
    server.send(deleted(server.documents[0]))
    expect(page.locator(".source")).to_contain_text("removed document")
    expect(page.locator(".source blockquote")).to_have_count(0)
    page.get_by_role("button", name="Copy with citations as Markdown").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "Working time" not in page.evaluate("() => navigator.clipboard.readText()")
    page.locator("button.chip").click()
    expect(page.locator(".notice")).to_contain_text("This document was deleted.")
    expect(page.locator(".viewer")).to_have_count(0)
    assert server.sent("document.view") == []


def test_an_address_opens_a_pdf_that_a_long_snapshot_names_late(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)

    def in_parts(_frame: Frame) -> list[Frame]:
        snapshot, history = server.opened_room({})
        rest = {"type": "document", "chat_id": ROOM, "document": server.documents[0], "request_id": None}
        return [{**snapshot, "documents": []}, rest, history]

    server.answers["open"] = in_parts
    page = visit(address=f"#/room/{ROOM}/doc/{document}/p/2")
    visitor.wait_until_drawn(page, 2)
    expect(page).to_have_url(f"{server.url}/#/room/{ROOM}/doc/{document}/p/2")


def test_a_draft_is_not_shown_to_the_next_user(visit: Visit) -> None:
    page = visit()
    field = page.locator(".composer textarea")
    field.fill("what only ada may know")
    visitor.sign_out(page)
    page.get_by_role("button", name="Continue as guest").click()
    expect(field).to_have_value("")
    visitor.sign_out(page)
    page.get_by_role("button", name="Continue as demo").click()
    expect(field).to_have_value("")
    field.fill("of demo")
    page.reload()
    expect(field).to_have_value("of demo")


def test_the_open_room_is_in_sight_and_found_by_other_letters(visit: Visit, server: ScriptedServer) -> None:
    server.name = "Zebra"
    server.answers["room.list"] = rooms(server, *(f"Room {number:03}" for number in range(150)), "Cafe\u0301")
    page = visit()
    listed = page.locator(".rooms .room")
    expect(listed.get_by_text("Zebra")).to_be_in_viewport()
    page.get_by_label("Filter rooms by name").fill("CAF\u00c9")
    expect(listed).to_have_count(1)


def test_a_member_with_a_long_name_can_be_removed_on_a_narrow_phone(visit: Visit, server: ScriptedServer) -> None:
    name = "a-very-long-login-name-of-somebody@a-company-with-a-long-domain.example"
    server.members.append({"user_id": "u2", "name": name, "role": "writer", "here": True})
    page = visit(size={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page.locator(".people").tap()
    button = page.get_by_role("button", name=f"Remove {name}")
    expect(button).to_be_in_viewport()
    box = button.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 320


def test_a_text_that_is_too_long_to_be_stored_can_be_shortened(visit: Visit) -> None:
    page = visit()
    page.evaluate("""() => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (name, text) {
        if (text.length > 50_000) throw new DOMException("", "QuotaExceededError");
        setItem.call(this, name, text);
      };
    }""")
    field = page.locator(".composer textarea")
    field.fill("x" * 60_000)
    expect(page.locator(".composer small")).to_contain_text("these are 60000")
    field.fill("short")
    expect(page.locator(".send")).to_have_attribute("aria-disabled", "false")
