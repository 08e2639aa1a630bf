"""Prints the seconds of each tier and its budget, and leaves out tests that are for the full size only."""

import time

import pytest

from local.run_tests import BUDGETS_S, is_long


class Clock:
    """Adds up the seconds of each tier; each test counts from the end of the one before, so nothing is left out."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = {}
        self._last_s = time.monotonic()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        now_s = time.monotonic()
        tier = nodeid.split("/")[1]
        self.spent_s[tier] = self.spent_s.get(tier, 0) + now_s - self._last_s
        self._last_s = now_s

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for tier, spent_s in self.spent_s.items():
            budget = "at full size" if is_long() else f"of {BUDGETS_S[tier]} s"
            terminalreporter.write_line(f"{tier:<10} {spent_s:5.0f} s {budget}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Clock())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that are marked `long`, unless tests run at full size."""
    if is_long():
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
