"""`python -m local.run_tests [TIER...]`: runs tests by tier, one pytest session more at a time than there are cores."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.steps import StepError, tell

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".state" / "logs"
# Seconds of each tier on two cores at the short size; printed beside the measured time, and never a reason to fail.
BUDGETS_S = {
    "unit": 50,
    "functional": 210,
    "attack": 45,
    "infra": 55,
    "search": 40,
    "e2e": 280,
    "web": 320,
    "faults": 165,
}
# The longest first. The first two deploy a system each, so that injected faults do not reach the tests of the web page.
SESSIONS = (("e2e", "faults"), ("web",), ("functional", "attack"), ("search",), ("infra",), ("unit",))
LONG_SESSIONS = (("bare",),)
LONG_VARIABLE = "DOCUMIND_LONG"  # set by `make test-long`
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HEADLESS_SHELL = "chromium-headless-shell"  # Debian's package of the browser that Playwright uses without a window
BROWSER_VARIABLE = "DOCUMIND_BROWSER"  # path of the browser; unset: Playwright's own
PROGRESS = re.compile(r"[.s]*( *\[ *\d+%\])?")


def browser() -> str | None:
    """Return the path of an installed browser, None for Playwright's own; install one if there is none.

    The short size prefers Chromium's headless shell, which draws no window and takes half the CPU time; its Debian
    package is installed if Debian's Chromium is. Raises StepError when no browser can be installed.
    """
    names = BROWSERS if is_long() else (HEADLESS_SHELL, *BROWSERS)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if not first_of(BROWSERS):
            tell("No browser here: installing Debian's chromium and a font for Chinese.")
            install_packages("chromium", "fonts-noto-cjk")
        if names[0] == HEADLESS_SHELL and shutil.which("chromium") and not shutil.which(HEADLESS_SHELL):
            tell("Installing Chromium's headless shell.")
            install_packages(HEADLESS_SHELL)
    if found := first_of(names):
        return found
    tell("No browser here: installing Playwright's chromium.")
    if quietly([sys.executable, "-m", "playwright", "install", "chromium"]) != 0:
        raise StepError("Installing a browser", "install one: `apt-get install chromium fonts-noto-cjk`, or Chrome")
    return None


def first_of(names: Sequence[str]) -> str | None:
    """Return the path of the first of these commands that is installed."""
    return next((path for name in names if (path := shutil.which(name))), None)


def install_packages(*names: str) -> None:
    """Install Debian packages; a failure is ignored, because the caller looks for the commands."""
    quietly(["apt-get", "update"])
    quietly(["apt-get", "install", "--yes", "--no-install-recommends", *names])


def quietly(command: list[str]) -> int:
    """Run a command with its output in a log; return its exit status."""
    log = LOGS / "install-browser.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as output:
        return subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ).returncode


def is_long() -> bool:
    """Return whether tests run at full size."""
    return bool(os.environ.get(LONG_VARIABLE))


def sessions(chosen: list[str]) -> list[list[str]]:
    """Return the chosen tiers, grouped by pytest session; raises StepError for an unknown tier.

    Without a choice: all but `unit`, which `make check` runs.
    """
    offered = SESSIONS + LONG_SESSIONS if is_long() else SESSIONS
    known = [tier for session in offered for tier in session]
    if unknown := [tier for tier in chosen if tier not in known]:
        raise StepError("Choosing tests", f"no tier is called {', '.join(unknown)}; there are: {' '.join(known)}")
    wanted = chosen or [tier for tier in known if tier != "unit"]
    return [tiers for session in offered if (tiers := [tier for tier in session if tier in wanted])]


def run_sessions(planned: list[list[str]]) -> int:
    """Run sessions of pytest; return an exit status that is 0 only if all passed.

    A session waits for a third of its time, so one more runs than there are cores. The output of a parallel session is
    printed when it ends. At full size sessions run one after the other, because there load is part of the tests, and
    their output is shown as it is written.
    """
    workers = 1 if is_long() else min((os.cpu_count() or 1) + 1, len(planned))
    if workers == 1:
        statuses = [run_session(tiers, log=None) for tiers in planned]
    else:
        tell(f"{workers} sessions at a time; the output of each is in {LOGS.relative_to(ROOT)}/pytest-*.log")
        with ThreadPoolExecutor(workers) as pool:
            statuses = list(pool.map(lambda tiers: run_session(tiers, LOGS / f"pytest-{tiers[0]}.log"), planned))
    failed = [" ".join(tiers) for tiers, status in zip(planned, statuses, strict=True) if status]
    if failed and len(planned) > 1:
        tell(f"Failed: {', '.join(failed)}")
    return max(statuses, key=abs)


def run_session(tiers: list[str], log: Path | None) -> int:
    """Run tiers in one pytest session and return its exit status; with `log`, print its output only at the end."""
    environment = dict(os.environ)
    if "web" in tiers and (path := browser()):
        environment[BROWSER_VARIABLE] = path
    folders = [f"tests/{tier}" for tier in tiers]
    command = [sys.executable, "-m", "pytest", *folders]
    if log is None:
        tell(" ".join(folders))
        return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        status = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        ).returncode
    said = log.read_text(errors="replace")
    tell("\n".join([" ".join(folders), said.rstrip() if status else without_progress(said)]))
    return status


def without_progress(said: str) -> str:
    """Return the output of a session without pytest's progress lines."""
    return "\n".join(line for line in said.splitlines() if not PROGRESS.fullmatch(line))


def main(chosen: list[str]) -> int:
    """Run the chosen tiers, or all of them; return an exit status, 2 for an unknown tier."""
    try:
        return run_sessions(sessions(chosen))
    except StepError as error:
        tell(error.report())
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
