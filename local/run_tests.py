"""`python -m local.run_tests [TIER...]`: tests by tier, one session after the other; used by `make test`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.steps import StepError, tell

ROOT = Path(__file__).resolve().parent.parent
# On two cores, in the short form; printed beside what each took, never a reason to fail.
BUDGETS_S = {"unit": 30, "functional": 60, "infra": 60, "search": 60, "e2e": 180, "web": 150, "faults": 60}
SESSIONS = (
    ("unit",),
    ("functional",),
    ("infra",),
    ("search",),
    ("e2e", "web", "faults"),
)  # one deployed system at last
LONG_SESSIONS = (("bare",),)
LONG_VARIABLE = "DOCUMIND_LONG"  # set by `make test-long`
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_VARIABLE = "DOCUMIND_BROWSER"  # path of the browser; unset: Playwright's own


def browser() -> str | None:
    """Path of a browser of this machine, installed now if root of a Debian may; None for Playwright's own.

    Raises StepError when neither can be had.
    """
    if found := next((path for name in BROWSERS if (path := shutil.which(name))), None):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        tell("No browser here: installing Debian's chromium and a font for Chinese.")
        quietly(["apt-get", "update"])
        quietly(["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-cjk"])
        if found := shutil.which("chromium"):
            return found
    tell("No browser here: installing Playwright's chromium.")
    if quietly([sys.executable, "-m", "playwright", "install", "chromium"]) != 0:
        raise StepError("Installing a browser", "install one: `apt-get install chromium fonts-noto-cjk`, or Chrome")
    return None


def quietly(command: list[str]) -> int:
    """Run a command with its output in a log; return its exit status."""
    log = ROOT / ".state" / "logs" / "install-browser.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("ab") as output:
        return subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ).returncode


def is_long() -> bool:
    """True if tests run at full size."""
    return bool(os.environ.get(LONG_VARIABLE))


def sessions(chosen: list[str]) -> list[list[str]]:
    """The tiers to run, by the pytest session that they share; raises StepError for a tier that there is not.

    None chosen means all but `unit`, which `make check` has run.
    """
    offered = SESSIONS + LONG_SESSIONS if is_long() else SESSIONS
    known = [tier for session in offered for tier in session]
    if unknown := [tier for tier in chosen if tier not in known]:
        raise StepError("Choosing tests", f"no tier is called {', '.join(unknown)}; there are: {' '.join(known)}")
    wanted = chosen or [tier for tier in known if tier != "unit"]
    return [tiers for session in offered if (tiers := [tier for tier in session if tier in wanted])]


def run_session(tiers: list[str]) -> int:
    """Run tiers in one session of pytest; return its exit status."""
    environment = dict(os.environ)
    if "web" in tiers and (path := browser()):
        environment[BROWSER_VARIABLE] = path
    folders = [f"tests/{tier}" for tier in tiers]
    tell(" ".join(folders))
    return subprocess.run([sys.executable, "-m", "pytest", *folders], check=False, cwd=ROOT, env=environment).returncode


def main(chosen: list[str]) -> int:
    """Run the chosen tiers, or else all; stop at the first session that fails."""
    try:
        return next((status for tiers in sessions(chosen) if (status := run_session(tiers))), 0)
    except StepError as error:
        tell(error.report())
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
