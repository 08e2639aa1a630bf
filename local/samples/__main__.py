"""`python -m local.samples`: prints the PDFs of this folder and of tests/data from their HTML sources.

Needs Chromium and the fonts Noto Sans and Noto Sans CJK.
"""

import subprocess
import sys
from pathlib import Path

from local.run_tests import BROWSERS, first_of

_FOLDERS = (Path(__file__).parent, Path(__file__).parents[2] / "tests" / "data")


def main() -> int:
    browser = first_of(BROWSERS)
    if browser is None:
        sys.stderr.write(f"No browser found; one of these is needed: {', '.join(BROWSERS)}.\n")
        return 1
    for source in sorted(path for folder in _FOLDERS for path in folder.glob("*.html")):
        target = source.with_suffix(".pdf")
        options = ["--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
        subprocess.run([browser, *options, source.as_uri()], check=True, capture_output=True, timeout=60)
        sys.stdout.write(f"{target.name}: {target.stat().st_size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
