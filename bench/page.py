"""How fast the page draws an answer that streams into a long room, and its first load, both on a slow processor."""

import gzip
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession, ConsoleMessage, Page, Response, ViewportSize, sync_playwright

from tests.web.browser import start_browser
from tests.web.scripted import ScriptedServer, citation, delta, served_page, served_socket

TURNS = 103
PAGE_OF_HISTORY = 50  # messages that the server sends at first
SETTLING_S = 5  # until the browser's own pages have started
ANSWER = (
    "The reading room is open from Tuesday to Saturday [1]. **Loans** last four weeks, renewed twice eight [2].\n\n"
)
STREAMED = ("A sentence of the answer that comes, with a number at its end [1]. " * 26)[:1_700]
PIECE = 14  # characters of a delta
PIECES_PER_S = 20
SLOWER = 4  # factor by which the browser slows the processor down
SIZE = ViewportSize(width=1280, height=860)
LIMIT_S = 240

# Logs the time of the frame after the composer got the focus. It uses the console, because scripts that the browser's
# driver adds to a page to find elements or to replace a WebSocket take a fifth of a second on a slow processor.
READY = "composer ready at "
NOTE_READY = f"""addEventListener("focusin", ({{ target }}) => {{
  if (!target.matches(".composer textarea")) return;
  requestAnimationFrame(() => console.log("{READY}" + performance.now()));
}})"""

FRAMES = """() => {
  const times = (window.frameTimes = []);
  let before = performance.now();
  const note = (now) => { times.push(now - before); before = now; requestAnimationFrame(note); };
  requestAnimationFrame(note);
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
  }).observe({ type: "layout-shift" });
}"""


def run() -> None:
    """Print the time of a streamed answer in a room of 103 turns, and the figures of the first load."""
    server = long_room()
    with (
        served_socket(server.connected) as socket_url,
        tempfile.TemporaryDirectory() as folder,
        served_page(Path(folder) / "web", socket_url) as server.url,
        sync_playwright() as tool,
    ):
        browser = start_browser(tool)
        time.sleep(SETTLING_S)
        busy_ms = first_load_busy_ms(browser.new_page(viewport=SIZE), server.url)
        page = browser.new_page(viewport=SIZE)
        slow_down(page.context.new_cdp_session(page))
        loads = first_load(page, server.url)
        server.page_size = 2 * TURNS
        page.reload()
        page.locator(f"article:nth-of-type({TURNS})").wait_for(state="attached", timeout=LIMIT_S * 1000)
        seconds, frame_ms, shift = stream(page, server)
        browser.close()
    print(f"| the page, processor at a {SLOWER}th of its speed | |\n|---|---|")
    print(f"| a streamed answer of {len(STREAMED)} characters in a room of {TURNS} turns, s | {seconds:.1f} |")
    print(f"| time of a frame while it comes, mean, ms | {frame_ms:.0f} |")
    print(f"| layout shift while it comes | {shift:.3f} |")
    print(f"| first load until a question can be typed, s | {loads['seconds']:.2f} |")
    print(f"| processor time of the page's thread for that, at full speed, ms | {busy_ms:.0f} |")
    print(f"| files of the first load, KB, compressed | {loads['kilobytes']:.0f} |")


def long_room() -> ScriptedServer:
    server = ScriptedServer("")  # its page is served after its socket, whose address the page needs
    server.page_size = PAGE_OF_HISTORY
    documents = [server.add_document("handbook.pdf"), server.add_document("minutes.pdf")]
    for number in range(TURNS):
        citations = [citation(1, documents[0], 1, "Tuesday"), citation(2, documents[1], 2, "Loans")]
        server.add_turn(f"Question {number}?", ANSWER * 3, citations)
    return server


def slow_down(session: CDPSession) -> None:
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def first_load_busy_ms(page: Page, url: str) -> float:
    """Load the page into an empty cache; return how long its thread was busy, in ms without other work."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    load(page, url)
    metrics = session.send("Performance.getMetrics")["metrics"]
    (seconds,) = (metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
    page.close()
    return float(seconds) * 1000


def first_load(page: Page, url: str) -> dict[str, float]:
    """Load the page into an empty cache; return the seconds and the size of all files, compressed as by a server."""
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it takes no builtin
    seconds = load(page, url)
    page.locator("article").first.wait_for()
    sizes = [len(gzip.compress(response.body())) for response in responses]
    return {"seconds": seconds, "kilobytes": sum(sizes) / 1000}


def load(page: Page, url: str) -> float:
    """Go to the page; return the seconds until a question can be typed."""

    def is_ready(message: ConsoleMessage) -> bool:
        return message.text.startswith(READY)

    page.add_init_script(NOTE_READY)
    with page.expect_console_message(is_ready, timeout=LIMIT_S * 1000) as told:
        page.goto(url, wait_until="commit")
    return float(told.value.text.removeprefix(READY)) / 1000


def stream(page: Page, server: ScriptedServer) -> tuple[float, float, float]:
    """Stream an answer at a steady pace; return the seconds until all is drawn, ms per frame, and the layout shift."""
    page.locator(".composer textarea").fill("When is it open?")
    page.keyboard.press("Enter")
    page.locator(".stage").wait_for(timeout=LIMIT_S * 1000)
    page.wait_for_timeout(3_000)
    question_id = server.sent("ask")[-1]["question_id"]
    page.evaluate(FRAMES)
    started = time.perf_counter()
    for number, after in enumerate(range(0, len(STREAMED), PIECE)):
        server.send(delta(question_id, after, STREAMED[after : after + PIECE]))
        page.wait_for_timeout(max(0, (started + (number + 1) / PIECES_PER_S - time.perf_counter()) * 1000))
    words = STREAMED[-20:].split("[")[0].strip()
    page.locator(".turn").last.get_by_text(words).last.wait_for(timeout=LIMIT_S * 1000)
    seconds = time.perf_counter() - started
    times: list[float] = page.evaluate("() => frameTimes")
    return seconds, statistics.mean(times), page.evaluate("() => shift")
