"""Two people in two browsers, in one room: both see the same, whatever happens to their pages meanwhile."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.crowd import join
from tests.deployed import Models, Person
from tests.e2e.rooms import history_of
from tests.faults.long_answers import LONG_QUESTION, upload_long_document
from tests.web import visitor

OpenPage = Callable[..., Page]
GROWING = ".answer[aria-busy=true] .block"
# Delays per piece, of about 400: until there is text, until every page has it, and for the rest.
PACE, STANDING, QUICK = ({"delay_per_piece_s": pace_s} for pace_s in (0.05, 1, 0.01))
MANY_CHARACTERS = 200


@pytest.fixture
def room(demo: Person, person: Person, tmp_path: Path) -> str:
    """Create a room of the demo user with a document, and make `person` a member; return its name."""
    client = demo.connect()
    name = f"Two {secrets.token_hex(3)}"
    client.open(name)
    upload_long_document(client, tmp_path)
    join(client, person.connect())
    return name


def test_what_one_sees_the_other_sees(
    room: str, open_page: OpenPage, person: Person, demo: Person, offline_models: Models
) -> None:
    asking, watching = open_page(), open_page()
    visitor.become(watching, person)
    for page in (asking, watching):
        visitor.open_known_room(page, room)
        visitor.note_texts(page, "growing", GROWING)
    offline_models.fail(chat=PACE)
    turn = visitor.ask(asking, LONG_QUESTION)
    wait_for_text(turn)
    offline_models.fail(chat=STANDING)
    asking.reload()
    visitor.note_texts(asking, "growing", GROWING)
    late = open_page()
    visitor.open_known_room(late, room)
    visitor.note_texts(late, "growing", GROWING)
    pages = (asking, watching, late)
    for page in pages:
        expect(page.locator(GROWING).first).to_be_attached()
    offline_models.fail(chat=QUICK)

    turns = [page.locator(".turn", has_text=LONG_QUESTION) for page in pages]
    for shown in turns:
        visitor.wait_until_answered(shown)
    assert len({shown.locator(".answer").text_content() for shown in turns}) == 1
    for shown in turns:
        expect(shown.locator(".question")).to_contain_text(LONG_QUESTION)
    client = demo.connect()
    client.open(room)
    saved = plain(history_of(client)[-1].text)
    assert plain(blocks(turns[0])) == saved
    for page in pages:
        texts = [plain(text) for text in visitor.noted(page, "growing")]
        assert texts
        assert all(saved.startswith(text) for text in texts)

    offline_models.fail()
    visitor.wait_until_answered(visitor.ask(watching, "Which caravan was the second?"))
    other = asking.locator(".turn", has_text="Which caravan was the second?")
    visitor.wait_until_answered(other)
    expect(other).to_contain_text(person.name)


def wait_for_text(turn: Locator) -> None:
    expect(turn.locator(".answer .block").first).to_have_text(
        re.compile(rf"[\s\S]{{{MANY_CHARACTERS},}}"), timeout=30_000
    )


def blocks(turn: Locator) -> str:
    return "".join(turn.locator(".answer .block").all_text_contents())


def plain(text: str) -> str:
    """Return the text without spaces and the brackets of `[1]`, which differ between Markdown and its rendering."""
    return re.sub(r"[\s\[\]]", "", text)
