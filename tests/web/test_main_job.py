"""The main job as a visitor does it: drop a PDF, ask, watch the answer grow, look at the page that it cites."""

import itertools
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pdfs import Question, all_pdfs, characters, page_count, questions_about
from tests.web import visitor

OpenPage = Callable[..., Page]


@pytest.mark.usefixtures("slow_answers")
@pytest.mark.parametrize(
    ("path", "add"),
    list(zip(all_pdfs(), itertools.cycle([visitor.drop, visitor.choose]), strict=False)),
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_a_pdf_is_added_asked_about_and_opened_at_its_citation(
    path: Path, add: Callable[[Page, Path], None], open_page: OpenPage
) -> None:
    question = questions_about(path)[0]
    page = open_page("zh-TW" if re.search("[\u4e00-\u9fff]", question.question) else "en-US")
    visitor.open_new_room(page, f"Room {secrets.token_hex(3)}")

    visitor.note_texts(page, "statuses", ".document .status")
    add(page, path)
    visitor.wait_until_read(page, path)
    statuses = visitor.noted(page, "statuses")
    assert any(re.search(rf"^\d+ / {page_count(path)}$", status) for status in statuses)
    assert re.search(rf"^{page_count(path)} (page|頁)", statuses[-1]), statuses

    visitor.note_texts(page, "growing", ".answer[aria-busy=true] .block")
    turn = visitor.ask(page, question.question)
    visitor.wait_until_answered(turn)
    assert_grew(visitor.noted(page, "growing"))
    assert characters(question.answer) in characters(turn.locator(".answer").text_content() or "")
    assert_opens_at_the_cited_page(page, turn, question, path)

    turn.locator("button.passages").click()
    answered = turn.text_content() or ""
    page.reload()
    again = page.locator(".turn", has_text=question.question)
    expect(again.locator(".answer")).to_have_attribute("aria-busy", "false")
    expect(again).to_have_text(answered)
    assert_opens_at_the_cited_page(page, again, question, path)


def assert_grew(texts: list[str]) -> None:
    """Assert that the answer was seen in at least three lengths, each beginning with the one before."""
    plain = [re.sub(r"[\s\[\]]", "", text) for text in texts]  # `[1]` becomes a chip once it is complete
    assert len(set(plain)) >= 3, texts
    assert all(after.startswith(before) for before, after in itertools.pairwise(plain)), texts


def assert_opens_at_the_cited_page(page: Page, turn: Locator, question: Question, path: Path) -> None:
    chip = visitor.chip_behind(turn, question.answer)
    # Not `inner_text`: it is empty in the frame in which `content-visibility` begins to apply to the turn.
    source = visitor.passage_of(turn, chip.text_content() or "")
    expect(source).to_contain_text(path.name)
    expect(source.locator(".where")).to_have_text(re.compile(rf"^(page {question.page}|第 {question.page} 頁)$"))
    chip.click()
    expect(page.locator(".viewer h2")).to_have_text(path.name)
    expect(page.locator(".page-box")).to_contain_text(str(page_count(path)))
    expect(page.locator(".page-box input")).to_have_value(str(question.page))
    visitor.wait_until_drawn(page, question.page)
    expect(page.locator(f".viewer .page[data-page-number='{question.page}']")).to_be_in_viewport()
    expect(page.locator(".viewer-quote")).not_to_be_empty()
    paper = page.locator(f".viewer .page[data-page-number='{question.page}']")
    expect(paper.locator(".mark").first).to_be_in_viewport()
    expect(paper.locator(".textLayer span").first).to_be_attached()
    marked = visitor.letters_only(paper.evaluate(visitor.MARKED_TEXT))
    assert visitor.letters_only(question.answer) in marked
