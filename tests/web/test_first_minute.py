"""Records the first minute with the page as an animation for the README: .state/screenshots/first-minute.png."""

import itertools
from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

from tests.pdfs import DATA
from tests.web.animated_png import Frame, animated_png
from tests.web.scripted import ROOM, ScriptedServer, citation, delta, message
from tests.web.test_looks import PICTURES

PDF = DATA / "handbook-en.pdf"
SIZE = ViewportSize(width=1120, height=640)
MOST_BYTES = 1_000_000
QUESTION = "Who founded the library, and how can I reach the head of staff?"
ANSWER = (
    "Agatha Thornbury, a seed merchant, founded it in 1887 [1]. "
    "The head of staff is Imogen Vale; her office is room 2.14 [2]."
)
QUOTES = (
    "Larkfield Botanic Library was founded in 1887 by the seed merchant Agatha Thornbury",
    "Questions about this handbook go to the head of staff, Imogen Vale, whose office is room",
)


class Film:
    """Screenshots of the page, each with its duration."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Frame] = []

    def show(self, ms: int) -> None:
        self.page.wait_for_timeout(150)
        self.frames.append(Frame(self.page.screenshot(), ms))


def test_first_minute(visit: Callable[..., Page], server: ScriptedServer) -> None:
    server.name = "Larkfield handbook"
    film = Film(visit(size=SIZE))
    film.page.locator(".banner button").click()
    add_a_document(film, server)
    ask_about_it(film, server)
    look_at_what_it_cites(film)
    picture = animated_png(film.frames)
    assert len(picture) < MOST_BYTES
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "first-minute.png").write_bytes(picture)


def add_a_document(film: Film, server: ScriptedServer) -> None:
    expect(film.page.locator(".drop-target")).to_be_visible()
    film.show(1200)
    film.page.evaluate(DRAG_OVER)
    film.show(900)
    film.page.evaluate(DRAG_LEAVE)
    for status, done in (("reading", 2), ("reading", 5), ("ready", 6)):
        server.documents.clear()
        server.add_pdf(PDF, status=status, pages_total=6, pages_done=done)
        server.send({"type": "document", "chat_id": ROOM, "document": server.documents[0]})
        film.show(700)


def ask_about_it(film: Film, server: ScriptedServer) -> None:
    page = film.page
    composer = page.locator(".composer textarea")
    composer.fill(QUESTION)
    film.show(1100)
    composer.press("Enter")
    expect(page.locator(".delivery")).to_have_count(0)
    question_id = server.sent("ask")[0]["question_id"]
    for start, end in itertools.pairwise((0, 40, 90, len(ANSWER))):
        server.send(delta(question_id, start, ANSWER[start:end]))
        film.show(400)
    document = server.documents[0]["document_id"]
    citations = [citation(number, document, 1, quote) for number, quote in enumerate(QUOTES, 1)]
    answer = message(99, "answer", question_id, ANSWER, citations=citations, ending="answer")
    server.send({"type": "message", "chat_id": ROOM, "message": answer})
    expect(page.locator("button.chip")).to_have_count(2)
    film.show(1500)


def look_at_what_it_cites(film: Film) -> None:
    page = film.page
    chip = page.locator("button.chip").first
    chip.hover()
    expect(page.locator(".hovercard")).to_be_visible()
    film.show(1600)
    chip.click()
    expect(page.locator(".mark").first).to_be_in_viewport()
    page.locator(".viewer h2").hover()
    expect(page.locator(".hovercard")).to_be_hidden()
    page.wait_for_timeout(500)  # until the PDF is drawn in its final size
    film.show(1900)
    page.keyboard.press("]")
    expect(page.locator(".steps .count")).to_have_text("2 of 2")
    film.show(2200)


DRAG_OVER = """() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["x"], "handbook-en.pdf"));
  document.querySelector("main").dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true }));
}"""
DRAG_LEAVE = "() => window.dispatchEvent(new DragEvent('dragleave', { relatedTarget: null }))"
