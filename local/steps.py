"""Prints the steps of the local run: one line each, with its duration or the reason of its failure."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LAST_LINES = 12

Tell = Callable[[str], None]


class StepError(Exception):
    """A step failed: its name, the reason and its log file. The text is shown to the user."""

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
    """Print one line and flush."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(label: str, say: Tell) -> Iterator[None]:
    """Print the label and the duration of a step that succeeded."""
    started = time.monotonic()
    yield
    say(f"  {label} ({time.monotonic() - started:.1f} s)")
