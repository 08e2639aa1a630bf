"""The sizes of tests: short for `make test`, full for `make test-long`."""

from typing import TypeVar

from local.run_tests import is_long

SizeT = TypeVar("SizeT")


def size(short: SizeT, long: SizeT) -> SizeT:
    """Return the value for this run: a count, a duration, a list of cases."""
    return long if is_long() else short
