"""The page adapts: to text from right to left, high contrast, large letters, and a phone in landscape."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.pdfs import DATA
from tests.web.scripted import ScriptedServer, citation

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
ACCENT = "rgb(58, 75, 196)"
NARROW = ViewportSize(width=320, height=640)
LARGE_LETTERS = "() => { document.documentElement.style.fontSize = '200%' }"
CUT_OFF = "(element) => element.scrollWidth > element.clientWidth"


@pytest.fixture
def cited(server: ScriptedServer) -> ScriptedServer:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Who?", "She did [1].", [citation(1, document, 1, "Agatha Thornbury")])
    return server


def test_arabic_runs_from_right_to_left_beside_english(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_document("tea.pdf")
    answer = "تأسست المكتبة عام 1887 [1].\n\n- الأولى\n\nIt is open."
    server.add_turn("متى تأسست المكتبة؟", answer, [citation(1, document, 1, "تأسست عام 1887")])
    page = visit()
    for index, direction in enumerate(("rtl", "rtl", "ltr")):
        expect(page.locator(".answer .block").nth(index)).to_have_css("direction", direction)
    expect(page.locator(".question p")).to_have_css("direction", "rtl")
    page.locator("button.chip").hover()
    expect(page.locator(".hovercard blockquote")).to_have_css("direction", "rtl")
    page.locator(".composer textarea").fill("متى")
    expect(page.locator(".composer textarea")).to_have_css("direction", "rtl")


def test_an_arabic_name_and_summary_are_whole_and_run_from_right_to_left(visit: Visit, server: ScriptedServer) -> None:
    name = "دليل المكتبة العامة.pdf"
    server.add_document(name, summary="تأسست المكتبة عام 1887.")
    server.name = "المكتبة"
    page = visit()
    expect(page.locator(".topbar .title")).to_have_css("direction", "rtl")  # else its beginning is cut off, not its end
    shown = page.locator(".document .name")
    expect(shown).to_have_css("direction", "rtl")
    assert shown.evaluate("(button) => [...button.childNodes].map((each) => each.data)") == [name]  # no letters parted
    expect(page.locator(".guide-text")).to_have_css("direction", "rtl")


def test_a_name_is_not_parted_within_an_emoji(visit: Visit, server: ScriptedServer) -> None:
    server.add_document("Our family 👨‍👩‍👧‍👦.pdf")
    head = visit().locator(".document .head")
    expect(head).to_have_text("Our family")


@pytest.mark.usefixtures("cited")
def test_high_contrast_keeps_the_marked_passage_and_the_number(visit: Visit) -> None:
    page = visit(forced_colors="active")
    chip = page.locator("button.chip")
    expect(chip).to_have_css("border-top-width", "1px")
    chip.click()
    mark = page.locator(".mark").first
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_css("background-color", "rgba(255, 214, 10, 0.45)")
    expect(page.locator(".viewer-quote")).to_have_css("border-top-width", "0px")


@pytest.mark.usefixtures("cited")
def test_large_letters_stay_within_what_holds_them(visit: Visit) -> None:
    page = visit(size=NARROW, has_touch=True, is_mobile=True)
    expect(page.locator(".turn")).to_be_visible()
    page.evaluate(LARGE_LETTERS)
    assert page.evaluate("() => document.documentElement.scrollWidth") == NARROW["width"]
    page.locator(".composer textarea").fill("Why?")
    page.keyboard.press("Enter")
    stop = page.get_by_role("button", name="Stop")
    icon, button = stop.locator(".icon").bounding_box(), stop.bounding_box()
    assert icon is not None
    assert button is not None
    assert icon["width"] < button["width"] * 0.8, "the square of Stop does not cover its button"
    page.locator("[popovertarget=room-menu]").click()
    for item in page.get_by_role("menuitem").all():
        assert not item.evaluate(CUT_OFF), item.inner_text()
    page.get_by_role("menuitem", name="People").click()
    expect(page.locator(".make-link")).to_be_visible()
    assert not page.locator("dialog").evaluate(CUT_OFF)


def test_a_phone_in_landscape_shows_sources_and_passage(visit: Visit, cited: ScriptedServer) -> None:
    for number in range(6):
        cited.add_document(f"report {number}.pdf")
    page = visit(size=ViewportSize(width=740, height=360), has_touch=True, is_mobile=True)
    page.locator(".menu-button").tap()
    page.locator(".document", has_text="report 4.pdf").scroll_into_view_if_needed()
    for number in (1, 2, 3, 4):
        expect(page.locator(".document", has_text=f"report {number}.pdf")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Escape")
    page.locator("button.chip").tap()
    expect(page.locator(".mark").first).to_be_in_viewport()
    paper = page.locator(".pdf-container").bounding_box()
    assert paper is not None
    assert paper["height"] > 200


def test_the_beginning_of_a_name_is_seen_on_a_narrow_phone(visit: Visit, server: ScriptedServer) -> None:
    server.add_document("annual report of the board, final.pdf", pages_total=118)
    page = visit(size=NARROW, has_touch=True, is_mobile=True)
    page.locator(".menu-button").tap()
    head = page.locator(".document .head").bounding_box()
    assert head is not None
    assert head["width"] > 40


def test_a_disabled_send_looks_disabled_under_the_pointer(visit: Visit) -> None:
    page = visit()
    expect(page.locator(".drop-target")).to_be_visible()
    send = page.get_by_role("button", name="Send")
    send.hover()
    page.wait_for_function("(send) => send.matches(':hover')", arg=send.element_handle())
    expect(send).to_have_css("background-color", ACCENT)
