"""A long list of sources: entries that need attention are visible, and a question can be limited to one document."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web import visitor
from tests.web.scripted import ROOM, ScriptedServer

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"


def test_a_question_is_limited_to_one_document_of_many(visit: Visit, server: ScriptedServer) -> None:
    for number in range(20):
        server.add_document(f"report {number}.pdf", summary="A report.", questions=["What are its main points?"])
    page = visit()
    hint = page.locator(".composer small")
    opener = page.get_by_role("button", name="Menu of report 4.pdf")
    opener.focus()
    opener.press("Enter")
    page.get_by_role("menuitem", name="Search in this one only").press("Enter")
    expect(hint).to_have_text("Searches 1 ticked document only")
    expect(page.locator(".tick:checked")).to_have_count(1)
    page.locator(".tick:checked").uncheck()
    expect(hint).to_have_text("No document is ticked: all are searched")
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator(".tick:checked")).to_have_count(20)

    opener.focus()
    opener.press("Enter")
    page.get_by_role("menuitem", name="Summary").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="What are its main points?").click()
    expect(page.locator(".turn")).to_have_count(1)
    assert [frame["document_ids"] for frame in server.sent("ask")] == [["doc-5"]]


def test_failures_and_the_add_button_are_visible_above_many_documents(visit: Visit, server: ScriptedServer) -> None:
    for number in range(40):
        server.add_document(f"report {number}.pdf")
    server.add_document("a scan.pdf", status="failed", reason="pdf_without_text")
    page = visit()
    expect(page.locator(".document.failed")).to_be_in_viewport()
    page.locator(".documents").evaluate("(list) => { list.scrollTop = list.scrollHeight }")
    expect(page.locator(".document", has_text="report 39.pdf")).to_be_in_viewport()
    expect(page.locator(".add")).to_be_in_viewport()


def test_a_suggested_question_leaves_the_focus_in_the_composer(visit: Visit, server: ScriptedServer) -> None:
    server.add_document("report.pdf")
    page = visit()
    page.get_by_role("button", name="What is this document about?").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".composer textarea")).to_be_focused()


def test_files_that_the_room_has_already_are_named(visit: Visit, server: ScriptedServer, tmp_path: Path) -> None:
    server.add_document("report.pdf")
    known = {"type": "upload", "chat_id": ROOM, "document": server.documents[0], "url": None, "fields": {}}
    server.answers["upload"] = lambda _frame: [known]
    page = visit()
    expect(page.locator(".document")).to_be_visible()
    for name in ("copy.pdf", "report.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
        visitor.drop(page, tmp_path / name)
        expect(page.locator(".notice")).to_contain_text(name)
    expect(page.locator(".notice")).to_have_text("Already in the room: copy.pdf, report.pdf")
    page.get_by_role("button", name="Dismiss").last.click()
    visitor.drop(page, tmp_path / "copy.pdf")
    expect(page.locator(".notice")).to_have_text("Already in the room: copy.pdf")


def test_a_notice_goes_with_what_the_reader_does_next(visit: Visit, server: ScriptedServer) -> None:
    server.add_pdf(HANDBOOK)
    server.answers["upload"] = lambda _frame: [
        {"type": "upload", "chat_id": ROOM, "document": server.documents[0], "url": None, "fields": {}}
    ]
    page = visit(address=f"#/room/{ROOM}")
    expect(page.locator(".document")).to_be_visible()

    def ask() -> None:
        page.locator(".composer textarea").fill("Which?")
        page.keyboard.press("Enter")

    steps = (ask, page.locator(".document .name").click, page.locator(".language").click)
    for step in steps:
        visitor.drop(page, HANDBOOK)
        expect(page.locator(".notice")).to_contain_text(HANDBOOK.name)
        step()
        expect(page.locator(".notice")).to_have_count(0)


def test_a_name_keeps_its_width_beside_a_note_on_missing_pages(visit: Visit, server: ScriptedServer) -> None:
    server.add_document("Annual budget.pdf", pages_total=88, pages_empty=3, pages_lost=2)
    page = visit()
    row = page.locator(".document")
    row.hover()
    expect(row.locator(".status")).to_have_text("88 pages, 3 without text, 2 unreadable")
    assert row.locator(".name").evaluate("(name) => name.scrollWidth <= name.clientWidth")
