"""The ports of one local system, all derived from PORT_BASE and checked before anything starts."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from local.steps import StepError

DEFAULT_BASE = 8300
HIGHEST_SEARCH_PORT = 9299  # above it OpenSearch's runner exits without a message
HIGHEST_BASE = HIGHEST_SEARCH_PORT - 4
LOWEST_BASE = 1024  # ports below it need privileges
TEST_BASES = range(7000, DEFAULT_BASE, 10)  # of test runs, below those of `make run`
CLAIM = 3  # offset of a port that no service of the block uses (see `claimed_ports`)


@dataclass(frozen=True)
class Ports:
    """The ports on 127.0.0.1 of the services of one local system."""

    website: int
    aws: int
    models: int
    search: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Derive the ports from PORT_BASE; raises StepError when it is out of range."""
        if not LOWEST_BASE <= base <= HIGHEST_BASE:
            raise StepError("Choosing ports", f"PORT_BASE must be from {LOWEST_BASE} to {HIGHEST_BASE}, not {base}")
        return cls(website=base, aws=base + 1, models=base + 2, search=base + 4)

    def taken(self) -> list[tuple[str, int]]:
        """Return names and numbers of the ports on which another process listens."""
        return [(name, port) for name, port in asdict(self).items() if not can_listen(port)]

    def require_free(self) -> None:
        """Raise StepError naming a taken port and how to choose others."""
        next_base = self.website + 100 if self.website + 100 <= HIGHEST_BASE else DEFAULT_BASE
        for name, port in self.taken():
            raise StepError(
                "Choosing ports",
                f"port {port} (for: {name}) is taken.\n"
                f"Stop what listens there, or choose other ports: make run PORT_BASE={next_base}",
            )


@contextmanager
def claimed_ports() -> Iterator[Ports]:
    """Yield ports that no other test run on this machine uses meanwhile, not even one of another checkout.

    The claim is a listening socket on an unused port of the block; the system releases it when the process ends.
    """
    first = os.getpid() % len(TEST_BASES)  # so that concurrent runs seldom try the same block
    for base in (*TEST_BASES[first:], *TEST_BASES[:first]):
        with socket.socket() as claim:
            try:
                claim.bind(("127.0.0.1", base + CLAIM))
                claim.listen()
            except OSError:
                continue
            ports = Ports.from_base(base)
            if not ports.taken():
                yield ports
                return
    raise StepError("Choosing ports", f"none are free from {TEST_BASES.start} to {TEST_BASES.stop}")


def can_listen(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a free port, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
