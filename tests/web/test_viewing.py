"""The PDF beside the chat: its address, closing it, finding in it, its pages, and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web.conftest import Watch
from tests.web.scripted import ROOM, ScriptedServer, citation

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"


@pytest.fixture
def cited(server: ScriptedServer) -> str:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 2, "Working time and leave")])
    return document


def test_back_closes_the_pdf_and_an_address_opens_it(visit: Visit, server: ScriptedServer, cited: str) -> None:
    page = visit()
    page.locator("button.chip").click()
    expect(page).to_have_url(re.compile(rf"#/room/{ROOM}/doc/{cited}/p/2$"))
    expect(page.locator(".mark").first).to_be_visible()
    page.go_back()
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page).to_have_url(f"{server.url}/#/room/{ROOM}")
    page.go_forward()
    expect(page.locator(".viewer")).to_be_visible()
    page.reload()
    expect(page.locator(".page-box input")).to_have_value("2")
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)


@pytest.mark.usefixtures("cited")
def test_closing_twice_closes_no_more_than_the_pdf(visit: Visit, server: ScriptedServer) -> None:
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".mark").first).to_be_visible()
    page.evaluate("""() => {
      for (let times = 0; times < 2; times += 1)
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }""")
    expect(page.locator(".viewer")).to_have_count(0)
    page.wait_for_timeout(300)
    expect(page).to_have_url(f"{server.url}/#/room/{ROOM}")
    page.locator("button.chip").click()
    expect(page).to_have_url(re.compile("/doc/"))


@pytest.mark.usefixtures("cited")
def test_the_previous_pdf_is_not_shown_under_the_name_of_one_that_fails(
    visit: Visit, server: ScriptedServer, watch: Watch
) -> None:
    server.add_document("lost.pdf")
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".mark").first).to_be_visible()
    page.get_by_role("button", name="lost.pdf", exact=True).click()
    expect(page.locator(".viewer")).to_contain_text("This PDF could not be shown")
    expect(page.locator(".pdf-container")).to_be_hidden()
    page.get_by_role("button", name=HANDBOOK.name, exact=True).click()
    expect(page.locator(".page-box")).to_contain_text("of ")
    own = ("404", "Worker was terminated")  # the second is a message of pdf.js
    watch.faults[:] = [fault for fault in watch.faults if not any(words in fault for words in own)]


def test_words_are_found_in_the_pdf(visit: Visit, cited: str) -> None:
    page = visit(address=f"#/room/{ROOM}/doc/{cited}/p/1")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("Find in this PDF").fill("leave")
    expect(page.locator(".found")).to_have_text(re.compile(r"^\d+ of \d+$"))
    page.keyboard.press("Enter")
    page.get_by_label("Find in this PDF").fill("no such words here")
    expect(page.locator(".found")).to_have_text("not found")
    page.keyboard.press("Escape")
    expect(page.locator(".find-bar")).to_have_count(0)
    expect(page.locator(".viewer")).to_be_visible()


@pytest.mark.usefixtures("cited")
def test_a_menu_is_closed_by_escape_alone_and_by_tab(visit: Visit) -> None:
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".mark").first).to_be_visible()
    for key in ("Escape", "Tab"):
        page.locator(".account").click()
        expect(page.get_by_role("menuitem").first).to_be_focused()
        page.keyboard.press(key)
        expect(page.locator(".menu:popover-open")).to_have_count(0)
    expect(page.locator(".language")).to_be_focused()
    expect(page.locator(".viewer")).to_be_visible()


@pytest.mark.usefixtures("cited")
def test_the_scale_is_shown_after_each_way_to_change_it(visit: Visit) -> None:
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".mark").first).to_be_visible()
    scale = page.get_by_label("Zoom", exact=True)
    scale.select_option("1")
    expect(scale.locator("option:checked")).to_have_text("100 %")
    page.get_by_role("button", name="Zoom in").click()
    expect(scale.locator("option:checked")).not_to_have_text("100 %")
    scale.select_option("page-width")
    expect(scale.locator("option:checked")).to_have_text(re.compile(r"^\d+ %$"))


def test_a_page_is_chosen_by_thumbnail_and_by_number(visit: Visit, cited: str) -> None:
    page = visit(address=f"#/room/{ROOM}/doc/{cited}/p/1")
    page.get_by_role("button", name="Small pictures").click()
    page.locator(".thumbnails button").nth(3).click()
    expect(page.locator(".page-box input")).to_have_value("4")
    page.locator(".page-box input").fill("2")
    page.locator(".page-box input").press("Enter")
    expect(page.locator(".viewer .page[data-page-number='2']")).to_be_in_viewport()
    expect(page.locator(".thumbnails [aria-current]")).to_have_attribute("data-page", "2")
    for typed, shown in [("1.5", "1"), ("999", "6"), ("0", "6"), ("7", "6")]:
        page.locator(".page-box input").fill(typed)
        page.locator(".page-box input").press("Enter")
        expect(page.locator(".page-box input")).to_have_value(shown)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == HANDBOOK.name
    assert download.value.path().read_bytes() == HANDBOOK.read_bytes()


@pytest.mark.usefixtures("cited")
def test_a_phone_shows_the_passage_in_a_half_sheet(visit: Visit) -> None:
    page = visit(size={"width": 375, "height": 740}, has_touch=True)
    page.locator("button.chip").tap()
    mark = page.locator(".mark").first
    expect(mark).to_be_in_viewport()
    expect(page.locator(".viewer.half")).to_be_visible()
    assert mark.evaluate("(mark) => mark.offsetHeight") >= 12
    page.get_by_role("button", name="Expand").tap()
    expect(page.get_by_role("button", name="Download")).to_be_in_viewport(ratio=1)
    page.go_back()
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator(".hovercard")).to_be_hidden()
