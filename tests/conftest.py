"""For all tests that must run anywhere: invalid credentials, and no network beyond this machine."""

import socket
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.deployed", "tests.tiers"]

TESTS = Path(__file__).parent
OFFLINE = {"unit", "functional", "attack"}
THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


class NetworkBlockedError(BaseException):
    """A test tried to reach the network; not an Exception, so that tested code does not catch it."""


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.relative_to(TESTS).parts[0] not in OFFLINE:
        return
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    _block_network(monkeypatch)


def _block_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in THIS_MACHINE:
            raise NetworkBlockedError(f"connection to {address}")
        connect(self, address)

    def look_up_here(host: Any, *arguments: Any, **keywords: Any) -> Any:
        if host not in THIS_MACHINE | {None, ""}:
            raise NetworkBlockedError(f"look-up of {host}")
        return look_up(host, *arguments, **keywords)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
