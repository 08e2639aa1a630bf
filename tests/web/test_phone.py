"""The page on a phone: nothing is wider than the screen, targets are large enough, and limits are shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.pdfs import DATA
from tests.web.scripted import LIMITS, ROOM, ScriptedServer, citation

Visit = Callable[..., Page]
PHONE = ViewportSize(width=375, height=740)
HANDBOOK = DATA / "handbook-en.pdf"
LINES = """(cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
}"""
WIDTHS = "() => [document.documentElement.scrollWidth, innerWidth]"
# Visible targets except numbers within a text; the target of a field is its label if that is larger.
SMALL = """() => [...document.querySelectorAll("button:not(.chip), input:not([type=file]), textarea, label.button")]
  .filter((element) => element.checkVisibility({ checkOpacity: true }))
  .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
  .filter(([_, { width, height }]) => width > 2 && (width < 44 || height < 43.5))
  .map(([{ outerHTML }, { width, height }]) => `${width} x ${height}: ${outerHTML.slice(0, 90)}`)"""


@pytest.mark.parametrize("language", ["en-US", "zh-TW"])
def test_everything_fits_and_targets_are_large_enough(language: str, visit: Visit, server: ScriptedServer) -> None:
    server.name = "The yearly report of the cooperative, third edition with appendices 年度報告書"
    server.members += [{"user_id": f"u{n}", "name": f"{n}", "role": "writer", "here": True} for n in range(4)]
    documents = [server.add_document(f"report {number} of the cooperative.pdf") for number in range(12)]
    server.add_document("a scan.pdf", status="failed", reason="pdf_without_text")
    server.add_turn("Which?", "This [1].", [citation(1, documents[0], 1, "Words.")])
    page = visit(language, size=PHONE, has_touch=True, is_mobile=True)
    expect(page.locator(".pill")).to_be_visible()
    page.locator(".passages").tap()
    expect(page.locator(".people")).to_be_in_viewport(ratio=1)
    assert page.evaluate(WIDTHS) == [PHONE["width"], PHONE["width"]]
    assert page.evaluate(SMALL) == []
    page.locator(".menu-button").tap()
    expect(page.locator(".side")).to_be_visible()
    assert page.evaluate(SMALL) == []


def test_a_limit_is_shown_without_a_keyboard_too(visit: Visit) -> None:
    page = visit(size=PHONE, has_touch=True, is_mobile=True)
    hint = page.locator(".composer small")
    expect(hint).to_be_hidden()
    page.locator(".composer textarea").fill("x" * (LIMITS["max_question_characters"] + 1))
    expect(hint).to_have_text("At most 4000 characters; these are 4001.")
    expect(hint).to_be_visible()


def test_nothing_is_dropped_on_a_phone_and_no_field_opens_its_keyboard(visit: Visit, server: ScriptedServer) -> None:
    page = visit(size=PHONE, has_touch=True, is_mobile=True)
    expect(page.locator(".drop-target")).to_have_text("Choose PDFs")
    expect(page.locator(".documents .empty")).to_have_count(0)
    page.locator(".menu-button").tap()
    page.locator(".account").tap()
    page.get_by_role("menuitem", name="Keyboard shortcuts").tap()
    page.get_by_role("dialog").get_by_role("button", name="Close").tap()
    expect(page.locator("dialog, input:focus, textarea:focus")).to_have_count(0)
    server.send({"type": "closed", "chat_id": ROOM, "reason": "deleted"})
    expect(page.get_by_role("heading", name="Start with a PDF")).to_be_visible()
    expect(page.locator("input:focus, textarea:focus")).to_have_count(0)


def test_what_can_be_done_about_a_member_stands_in_one_line(visit: Visit, server: ScriptedServer) -> None:
    server.members += [{"user_id": f"u{n}", "name": f"name {n}", "role": "writer", "here": n == 2} for n in (2, 3)]
    page = visit("zh-TW", size=PHONE, has_touch=True, is_mobile=True)
    page.locator(".people").tap()
    expect(page.locator(".member-row")).to_have_count(3)
    places = page.locator(".member-row button").evaluate_all("""(all) => all.map((button) => {
      const parts = ["select", ".member-name", ".icon-button"].map((part) => button.closest("li").querySelector(part));
      const places = parts.map((part) => part.getBoundingClientRect());
      const middles = places.map(({ top, height }) => top + height / 2);
      return [Math.max(...middles) - Math.min(...middles) < 2, places[2].right];
    })""")
    assert [in_line for in_line, _ in places] == [True, True]
    assert len({right for _, right in places}) == 1


def test_a_wide_table_scrolls_and_breaks_no_number(visit: Visit, server: ScriptedServer) -> None:
    row = "| research and development | 1,200,000 | 1,450,000 | +20.8 % | two new projects |"
    server.add_turn("Compare?", f"| item | 2023 | 2024 | change | why |\n|---|---|---|---|---|\n{row}")
    page = visit(size=PHONE, has_touch=True, is_mobile=True)
    figure = page.locator("td", has_text="1,200,000")
    assert figure.evaluate(LINES) == 1
    assert page.evaluate(WIDTHS) == [PHONE["width"], PHONE["width"]]


def test_thumbnails_are_as_tall_as_their_pages(visit: Visit, server: ScriptedServer) -> None:
    server.add_pdf(HANDBOOK)
    page = visit(size=PHONE, has_touch=True, is_mobile=True)
    page.locator(".menu-button").tap()
    page.locator(".document .name").tap()
    page.get_by_role("button", name="Small pictures of the pages").tap()
    first = page.locator(".thumbnails button").first
    expect(first.locator("canvas")).to_be_visible()
    assert first.evaluate("(button) => button.clientHeight >= button.firstElementChild.offsetHeight")
