"""Actions of a visitor on the page, and what the visitor sees."""

import base64
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ElementHandle, Locator, Page, expect

from tests.deployed import Person
from tests.pdfs import characters

CONNECTING_TIMEOUT_MS = 30_000  # the functions may have cold starts
READING_TIMEOUT_MS = 120_000
ANSWER_TIMEOUT_MS = 60_000
WAITING_S = 15
MANY_COLOURS = 16  # of a page with anti-aliased text; a blank page has one colour

DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: "application/pdf" }));
  const target = document.querySelector("main");
  for (const type of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""

# Records each text that an element shows, one after the other, also if the element is added later.
NOTE_TEXTS = """([name, selector]) => {
  const seen = (window[name] = []);
  const note = () => {
    const text = document.querySelector(selector)?.textContent ?? "";
    if (text && seen.at(-1) !== text) seen.push(text);
  };
  note();
  new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""

CHIP_BEHIND = """(answer, words) => {
  const walker = document.createTreeWalker(answer, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) text += node.data.replace(/[\\s-]/g, "");
    else if (node.matches("button.chip") && text.includes(words)) return node;
  }
  return null;
}"""

COLOURS = """(canvas) => {
  if (canvas.width === 0) return 0; // it is being replaced by one of another size
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


# The text under the marks: each letter whose middle is within a mark, or at most the 2 pixels outside of it that the
# mark is painted beyond its box.
MARKED_TEXT = """(page) => {
  const marks = [...page.querySelectorAll(".mark:not(.other)")].map((mark) => mark.getBoundingClientRect());
  const walker = document.createTreeWalker(page.querySelector(".textLayer"), NodeFilter.SHOW_TEXT);
  let marked = "";
  while (walker.nextNode()) {
    const text = walker.currentNode;
    for (let at = 0; at < text.length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const letter = range.getBoundingClientRect();
      const [x, y] = [(letter.left + letter.right) / 2, (letter.top + letter.bottom) / 2];
      const isIn = (mark) => mark.left - 2 <= x && x <= mark.right + 2 && mark.top - 2 <= y && y <= mark.bottom + 2;
      if (marks.some(isIn))
        marked += text.data[at];
    }
  }
  return marked;
}"""


def become(page: Page, person: Person) -> None:
    """Sign out, and sign in as another user at the login page."""
    sign_out(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(person.deployed.outputs["LoginUrl"])))
    page.locator("input[name=username]").fill(person.name)
    page.locator("input[name=password]").fill(person.password)
    page.locator("[type=submit]").first.click()
    expect(page.locator(".account-name")).to_have_text(person.name)


def sign_out(page: Page) -> None:
    page.locator(".account").click()
    page.get_by_role("menuitem", name="Sign out").click()


def open_known_room(page: Page, name: str) -> None:
    page.locator(".rooms button.room", has_text=name).click()
    expect(page.locator(".topbar .title")).to_have_text(name)


def open_new_room(page: Page, name: str) -> None:
    """Create a room with the form in the list of rooms, which is already open if there is no room."""
    expect(page.locator(".connection")).to_have_class(re.compile("open"), timeout=CONNECTING_TIMEOUT_MS)
    field = page.locator(".new-room input")
    expect(page.locator(".rooms li, .new-room").first).to_be_attached(timeout=CONNECTING_TIMEOUT_MS)
    if not field.is_visible():
        page.locator(".rooms .section-head button").click()
    field.fill(name)
    field.press("Enter")
    expect(page.locator(".topbar .title")).to_have_text(name)


def drop(page: Page, path: Path) -> None:
    """Drop a file onto the page, as from a file manager."""
    page.evaluate(DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])


def choose(page: Page, path: Path) -> None:
    """Upload a file with the button."""
    page.locator(".documents input[type=file]").set_input_files(path)


def wait_until_read(page: Page, path: Path) -> None:
    row = page.locator(".document", has_text=path.name)
    expect(row).to_have_class(re.compile("ready|failed"), timeout=READING_TIMEOUT_MS)


def note_texts(page: Page, name: str, selector: str) -> None:
    """Start recording the texts that an element shows."""
    page.evaluate(NOTE_TEXTS, [name, selector])


def noted(page: Page, name: str) -> list[str]:
    texts: list[str] = page.evaluate("(name) => window[name]", name)
    return texts


def ask(page: Page, question: str) -> Locator:
    """Ask a question, and return the turn that will show the answer."""
    composer = page.locator(".composer textarea")
    composer.fill(question)
    composer.press("Enter")
    return page.locator(".turn", has_text=question).last


def wait_until_answered(turn: Locator) -> None:
    expect(turn.locator(".answer")).to_have_attribute("aria-busy", "false", timeout=ANSWER_TIMEOUT_MS)


def chip_behind(turn: Locator, words: str) -> ElementHandle:
    """Return the citation button after these words."""
    chip = turn.locator(".answer").evaluate_handle(CHIP_BEHIND, characters(words)).as_element()
    assert chip is not None, f"no number stands behind {words!r} in {turn.text_content()!r}"
    return chip


def passage_of(turn: Locator, number: str) -> Locator:
    """Expand the passages under an answer, and return the button of the one with this number."""
    if not turn.locator(".source").first.is_visible():
        turn.locator("button.passages").click()
    return turn.locator(".source-open", has=turn.page.locator(".chip", has_text=re.compile(f"^{number}$")))


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until `holds()` is true, of what Playwright's own waiting does not see; fails if it does not become so."""
    give_up_at = time.monotonic() + WAITING_S
    while not holds():
        assert time.monotonic() < give_up_at
        page.wait_for_timeout(50)


def wait_until_drawn(page: Page, number: int) -> None:
    """Wait until a page of the shown PDF has been drawn."""
    canvas = page.locator(f".viewer .page[data-page-number='{number}'] .canvasWrapper canvas").first
    wait_until(page, lambda: int(canvas.evaluate(COLOURS)) >= MANY_COLOURS)


def letters_only(text: str) -> str:
    """Return only letters and digits, after NFKC: PDFs differ in punctuation, spaces and radicals."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", characters(text)))
