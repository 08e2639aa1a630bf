"""The stores and sockets of this function."""

from dataclasses import dataclass
from functools import cache

from documind.clients import aws
from documind.clients.sockets import Sockets
from documind.settings import ConnectSettings, load
from documind.stores.accounts import AccountStore
from documind.stores.connections import ConnectionStore
from documind.stores.items import ItemTable


@dataclass(frozen=True)
class Services:
    """The stores and sockets of this function."""

    accounts: AccountStore
    connections: ConnectionStore
    sockets: Sockets


@cache
def services() -> Services:
    """Make the services from the settings, once for each execution environment."""
    settings = load(ConnectSettings)
    table = ItemTable(aws.tables().Table(settings.rooms_table))
    connections = ConnectionStore(table)
    return Services(AccountStore(table), connections, Sockets.from_settings(settings, connections))
