"""The browser of tests and benchmarks: the machine's own Chromium or Chrome, or else Playwright's."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

from local.run_tests import BROWSER_VARIABLE, BROWSERS


def start_browser(playwright: Playwright) -> Browser:
    """Start the browser; raises playwright's Error if there is none."""
    path = os.environ.get(BROWSER_VARIABLE) or next(filter(None, map(shutil.which, BROWSERS)), None)
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
