"""The ports of one local system: all follow from one number, and a taken one is named before anything starts."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from local.steps import StepError

DEFAULT_BASE = 8300
HIGHEST_SEARCH_PORT = 9299  # above it OpenSearch's runner ends without a word
HIGHEST_BASE = HIGHEST_SEARCH_PORT - 4
LOWEST_BASE = 1024
TEST_BASES = range(7000, DEFAULT_BASE, 10)
CLAIM = 3  # from the base: the port of a block that no part listens on


@dataclass(frozen=True)
class Ports:
    """Where the parts of one local system listen on 127.0.0.1."""

    website: int
    aws: int
    models: int
    search: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Lay the ports out from PORT_BASE; raises StepError when OpenSearch could not listen there."""
        if not LOWEST_BASE <= base <= HIGHEST_BASE:
            raise StepError("Choosing ports", f"PORT_BASE must be from {LOWEST_BASE} to {HIGHEST_BASE}, not {base}")
        return cls(website=base, aws=base + 1, models=base + 2, search=base + 4)

    def taken(self) -> list[tuple[str, int]]:
        """Names and numbers of those ports on which something listens already."""
        return [
            (field.name, getattr(self, field.name))
            for field in fields(self)
            if not can_listen(getattr(self, field.name))
        ]

    def require_free(self) -> None:
        """Raise StepError naming a taken port and how to choose others."""
        for name, port in self.taken():
            raise StepError(
                "Choosing ports",
                f"port {port} (for: {name}) is taken.\n"
                f"Stop what listens there, or choose other ports: make run PORT_BASE={suggested_base(self.website)}",
            )


@contextmanager
def claimed_ports() -> Iterator[Ports]:
    """Ports of a test run's own: as long as they are claimed no other run takes them, also of another checkout.

    The claim is a port of the block on which only one process can listen; it ends with that process, however it ends.
    """
    first = os.getpid() % len(TEST_BASES)  # spread, so that two runs seldom try the same
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


def suggested_base(base: int) -> int:
    return base + 100 if base + 100 <= HIGHEST_BASE else DEFAULT_BASE


def can_listen(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listens on now, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
