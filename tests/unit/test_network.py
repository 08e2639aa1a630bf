"""Unit tests cannot reach the network, so that none depends on it."""

import socket
import urllib.request

import pytest

from tests.conftest import NetworkBlockedError


def test_addresses_and_names_elsewhere_are_out_of_reach() -> None:
    with pytest.raises(NetworkBlockedError), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlockedError):
        urllib.request.urlopen("http://example.org/", timeout=1)


def test_a_server_of_the_tests_own_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
