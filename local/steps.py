"""Steps of the local run as the person at the terminal sees them: one line each, with its time, or why it failed."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LAST_LINES = 12

Tell = Callable[[str], None]


class StepError(Exception):
    """A step failed: which, why, and where more can be read. Its text is meant for the person at the terminal."""

    def __init__(self, step: str, reason: str, log: Path | None = None) -> None:
        self.step = step
        self.reason = reason
        self.log = log
        super().__init__(f"{step}: {reason}")

    def report(self) -> str:
        """Return the sentences to show, with the last lines of the log."""
        lines = [f"{self.step} failed: {self.reason}"]
        if self.log and self.log.exists():
            last = self.log.read_text(errors="replace").rstrip().splitlines()[-LAST_LINES:]
            lines += [f"    {line}" for line in last]
            lines.append(f"The whole log: {self.log}")
        return "\n".join(lines)


def tell(line: str) -> None:
    """Print one line at once, also when the output is a file."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(label: str, say: Tell) -> Iterator[None]:
    """Say what was done and how long it took."""
    started = time.monotonic()
    yield
    say(f"  {label} ({time.monotonic() - started:.1f} s)")
