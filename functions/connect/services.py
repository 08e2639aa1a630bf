"""What connections are registered with."""

from dataclasses import dataclass
from functools import cache

import boto3

from documind.clients.sockets import Sockets
from documind.settings import ConnectSettings, load
from documind.stores.accounts import Accounts
from documind.stores.connections import Connections


@dataclass(frozen=True)
class Services:
    """The stores and sockets of this function."""

    accounts: Accounts
    connections: Connections
    sockets: Sockets


@cache
def services() -> Services:
    """Make the real ones, once."""
    settings = load(ConnectSettings)
    table = boto3.resource("dynamodb").Table(settings.rooms_table)
    connections = Connections(table)
    return Services(Accounts(table), connections, Sockets.from_settings(settings, connections))
