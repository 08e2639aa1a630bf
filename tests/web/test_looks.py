"""The page's main states in every look, as pictures for human eyes in .state/screenshots/; nothing may overflow."""

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from documind_cli.answering import Question
from documind_cli.room import Room
from documind_cli.uploading import upload
from local.deployment import Deployment
from local.system import DEMO_USER, LocalSystem
from tests.deployed import ROOT, Models, Person
from tests.pdfs import DATA, questions_about
from tests.web import visitor

PICTURES = ROOT / ".state" / "screenshots"
SIZES = {"desktop": ViewportSize(width=1280, height=860), "phone": ViewportSize(width=375, height=740)}
PDFS = {"en-US": DATA / "handbook-en.pdf", "zh-TW": DATA / "report-zh-TW.pdf"}
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def rooms(system: LocalSystem, deployed: Deployment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Names of the rooms that are shown, by language: each with a PDF that is ready, one that failed, two answers."""
    broken = tmp_path_factory.mktemp("looks") / "scan of an old letter, without text.pdf"
    broken.write_bytes(b"no PDF")
    demo = Person(deployed, DEMO_USER, system.demo_password())
    names = {"en-US": f"Handbook {secrets.token_hex(3)}", "zh-TW": f"青嶼合作社 {secrets.token_hex(3)}"}
    for language, name in names.items():
        room = Room(lambda _renew: demo.connect(), name)
        upload(room, PDFS[language])
        upload(room, broken)
        for item in questions_about(PDFS[language])[:2]:
            Question(room, item.question).follow()
    demo.close()
    return names


@pytest.mark.parametrize(
    ("size", "dark", "language"),
    [("desktop", False, "en-US"), ("desktop", True, "zh-TW"), ("phone", False, "zh-TW"), ("phone", True, "en-US")],
)
def test_looks(
    size: str,
    dark: bool,
    language: str,
    rooms: dict[str, str],
    offline_models: Models,
    open_page: Callable[..., Page],
) -> None:
    page = open_page(language, dark=dark, size=SIZES[size])
    look = f"{size}-{'dark' if dark else 'light'}-{language}"

    def picture(state: str) -> None:
        assert not page.evaluate(WIDER_THAN_THE_SCREEN), state
        page.screenshot(path=PICTURES / f"{state}-{look}.png")

    if size == "phone":
        page.locator(".menu-button").click()
        expect(page.locator(".side")).to_be_visible()
    page.get_by_role("button", name=rooms[language], exact=True).click()
    turns = page.locator(".turn")
    expect(page.locator(".topbar .title")).to_have_text(rooms[language])
    expect(turns.filter(has_text=questions_about(PDFS[language])[1].question).locator(".pill")).to_be_visible()
    picture("room")
    if size == "phone":
        page.locator(".menu-button").click()
        picture("menu")
        page.locator(".shade").click(position={"x": 360, "y": 400})

    turns.first.locator(".pill").first.click()
    visitor.wait_until_drawn(page, 1)
    picture("viewer")
    page.keyboard.press("Escape")

    offline_models.fail(chat={"delay_per_piece_s": 0.3})
    visitor.ask(page, questions_about(PDFS[language])[-1].question)
    expect(turns.last.locator(".answer .block").first).to_be_visible()
    picture("writing")
    page.locator("button.send.stop").click()
    visitor.wait_until_answered(turns.last)
    offline_models.fail()

    if size == "phone":
        page.locator(".menu-button").click()
    page.locator(".account").click()
    picture("account")
    page.locator("#account-menu button").last.click()
    expect(page.locator(".welcome")).to_be_visible()
    picture("welcome")
