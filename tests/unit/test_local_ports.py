"""All ports are derived from one number, and a taken one is named."""

import socket

import pytest

from local.ports import Ports, claimed_ports
from local.steps import StepError


def test_all_ports_follow_from_the_base() -> None:
    assert Ports.from_base(8300) == Ports(website=8300, aws=8301, models=8302, search=8304)


@pytest.mark.parametrize("base", [80, 9296])
def test_a_base_that_opensearch_cannot_use_is_refused(base: int) -> None:
    with pytest.raises(StepError, match="PORT_BASE must be from 1024 to 9295"):
        Ports.from_base(base)


def test_a_taken_port_is_named_with_a_remedy() -> None:
    with claimed_ports() as ports:
        with socket.socket() as holder:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind(("127.0.0.1", ports.aws))
            holder.listen()
            with pytest.raises(StepError) as failure:
                ports.require_free()
        message = str(failure.value)
        assert f"port {ports.aws} (for: aws)" in message
        assert f"PORT_BASE={ports.website + 100}" in message
        ports.require_free()


def test_claimed_ports_are_given_to_nobody_else() -> None:
    with claimed_ports() as first, claimed_ports() as second:  # both start with the same ports, being in one process
        assert first != second
        first.require_free()
        second.require_free()
