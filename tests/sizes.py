"""How much of a test is run: the short form of `make test`, or the full size of `make test-long`."""

from typing import TypeVar

from local.run_tests import is_long

SizeT = TypeVar("SizeT")


def size(short: SizeT, long: SizeT) -> SizeT:
    """Return the value for this run: a count, a duration, a list of cases."""
    return long if is_long() else short
