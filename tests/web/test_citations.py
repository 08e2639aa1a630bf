"""A citation marks exactly its words on its page, and the PDF is loaded once."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from tests.pdfs import DATA, characters, questions_about
from tests.web import visitor
from tests.web.conftest import Watch
from tests.web.scripted import ScriptedServer, citation

Visit = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
REPORT = DATA / "report-zh-TW.pdf"
CURRENT = ".mark:not(.other)"
PHONE = ViewportSize(width=390, height=844)
LOOK = "(element) => ['fontFamily', 'fontSize', 'color'].map((name) => getComputedStyle(element)[name])"


def sentences() -> list[tuple[Path, int, str]]:
    """Twenty sentences with file and page, half of them Chinese."""
    return [(path, item.page, item.answer) for path in (HANDBOOK, REPORT) for item in questions_about(path)[:10]]


def rectangles(path: Path, page: int, words: str) -> list[list[float]]:
    """Return the rectangles of words, one per line, in points from the top left corner of the displayed page."""
    with pypdfium2.PdfDocument(path) as document:
        text_page = document[page - 1].get_textpage()
        text = text_page.get_text_range()
        letters = [(index, character) for index, character in enumerate(text) if characters(character)]
        start = "".join(character for _, character in letters).index(characters(words))
        first, last = letters[start][0], letters[start + len(characters(words)) - 1][0]
        count = text_page.count_rects(first, last - first + 1)
        return [displayed(document[page - 1], text_page.get_rect(index)) for index in range(count)]


def displayed(paper: Any, rectangle: tuple[float, float, float, float]) -> list[float]:
    x0, y0, x1, y1 = rectangle
    left, bottom, _, top = paper.get_cropbox()
    if paper.get_rotation() == 90:
        return [y0 - bottom, x0 - left, y1 - bottom, x1 - left]
    return [x0 - left, top - y1, x1 - left, top - y0]


def open_citation(page: Page, number: int = 1) -> Any:
    page.locator("button.chip", has_text=re.compile(f"^{number}$")).click()
    mark = page.locator(CURRENT).first
    expect(mark).to_be_in_viewport()
    expect(page.locator(".page:has(.mark) .textLayer span").first).to_be_attached()
    return mark


def test_the_text_under_the_marks_is_the_cited_one(visit: Visit, server: ScriptedServer) -> None:
    documents = {path: server.add_pdf(path) for path in (HANDBOOK, REPORT)}
    cited = sentences()
    citations = [
        citation(number, documents[path], page, words, rectangles(path, page, words))
        for number, (path, page, words) in enumerate(cited, 1)
    ]
    server.add_turn("Which?", " ".join(f"Sentence [{number}]." for number in range(1, len(cited) + 1)), citations)
    page = visit()
    for number, (_, on_page, words) in enumerate(cited, 1):
        open_citation(page, number)
        paper = page.locator(f".viewer .page[data-page-number='{on_page}']")
        expect(paper.locator(CURRENT).first).to_be_in_viewport()
        expect(paper.locator(".textLayer span").first).to_be_attached()
        marked = characters(paper.evaluate(visitor.MARKED_TEXT))
        assert visitor.letters_only(words) in visitor.letters_only(marked), (number, words)
        assert len(visitor.letters_only(marked)) <= len(visitor.letters_only(words)) + 2, (number, words, marked)


def test_the_citations_of_an_answer_can_be_stepped_through(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    items = questions_about(HANDBOOK)[:3]
    citations = [citation(number, document, item.page, item.answer) for number, item in enumerate(items, 1)]
    server.add_turn("Which?", "One [1], two [2], three [3].", citations)
    page = visit()
    open_citation(page)
    expect(page.locator(".steps .count")).to_have_text("1 of 3")
    expect(page.locator(".chip[aria-current]")).to_have_text("1")
    page.keyboard.press("]")
    expect(page.locator(".steps .count")).to_have_text("2 of 3")
    expect(page.locator(".viewer-quote")).to_have_text(items[1].answer)
    expect(page.locator(".chip[aria-current]")).to_have_text("2")
    page.get_by_role("button", name="Next citation").click()
    expect(page.locator(".steps .count")).to_have_text("3 of 3")
    assert items[2].page > 1, "which can be scrolled to"
    container = page.locator(".pdf-container").bounding_box()
    box = page.locator(CURRENT).first.bounding_box()
    assert container is not None
    assert box is not None
    assert abs((box["y"] - container["y"]) / container["height"] - 1 / 3) < 0.1, "a third of the height"
    page.locator(".viewer").focus()
    page.keyboard.press("[")
    expect(page.locator(".steps .count")).to_have_text("2 of 3")


@pytest.mark.parametrize("case", ["rotated", "cropped"])
def test_marks_fit_on_rotated_and_cropped_pages(case: str, visit: Visit, server: ScriptedServer) -> None:
    item = questions_about(HANDBOOK)[0]
    writer = PdfWriter(clone_from=PdfReader(HANDBOOK))
    paper = writer.pages[item.page - 1]
    if case == "rotated":
        paper.rotate(90)
    else:
        paper.cropbox = RectangleObject((30, 40, float(paper.mediabox.right) - 30, float(paper.mediabox.top) - 20))
    path = server.folder / f"{case}.pdf"
    writer.write(path)
    document = server.add_document(path.name, path.stat().st_size)
    rects = rectangles(path, item.page, item.answer)
    server.add_turn("Which?", "This [1].", [citation(1, document, item.page, item.answer, rects)])
    page = visit()
    open_citation(page)
    marked = page.locator(f".viewer .page[data-page-number='{item.page}']").evaluate(visitor.MARKED_TEXT)
    assert visitor.letters_only(item.answer) in visitor.letters_only(marked)


def test_another_zoom_moves_the_marks_with_the_words(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    item = questions_about(HANDBOOK)[0]
    rects = rectangles(HANDBOOK, item.page, item.answer)
    server.add_turn("Which?", "This [1].", [citation(1, document, item.page, item.answer, rects)])
    page = visit()
    open_citation(page)
    paper = page.locator(f".viewer .page[data-page-number='{item.page}']")
    width = paper.evaluate("(page) => page.clientWidth")
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".viewer canvas").first).to_be_attached()
    visitor.wait_until(page, lambda: paper.evaluate("(page) => page.clientWidth") > width * 1.2)
    page.wait_for_timeout(500)
    assert visitor.letters_only(item.answer) in visitor.letters_only(paper.evaluate(visitor.MARKED_TEXT))
    page.reload()
    open_citation(page)
    assert paper.evaluate("(page) => page.clientWidth") > width * 1.2, "the zoom is kept"


def test_on_a_phone_the_beginning_of_each_line_of_a_passage_is_visible(visit: Visit, server: ScriptedServer) -> None:
    """The first line begins in the middle of the page, the others at its left edge."""
    document = server.add_pdf(HANDBOOK)
    rects = [[200.0, 200.0, 530.0, 212.0], [60.0, 214.0, 530.0, 226.0]]
    server.add_turn("Which?", "This [1].", [citation(1, document, 1, "Words over two lines.", rects)])
    page = visit(size=PHONE, has_touch=True)
    open_citation(page)
    expect(page.locator(CURRENT)).to_have_count(2)
    container = page.locator(".pdf-container").bounding_box()
    boxes = [mark.bounding_box() for mark in page.locator(CURRENT).all()]
    assert container is not None
    assert all(box is not None and 0 <= box["x"] - container["x"] < container["width"] for box in boxes)


def test_a_passage_without_rectangles_marks_nothing(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 2, "Words.", rects=[])])
    page = visit()
    page.locator("button.chip").click()
    expect(page.locator(".page-box input")).to_have_value("2")
    expect(page.locator(".viewer .page[data-page-number='2'] .textLayer span").first).to_be_attached()
    expect(page.locator(".mark")).to_have_count(0)


def test_a_pdf_is_loaded_once_and_a_link_that_has_expired_is_renewed(
    visit: Visit, server: ScriptedServer, watch: Watch
) -> None:
    watch.tolerated = f"{server.url}/{HANDBOOK.name}"
    document = server.add_pdf(HANDBOOK)
    items = questions_about(HANDBOOK)[:2]
    citations = [citation(number, document, item.page, item.answer) for number, item in enumerate(items, 1)]
    server.add_turn("Which?", "One [1], two [2].", citations)
    page = visit()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if HANDBOOK.name in request.url else None)
    expired = [True]

    def once_expired(route: Any) -> None:
        route.fulfill(status=403) if expired.pop() else route.continue_()

    page.route("**/*.pdf", once_expired, times=1)
    open_citation(page)
    assert len(requests) == 2, "one that was refused, one for the whole file"
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    open_citation(page, 2)
    assert len(requests) == 2, "opened again without loading it again"


def test_other_passages_of_the_answer_are_marked_lightly(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    items = {item.page: item for item in questions_about(HANDBOOK)}
    first, second = (items[page] for page in (1, 2))
    citations = [
        citation(number, document, item.page, item.answer, rectangles(HANDBOOK, item.page, item.answer))
        for number, item in enumerate((first, second), 1)
    ]
    server.add_turn("Which?", "It stands on two pages [1][2].", citations)
    page = visit()
    open_citation(page)
    papers = [page.locator(f".viewer .page[data-page-number='{number}']") for number in (1, 2)]
    expect(papers[0].locator(".mark").first).not_to_have_class(re.compile("other"))
    papers[1].scroll_into_view_if_needed()
    expect(papers[1].locator(".mark.other").first).to_be_visible()
    page.keyboard.press("]")
    expect(papers[1].locator(".mark").first).not_to_have_class(re.compile("other"))
    expect(papers[1].locator(".mark").first).to_be_in_viewport()


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "from history"])
def test_a_passage_over_two_pages_is_shown_as_one(is_new: bool, visit: Visit, server: ScriptedServer) -> None:
    """Passages end with their page, so a sentence that continues on the next page has two citations."""
    document = server.add_pdf(HANDBOOK)
    items = {item.page: item for item in questions_about(HANDBOOK)}
    words = {1: "The library was founded by", 2: "the widow of a printer."}
    server.quotes = {(document, number): each for number, each in words.items()}
    citations = [
        citation(
            number,
            document,
            number,
            words[number] if is_new else None,
            rectangles(HANDBOOK, number, items[number].answer),
            start=0 if number == 2 else 900,
        )
        for number in (1, 2)
    ]
    server.add_turn("Which?", "It goes on over the page [1][2].", citations)
    page = visit()
    card = page.locator(".hovercard")
    for number in (1, 2):
        page.locator("button.chip", has_text=str(number)).hover()
        expect(card.locator("blockquote")).to_have_text("\n".join(words.values()))
        expect(card).to_contain_text("pages 1–2")
        page.locator(".topbar").hover()
        expect(card).to_be_hidden()
    open_citation(page)
    expect(page.locator(".viewer-quote")).to_have_text("\n".join(words.values()))
    papers = [page.locator(f".viewer .page[data-page-number='{number}']") for number in (1, 2)]
    papers[1].scroll_into_view_if_needed()
    for paper in papers:
        expect(paper.locator(CURRENT).first).to_be_attached()
        expect(paper.locator(".mark.other")).to_have_count(0)


def test_a_dialog_looks_the_same_after_a_pdf(visit: Visit, server: ScriptedServer) -> None:
    """The style sheet of pdf.js, loaded with the first PDF, might use the same class names."""
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 1, "Agatha Thornbury")])
    page = visit()
    looks = []
    for _ in range(2):
        page.locator(".people").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        looks.append(page.get_by_role("dialog").evaluate(LOOK))
        page.keyboard.press("Escape")
        open_citation(page)
    assert looks[0] == looks[1]


def test_closing_the_pdf_shows_no_card(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_pdf(HANDBOOK)
    server.add_turn("Which?", "This [1].", [citation(1, document, 1, "Agatha Thornbury")])
    page = visit()
    page.locator("button.chip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator("button.chip")).to_be_focused()
    expect(page.locator(".hovercard")).to_be_hidden()
