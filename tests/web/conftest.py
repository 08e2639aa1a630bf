"""A real browser for the page's tests, and a check of errors and requests of the page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize, expect, sync_playwright

from local.deployment import Deployment
from local.run_tests import BROWSER_VARIABLE
from tests.deployed import Models
from tests.web.browser import start_browser
from tests.web.scripted import ScriptedServer, served_page

DESKTOP = ViewportSize(width=1280, height=860)
PDF_WORKER = "/lib/pdf.worker.js"
PDF_VIEWER = "/lib/pdf_viewer.js"
PACE = {"delay_per_piece_s": 0.08}  # slow enough that even a short answer is seen growing
EXPECTED_WITHIN_MS = 15_000  # three sessions on two cores: the default of 5 s is sometimes not enough
expect.set_options(timeout=EXPECTED_WITHIN_MS)
VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content-Security-Policy: ${event.violatedDirective} forbids ${event.blockedURI}`))
"""


@dataclass
class Watch:
    """Collects what must not happen on the page: errors of any kind, and requests to other origins."""

    own: set[str]
    tolerated: str
    faults: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.add_init_script(VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._address(request.url))
        page.on("websocket", lambda socket: self._address(socket.url))
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def _console(self, message: ConsoleMessage) -> None:
        url = message.location["url"]
        if message.type == "warning" and "Worker task was terminated" in message.text and url.endswith(PDF_WORKER):
            return  # a PDF was closed while pdf.js still read its text
        if message.type == "error" and "Transport destroyed" in message.text and url.endswith(PDF_VIEWER):
            return  # the same, while pdf.js still made its pages
        if message.type in {"error", "warning"} and url != self.tolerated:
            self.faults.append(f"{message.type}: {message.text} ({url})")

    def forgive(self, words: str) -> None:
        """Remove faults that the test caused itself; raises AssertionError if there are none."""
        kept = [fault for fault in self.faults if words not in fault]
        assert kept != self.faults, f"no fault says {words!r}"
        self.faults[:] = kept

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc not in self.own:
            self.faults.append(f"request to {url}")

    def _failed(self, url: str, reason: str | None) -> None:
        if reason != "net::ERR_ABORTED":  # cancelled by the page itself
            self.faults.append(f"{url}: {reason}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            started = start_browser(playwright)
        except Error as error:
            pytest.fail(
                "No browser could be started. Install one: `apt-get install chromium fonts-noto-cjk` (Debian, Ubuntu) "
                f"or `.venv/bin/playwright install chromium`, or set {BROWSER_VARIABLE} to its path.\n{error}",
                pytrace=False,
            )
        yield started
        started.close()


@pytest.fixture
def deployed_watch(deployed: Deployment) -> Watch:
    own = {deployed.website_url, deployed.websocket_url, deployed.aws_endpoint, deployed.outputs["LoginUrl"]}
    icon = f"{deployed.outputs['LoginUrl']}/favicon.ico"  # the local login page has none
    return Watch({urlsplit(address).netloc for address in own}, tolerated=icon)


@pytest.fixture
def open_page(browser: Browser, deployed: Deployment, deployed_watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open the page as a new visitor: `open_page("zh-TW", dark=True)`. At the end there must be no faults."""
    watch = deployed_watch
    contexts = []

    def opened(language: str = "en-US", *, dark: bool = False, size: ViewportSize = DESKTOP) -> Page:
        context = browser.new_context(
            locale=language, color_scheme="dark" if dark else "light", viewport=size, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        watch.over(page)
        page.goto(deployed.website_url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def slow_answers(offline_models: Models) -> None:
    offline_models.fail(chat=PACE)


@pytest.fixture(scope="session")
def page_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the page, served without a system, and the folder of its files."""
    folder = tmp_path_factory.mktemp("page") / "web"
    with served_page(folder) as url:
        yield url, folder


@pytest.fixture
def server(page_address: tuple[str, Path]) -> ScriptedServer:
    return ScriptedServer(*page_address)


@pytest.fixture
def watch(server: ScriptedServer) -> Watch:
    return Watch({urlsplit(server.url).netloc, "127.0.0.1:1"}, tolerated="")


@pytest.fixture
def visit(browser: Browser, server: ScriptedServer, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open the page with `server` behind it: `visit("zh-TW", dark=True, address="#/room/…")`; no faults allowed."""
    contexts = []

    def opened(
        language: str = "en-US", *, dark: bool = False, size: ViewportSize = DESKTOP, address: str = "", **more: Any
    ) -> Page:
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport=size,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch.over(page)
        server.serve(page)
        page.goto(f"{server.url}/{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.faults == []
