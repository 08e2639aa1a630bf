"""`python -m local.run_tests`: the tests beyond `make check`, one kind after the other; used by `make test`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.steps import StepError, tell

ROOT = Path(__file__).resolve().parent.parent
KINDS = (["functional"], ["infra"], ["search"], ["e2e", "web"])  # the last two share one deployed system
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
        raise StepError("Installing a browser", "the page's tests need Chromium or Chrome on the PATH")
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


def main(chosen: list[str]) -> int:
    """Run the chosen kinds at once, or else all, one after the other; stop at the first that fails."""
    for kinds in [chosen] if chosen else KINDS:
        environment = dict(os.environ)
        if "web" in kinds:
            try:
                path = browser()
            except StepError as error:
                tell(error.report())
                return 1
            environment |= {BROWSER_VARIABLE: path} if path else {}
        folders = [f"tests/{kind}" for kind in kinds]
        tell(" ".join(folders))
        status = subprocess.run(
            [sys.executable, "-m", "pytest", *folders], check=False, cwd=ROOT, env=environment
        ).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
