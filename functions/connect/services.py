"""What connections are registered with."""

from functools import cache
from typing import TYPE_CHECKING

import boto3

from documind.settings import ConnectSettings, load
from documind.stores.accounts import Accounts
from documind.stores.connections import Connections

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


@cache
def connections() -> Connections:
    """Make the real one, once."""
    return Connections(_table())


@cache
def accounts() -> Accounts:
    """Make the real one, once."""
    return Accounts(_table())


@cache
def _table() -> "Table":
    return boto3.resource("dynamodb").Table(load(ConnectSettings).rooms_table)
