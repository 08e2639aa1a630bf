"""How long the local run takes to start and to stop when everything is installed."""

import time
from collections.abc import Callable

from bench.system import deployed_system


def run() -> None:
    """Print the seconds of a first start, of the stop, and of a start on kept data."""
    started = time.monotonic()
    with deployed_system() as (system, _deployed):
        first_s = time.monotonic() - started
        stop_s = seconds_of(system.stop)
        again_s = seconds_of(system.start)
    print("| the local run | seconds |\n|---|---|")
    for what, seconds in (("first start", first_s), ("stop", stop_s), ("start again", again_s)):
        print(f"| {what} | {seconds:.1f} |")


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started
