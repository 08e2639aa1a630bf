"""The main path in a real Firefox, in both languages and palettes."""

import shutil
from pathlib import Path

import pytest

from tests.pdfs import DATA
from tests.web.firefox import ENTER, ESCAPE, started_firefox
from tests.web.scripted import ScriptedServer, citation, served_page, served_socket

PROGRAM = shutil.which("firefox") or shutil.which("firefox-esr")
HANDBOOK = DATA / "handbook-en.pdf"
QUOTE = "from Tuesday to Saturday"
FINE_AND_HOVERING = 6  # the pointer setting of a mouse, which test machines do not have
WIDER = "(({{ scrollWidth, clientWidth }}) => scrollWidth > clientWidth)(document.querySelector({!r}))"


@pytest.mark.skipif(PROGRAM is None, reason="no Firefox is installed (apt-get install firefox-esr)")
@pytest.mark.parametrize(("language", "is_dark", "found"), [("en-US", 0, "1 of "), ("zh-TW", 1, "1／")])
def test_the_main_path_in_firefox(language: str, is_dark: int, found: str, tmp_path: Path) -> None:
    assert PROGRAM
    server = ScriptedServer("")
    document_id = server.add_document(HANDBOOK.name, HANDBOOK.stat().st_size, pages_total=6)
    server.add_turn("When?", "On most days [1].", [citation(1, document_id, 1, QUOTE)])
    preferences: dict[str, str | int] = {
        "intl.accept_languages": language,
        "ui.systemUsesDarkTheme": is_dark,
        "ui.primaryPointerCapabilities": FINE_AND_HOVERING,
    }
    with (
        served_socket(server.connected) as socket_url,
        served_page(tmp_path / "web", socket_url) as server.url,
        started_firefox(PROGRAM, tmp_path / "profile", preferences) as firefox,
    ):
        shutil.copyfile(HANDBOOK, tmp_path / "web" / HANDBOOK.name)
        firefox.go(server.url)
        firefox.wait_for("document.activeElement.matches('.composer textarea')")
        firefox.type(f"How long?{ENTER}")
        firefox.wait_for("document.querySelectorAll('.question').length === 2")
        assert [frame["text"] for frame in server.sent("ask")] == ["How long?"]
        assert not firefox.evaluate(WIDER.format(".documents")), "the sources scroll sideways"
        firefox.click("button.chip")
        firefox.wait_for("document.querySelector('.mark')?.getBoundingClientRect().width > 10")
        firefox.click(".pdf-toolbar button:has(.icon-panel-left)")
        firefox.wait_for("document.querySelector('.thumbnails canvas')?.height > 128")
        assert not firefox.evaluate(WIDER.format(".thumbnails")), "the pictures of pages are cut off"
        firefox.click(".pdf-toolbar button:has(.icon-search)")
        firefox.type("library")
        firefox.wait_for(f"document.querySelector('.found').textContent.startsWith({found!r})")
        firefox.click(".people")
        firefox.wait_for("document.querySelector('dialog')?.open")
        firefox.type(ESCAPE)
        firefox.wait_for("!document.querySelector('dialog')")
        background = firefox.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == ("rgb(23, 23, 26)" if is_dark else "rgb(246, 245, 242)")
