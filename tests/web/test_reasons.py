"""The summary and the questions of a document, and the reasons of an answer."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web.scripted import ROOM, Frame, ScriptedServer, citation

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
REST = {"parts": [], "found_ms": 90, "first_text_ms": 400, "ended_ms": 1_200, "tokens": 812}


def tell_why(server: ScriptedServer, reasons: Frame | None) -> None:
    server.answers["why"] = lambda frame: [
        {"type": "why", "chat_id": ROOM, "question_id": frame["question_id"], "reasons": reasons}
    ]


def test_a_document_offers_its_summary_and_its_questions(server: ScriptedServer, visit: Visit) -> None:
    server.add_document("tea.pdf", summary="It is about tea.\nAnd cups.", questions=["How hot?", "How long?"])
    page = visit()
    expect(page.locator(".starters button")).to_have_text(["What is this document about?", "How hot?", "How long?"])
    page.get_by_role("button", name="Menu of tea.pdf").click()
    page.get_by_role("menuitem", name="Summary").click()
    expect(page.locator("dialog .summary")).to_have_text("It is about tea.\nAnd cups.")
    page.locator("dialog").get_by_role("button", name="How long?").click()
    expect(page.locator("dialog")).to_have_count(0)
    assert [frame["text"] for frame in server.sent("ask")] == ["How long?"]
    page.get_by_role("button", name="Menu of tea.pdf").click()
    page.get_by_role("menuitem", name="Summary").click()
    expect(page.locator("dialog .summary")).to_be_visible()
    server.send({"type": "document", "chat_id": ROOM, "document": {**server.documents[0], "status": "deleted"}})
    expect(page.locator("dialog h2")).to_have_text("removed document")  # and can be closed


def test_questions_not_asked_yet_are_offered_below_a_conversation(server: ScriptedServer, visit: Visit) -> None:
    tea = server.add_document("tea.pdf", questions=["How hot?", "How long?"])
    server.add_turn("How hot?", "Very.")
    server.add_document("water.pdf")
    page = visit()
    suggested = page.locator(".starters.below button")
    expect(suggested).to_have_text(["How long?"])
    expect(suggested).to_have_attribute("title", "tea.pdf")
    suggested.click()
    expect(page.locator(".turn")).to_have_count(2)
    assert [frame["document_ids"] for frame in server.sent("ask")] == [[tea]], "of the document that it is about"


def test_the_reasons_of_an_answer_are_shown_in_a_dialog(server: ScriptedServer, visit: Visit) -> None:
    tea = server.add_document("tea.pdf")
    server.add_turn("How hot?", "Very [1].", [citation(1, tea, 3, "Very hot.")])
    found = [
        {"number": number, "document_id": tea, "page": number + 2, "score": 0.8, "is_cited": number == 1}
        for number in (1, 2)
    ]
    tell_why(server, {"question": "How hot is tea?", "passages": found, **REST})
    page = visit()
    why = page.get_by_role("button", name="Why this answer")
    why.click()
    expect(page.locator("dialog .why")).to_contain_text("How hot is tea?")
    expect(page.locator("dialog .ranks li")).to_have_text(
        ["tea.pdf · page 3 · relevance 0.80 cited [1]", "tea.pdf · page 4 · relevance 0.80"]
    )
    expect(page.locator("dialog .why")).to_contain_text("passages found 0.09, first text 0.40, complete 1.20")
    page.keyboard.press("Escape")
    tell_why(server, None)
    why.click()
    expect(page.locator("dialog")).to_contain_text("is kept for a day")


def test_a_found_passage_is_opened_from_the_reasons(server: ScriptedServer, visit: Visit) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Who?", "She [1].", [citation(1, document, 1, "Agatha Thornbury")])
    found = [
        {"number": number, "document_id": document, "page": page, "score": 0.8, "is_cited": number == 3}
        for number, page in ((3, 1), (1, 2))
    ]
    tell_why(server, {"question": "Who?", "passages": found, **REST})
    page = visit()
    for index, number in enumerate((1, 2)):
        page.get_by_role("button", name="Why this answer").click()
        page.locator("dialog .ranks button").nth(index).click()
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.locator(".page-box input")).to_have_value(str(number))
        expect(page.locator(".viewer-quote")).to_have_count(1 - index)
