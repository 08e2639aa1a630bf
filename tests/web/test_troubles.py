"""What a visitor sees when something fails."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documind.errors import ENDING_SENTENCES, Ending
from tests.deployed import Models
from tests.pdfs import DATA
from tests.plain_pdf import plain_pdf
from tests.web import visitor

OpenPage = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
QUESTION = "Who founded the library?"
HOSTILE = """The library opens in the morning, see ![pixel](http://evil.test/p.png), [here](javascript:alert(3)).
<img src=x onerror=alert(1)> <script>alert(2)</script>"""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page()
    visitor.open_new_room(page, f"Room {secrets.token_hex(3)}")
    return page


def test_a_file_that_is_no_pdf_is_reported_in_its_row(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "minutes, final (2).pdf"
    broken.write_text("<html>no PDF</html>")
    visitor.drop(page, broken)
    visitor.wait_until_read(page, broken)
    expect(page.locator(".document", has_text=broken.name)).to_contain_text("not a readable PDF")


def test_the_same_file_twice_is_shown_once(page: Page) -> None:
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(page, HANDBOOK)
    visitor.choose(page, HANDBOOK)
    expect(page.get_by_text("already in the room")).to_be_visible()
    expect(page.locator(".document.ready")).to_have_count(1)


def test_an_empty_room_says_that_it_has_no_documents(page: Page) -> None:
    turn = visitor.ask(page, QUESTION)
    visitor.wait_until_answered(turn)
    expect(turn.locator(".answer")).to_contain_text("No document that is ready in this room")
    expect(turn.locator(".sources")).to_have_count(0)


def test_send_becomes_stop_and_shown_text_stays(page: Page, offline_models: Models) -> None:
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(page, HANDBOOK)
    offline_models.fail(chat={"delay_per_piece_s": 0.3})
    turn = visitor.ask(page, QUESTION)
    expect(turn.locator(".answer .block").first).to_contain_text("Larkfield")
    page.get_by_role("button", name="Stop").click()
    visitor.wait_until_answered(turn)
    expect(turn.locator(".answer")).to_have_class(re.compile("stopped"))
    expect(turn.locator(".answer .block").first).to_contain_text("Larkfield")
    expect(turn.get_by_text("Stopped.")).to_have_count(1)
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_an_answer_that_fails_says_so(page: Page, offline_models: Models) -> None:
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(page, HANDBOOK)
    offline_models.fail(chat={"status": 500})
    turn = visitor.ask(page, QUESTION)
    visitor.wait_until_answered(turn)
    expect(turn.locator(".answer")).to_contain_text("could not be answered")


def test_an_answer_that_breaks_off_says_so_once_after_its_text(page: Page, offline_models: Models) -> None:
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(page, HANDBOOK)
    offline_models.fail(chat={"delay_per_piece_s": 0.3, "cut_after_pieces": 4})
    turn = visitor.ask(page, QUESTION)
    visitor.wait_until_answered(turn)
    answer = turn.locator(".answer")
    expect(answer.locator(".block").first).to_contain_text("Larkfield")
    expect(answer.locator(".block ~ .ending")).to_contain_text(ENDING_SENTENCES[Ending.ERROR].en)
    expect(answer.locator(".ending .code-and-id")).to_contain_text("error")
    expect(turn.get_by_text("could not be answered")).to_have_count(1)
    page.get_by_role("button", name="中文").click()
    expect(answer.locator(".block ~ .ending")).to_contain_text(ENDING_SENTENCES[Ending.ERROR].zh_tw)


def test_text_of_a_hostile_pdf_is_only_quoted(page: Page, tmp_path: Path) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    path = tmp_path / "hours.pdf"
    path.write_bytes(plain_pdf([HOSTILE]))
    visitor.choose(page, path)
    visitor.wait_until_read(page, path)
    turn = visitor.ask(page, "When does the library open in the morning?")
    visitor.wait_until_answered(turn)
    expect(turn.locator(".answer .block").first).to_contain_text("![pixel](http://evil.test/p.png)")
    turn.locator("button.chip").first.click()
    expect(page.locator(".viewer-quote")).to_contain_text("![pixel]")
    expect(page.locator(".mark").first).to_be_in_viewport()
    assert page.locator(".turn").locator("img, script, a[href^=javascript]").count() == 0
    assert dialogs == []


def test_another_tab_sees_the_same_live(page: Page) -> None:
    with page.context.expect_page() as opened:
        page.evaluate("() => void window.open(location.href)")
    other = opened.value
    expect(other.locator(".topbar .title")).to_have_text(page.locator(".topbar .title").inner_text())
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(other, HANDBOOK)
    visitor.wait_until_answered(visitor.ask(page, QUESTION))
    turn = other.locator(".turn", has_text=QUESTION)
    visitor.wait_until_answered(turn)
    # Not `inner_text`: a tab in the background skips what `content-visibility` has not drawn yet.
    assert turn.text_content() == page.locator(".turn", has_text=QUESTION).text_content()
