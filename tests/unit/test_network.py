"""Unit tests cannot reach the network."""

import socket
import urllib.request

import pytest

from tests.conftest import NetworkBlockedError


def test_other_addresses_and_names_are_unreachable() -> None:
    with pytest.raises(NetworkBlockedError), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlockedError):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_a_server_on_this_machine_is_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
