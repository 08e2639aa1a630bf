"""axe finds no fault in any state of the page, in both palettes and languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.deployed import ROOT
from tests.pdfs import DATA
from tests.web.scripted import ROOM, ScriptedServer, citation, delta

Visit = Callable[..., Page]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
PHONE = ViewportSize(width=375, height=740)
HANDBOOK = DATA / "handbook-en.pdf"
VIOLATIONS = """async () => {
  const page = { exclude: [".pdfViewer"] }; // what a PDF's author tagged how is not ours, and axe cannot follow it
  const { violations } = await axe.run(page, { resultTypes: ["violations"] });
  const told = (id) => ({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map(told(id)));
}"""


def assert_accessible(page: Page, state: str) -> None:
    page.evaluate(AXE)  # by the driver: the Content-Security-Policy would refuse a script element
    found: list[str] = page.evaluate(VIOLATIONS)
    assert not found, f"{state}: {found}"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en-US", "zh-TW"])
def test_axe_finds_no_fault(dark: bool, language: str, visit: Visit, server: ScriptedServer) -> None:
    size = None if language == "en-US" else PHONE
    options = {"dark": dark} | ({"size": size} if size else {})
    page = visit(language, **options)
    expect(page.locator(".drop-target")).to_be_visible()
    assert_accessible(page, "an empty room")

    server.add_document("a long report.pdf", status="reading", pages_total=9, pages_done=3)
    page.reload()
    expect(page.locator(".middle progress")).to_be_visible()
    assert_accessible(page, "a room whose first document is read")
    ready = server.add_pdf(HANDBOOK, summary="A library's rules.", questions=["Who?"])
    page.reload()
    expect(page.locator(".guide")).to_have_text(re.compile("A library's rules"))
    assert_accessible(page, "a room that introduces its document")
    server.add_document("a scanned letter.pdf", status="failed", reason="pdf_without_text")
    server.members.append({"user_id": "u2", "name": "bob", "role": "reader", "here": False})
    quote = "Agatha Thornbury"
    server.add_turn("Who?", f"It was {quote} [1].\n\n```python\nx = 1  # one\n```", [citation(1, ready, 1, quote)])
    server.add_turn("And?", "", ending="error")
    server.add_turn("Else?", "", ending="no_results")
    server.add_turn("Tea?", "Tea cures all.", ending="refused")
    page.reload()
    expect(page.locator(".hljs-comment")).to_be_attached()
    page.locator(".refused-text summary").click()
    assert_accessible(page, "answers")
    page.locator("button.chip").first.focus()
    expect(page.locator(".hovercard")).to_be_visible()
    assert_accessible(page, "a card")
    if size:
        page.locator(".menu-button").click()
        assert_accessible(page, "rooms and sources")
        page.keyboard.press("Escape")
    server.send(delta("q-new", 0, "It grows"))
    page.locator("button.passages").click()
    expect(page.locator(".stage")).to_be_visible()
    assert_accessible(page, "an answer that comes")
    page.locator("button.chip").first.click()
    expect(page.locator(".mark").first).to_be_visible()
    assert_accessible(page, "a PDF")
    if size is None:
        page.keyboard.press("Control+f")
        expect(page.locator(".find-bar")).to_be_visible()
        assert_accessible(page, "finding in a PDF")
    else:
        page.locator(".expand").click()
        assert_accessible(page, "a PDF over the whole of a phone")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    assert_dialogs_accessible(page, server)


def assert_dialogs_accessible(page: Page, server: ScriptedServer) -> None:
    page.locator("[popovertarget=room-menu]").click()
    assert_accessible(page, "a menu")
    page.keyboard.press("Escape")
    page.locator(".people").click()
    expect(page.locator(".member-row").last).to_be_visible()
    assert_accessible(page, "people")
    invitation = {"type": "invitation", "chat_id": ROOM, "token": "t", "expires_at": 2_000_000_000, "role": "writer"}
    server.answers["room.invite"] = lambda _frame: [invitation]
    page.locator(".make-link").click()
    expect(page.locator(".invitation-link")).to_be_visible()
    assert_accessible(page, "a link to share")
    page.keyboard.press("Escape")
    for item in range(2):  # rename, and delete at the end of the menu
        page.locator("[popovertarget=room-menu]").click()
        page.locator("#room-menu [role=menuitem]").nth(-item).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        assert_accessible(page, "a dialog")
        page.keyboard.press("Escape")
    page.locator("body").press("?")
    expect(page.locator(".shortcuts")).to_be_visible()
    assert_accessible(page, "the shortcuts")
    page.keyboard.press("Escape")
    server.send({"type": "closed", "chat_id": ROOM, "reason": "removed"})
    expect(page.locator(".notice")).to_be_visible()
    assert_accessible(page, "no room, and why")
