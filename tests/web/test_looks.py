"""Screenshots of the page's main states in every look, for review, in .state/screenshots/; nothing may overflow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.deployed import ROOT
from tests.pdfs import DATA, questions_about
from tests.web.scripted import ScriptedServer, citation, delta

PICTURES = ROOT / ".state" / "screenshots"
SIZES = {"desktop": ViewportSize(width=1280, height=800), "phone": ViewportSize(width=375, height=740)}
PDFS = {"en-US": DATA / "handbook-en.pdf", "zh-TW": DATA / "report-zh-TW.pdf"}
ANSWERS = {
    "en-US": ("{0} founded the library in 1887 [1]. She left it her house and 9,400 volumes.", "It is {0} [1]."),
    "zh-TW": ("合作社共有{0} [1]。", "答案是{0} [1]。"),
}
NAMES = {"en-US": "Larkfield handbook", "zh-TW": "青嶼合作社"}
COMING = {"en-US": "A loan can be renewed twice, unless another reader", "zh-TW": "會費在五月到期，十月之後"}
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", PDFS)
def test_no_look_overflows(
    size: str,
    dark: bool,
    language: str,
    visit: Callable[..., Page],
    server: ScriptedServer,
) -> None:
    path = PDFS[language]
    server.name = NAMES[language]
    page = visit(language, dark=dark, size=SIZES[size], has_touch=size == "phone")
    look = f"{size}-{'dark' if dark else 'light'}-{language}"

    def picture(state: str) -> None:
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), state
        page.screenshot(path=PICTURES / f"{state}-{look}.png")

    expect(page.locator(".drop-target")).to_be_visible()
    picture("empty")
    furnish(server, path, language)
    page.reload()
    expect(page.locator(".turn .pill").last).to_be_visible()
    picture("room")
    if size == "phone":
        page.locator(".menu-button").click()
        expect(page.locator(".side")).to_be_visible()
        picture("menu")
        page.keyboard.press("Escape")

    page.locator("button.chip").first.hover()
    expect(page.locator(".hovercard")).to_be_visible()
    picture("card")
    page.locator("button.chip").first.click()
    expect(page.locator(".mark").first).to_be_in_viewport()
    page.locator(".viewer h2").hover()
    expect(page.locator(".hovercard")).to_be_hidden()
    page.wait_for_timeout(500)  # until the PDF is drawn in its final size
    picture("citation")
    page.keyboard.press("Escape")

    page.locator(".people").click()
    expect(page.locator(".member-row").last).to_be_visible()
    picture("people")
    page.keyboard.press("Escape")
    server.send(delta("q-new", 0, COMING[language]))
    page.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight }")
    expect(page.locator(".stage")).to_be_in_viewport()
    picture("writing")
    server.cut()
    expect(page.locator(".connection.open")).to_be_attached()


def furnish(server: ScriptedServer, path: Path, language: str) -> None:
    """Add documents in each status, people and two answers to the room."""
    document = server.add_pdf(path, pages_total=6)
    server.add_document("annual report of the board, 2025, final.pdf", pages_total=118)
    server.add_document("minutes-2025-11.pdf", status="reading", pages_total=40, pages_done=17)
    server.add_document("scan of an old letter, without text.pdf", status="failed", reason="pdf_without_text")
    server.members += [
        {"user_id": "u2", "name": "bob", "role": "writer", "here": True},
        {"user_id": "u3", "name": "王小明", "role": "reader", "here": False},
    ]
    for item, answer in zip(questions_about(path), ANSWERS[language], strict=False):
        cited = citation(1, document, item.page, item.answer)
        server.add_turn(item.question, answer.format(item.answer), [cited])
