"""Sharing and deleting on the deployed system: a room shared by a link, documents and accounts deleted."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.deployed import Person
from tests.pdfs import DATA
from tests.web import visitor
from tests.web.conftest import Watch

OpenPage = Callable[..., Page]
HANDBOOK = DATA / "handbook-en.pdf"
SESSION = re.compile(r"/session(\?|$)")
ERASING_TIMEOUT_MS = 30_000


def new_room(page: Page) -> str:
    name = f"Room {secrets.token_hex(3)}"
    visitor.open_new_room(page, name)
    return name


def test_two_people_share_a_room_by_a_link(open_page: OpenPage) -> None:
    page, other = open_page(), open_page()
    name = new_room(page)
    page.locator(".people").click()
    page.locator(".make-link").click()
    link = page.get_by_label("Invitation link")
    other.goto(link.input_value())
    other.get_by_role("button", name="Continue as guest").click()
    expect(other.locator(".topbar .title")).to_have_text(name, timeout=visitor.CONNECTING_TIMEOUT_MS)
    row = page.locator(".member-row", has_text="guest")
    expect(row).to_contain_text("here")

    question = f"Is anybody here? {secrets.token_hex(3)}"
    visitor.wait_until_answered(visitor.ask(other, question))
    expect(page.locator(".turn", has_text=question)).to_contain_text("guest")
    row.get_by_label("Role of guest").select_option("reader")
    expect(other.locator(".composer-note")).to_be_visible()

    other.locator("[popovertarget=room-menu]").click()
    other.get_by_role("menuitem", name="Leave the room").click()
    other.get_by_role("dialog").get_by_role("button", name="Leave the room").click()
    expect(other.locator(".rooms")).not_to_contain_text(name)
    expect(row).to_have_count(0)
    expect(other.locator(".notice")).to_have_count(0)


def test_a_document_is_read_again_and_deleted(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    new_room(page)
    broken = tmp_path / 'minutes"><img src=x onerror=alert(1)>.pdf'.replace("/", "")
    broken.write_text("<script>no PDF</script>")
    for path in (broken, HANDBOOK):
        visitor.drop(page, path)
        visitor.wait_until_read(page, path)
    failed = page.locator(".document.failed")
    failed.locator(".menu-opener").click()
    page.get_by_role("menuitem", name="Read again").click()
    expect(page.locator(".attention")).to_have_count(0)
    expect(failed).to_contain_text("not a readable PDF", timeout=visitor.READING_TIMEOUT_MS)

    row = page.locator(".document.ready")
    row.hover()
    row.locator(".menu-opener").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_have_count(0)
    expect(page.locator(".document", has_text=HANDBOOK.name)).to_have_count(0, timeout=ERASING_TIMEOUT_MS)
    page.locator(".account").click()
    page.get_by_role("menuitem", name="Erasure receipts").click()
    expect(page.locator(".receipt").first).to_contain_text(HANDBOOK.name)


def test_deleting_the_account_shows_the_receipt_and_signs_out(open_page: OpenPage, person: Person) -> None:
    page = open_page()
    visitor.become(page, person)
    new_room(page)
    page.locator(".account").click()
    page.get_by_role("menuitem", name="Delete the account").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()  # dialogs are loaded when first shown
    page.keyboard.type("somebody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not your login name")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(person.name)
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_contain_text("Erased", timeout=ERASING_TIMEOUT_MS)
    expect(page.locator(".receipt")).to_contain_text("1 room")
    expect(page.locator(".notice")).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.locator(".welcome")).to_be_visible()


def test_a_token_that_is_refused_is_renewed(open_page: OpenPage, deployed_watch: Watch) -> None:
    page = open_page()
    expect(page.locator(".connection.open")).to_be_attached()
    forged = [True]

    def once_forged(route: Route) -> None:
        answer = route.fetch()
        session = answer.json()
        if forged:
            forged.clear()
            head, claims, signature = session["access_token"].split(".")
            session["access_token"] = ".".join([head, claims, "A" * len(signature)])
        route.fulfill(response=answer, json=session)

    page.route(SESSION, once_forged)
    page.reload()
    expect(page.locator(".connection.open")).to_be_attached()
    assert not forged
    deployed_watch.forgive("403")


def test_a_link_to_a_pdf_that_has_expired_is_renewed(open_page: OpenPage, deployed_watch: Watch) -> None:
    page = open_page()
    new_room(page)
    visitor.choose(page, HANDBOOK)
    visitor.wait_until_read(page, HANDBOOK)
    links: list[str] = []

    def once_expired(route: Route) -> None:
        links.append(route.request.url)
        if len(links) > 1:
            route.continue_()
            return
        route.continue_(url=re.sub(r"X-Amz-Date=\d{4}", "X-Amz-Date=2001", route.request.url))

    page.route(re.compile(r"X-Amz-Signature"), once_expired)
    page.locator(".document.ready .name").click()
    visitor.wait_until_drawn(page, 1)
    assert len(links) > 1, "it was asked for again"
    deployed_watch.forgive("403")
