"""The text of an answer: unsupported sentences, and the citations that it opens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pdfs import DATA
from tests.web.scripted import ScriptedServer, citation

Visit = Callable[..., Page]
WIDTHS_AT_WHICH_A_NUMBER_BEGINS_A_LINE = """(block) => {
  const widths = Array.from({ length: 120 }, (_, index) => 90 + 2 * index);
  return widths.filter((width) => {
    block.style.width = `${width}px`;
    const { left } = block.getBoundingClientRect();
    return [...block.querySelectorAll(".chip")].some((chip) => chip.getBoundingClientRect().left - left < 5);
  });
}"""
HANDBOOK = DATA / "handbook-en.pdf"


def test_a_bracket_opens_the_newest_answer_at_first(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Who?", "Not this [1].", [citation(1, document, 1, "Agatha Thornbury")])
    server.add_turn("Who?", "This [1][2].", [citation(n, document, n + 1, "Words") for n in (1, 2)])
    server.add_turn("What else?", "", ending="no_results")
    page = visit()
    expect(page.locator(".turn")).to_have_count(3)
    page.locator(".scroller").focus()
    page.keyboard.press("]")
    expect(page.locator(".steps .count")).to_have_text("1 of 2")
    page.keyboard.press("]")
    expect(page.locator(".steps .count")).to_have_text("2 of 2")


def test_unsupported_sentences_are_marked(visit: Visit, server: ScriptedServer) -> None:
    """Spans count code points; the emoji is one of them, but two units of a JavaScript string."""
    server.add_document("tea.pdf", pages_lost=1)
    server.add_turn("Tea?", "😀 Tea is green [1]. It cures all.")
    server.messages[-1]["unverified"] = [(20, 33)]
    page = visit()
    expect(page.locator(".unverified")).to_have_text("No passage supports this: “It cures all.”")
    expect(page.locator(".sources, aside").first).to_contain_text("1 unreadable")


def test_a_refused_answer_is_folded_under_its_sentence(visit: Visit, server: ScriptedServer) -> None:
    server.add_turn("Tea?", "Tea cures all.", ending="refused")
    server.messages[-1]["unverified"] = [(0, 14)]
    page = visit()
    answer = page.locator(".answer.refused")
    expect(answer.locator(".ending")).to_be_visible()
    expect(answer.get_by_text("Tea cures all.")).to_be_hidden()
    answer.locator("summary").click()
    expect(answer.get_by_text("Tea cures all.")).to_be_visible()
    expect(answer.locator(".unverified")).to_have_count(0)


def test_a_card_shows_the_words_to_pointer_and_keyboard(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_document("handbook.pdf")
    server.quotes[document, 3] = "The words of the passage."
    server.add_turn("Which?", "One [1].", [citation(1, document, 3, None)])
    page = visit()
    chip, card = page.locator("button.chip"), page.locator(".hovercard")
    chip.hover()
    expect(card).to_contain_text("The words of the passage.")
    expect(card).to_contain_text("handbook.pdf · page 3")
    page.locator(".topbar").hover()
    expect(card).to_be_hidden()
    chip.focus()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


@pytest.mark.parametrize(
    "text", ["Agatha Thornbury founded it [1]. Then she left [2][1]", "阿加莎創辦了圖書館 [1]。然後她離開了[2][1]"]
)
def test_a_citation_number_never_begins_a_line(text: str, visit: Visit, server: ScriptedServer) -> None:
    document = server.add_document("tea.pdf")
    server.add_turn("Who?", text, [citation(number, document, 1, "Words.") for number in (1, 2)])
    page = visit()
    expect(page.locator("button.chip")).to_have_count(3)
    assert page.locator(".answer .block").evaluate(WIDTHS_AT_WHICH_A_NUMBER_BEGINS_A_LINE) == []
