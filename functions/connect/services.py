"""What connections are registered with."""

from functools import cache

import boto3

from documind.settings import ConnectSettings, load
from documind.stores.connections import Connections


@cache
def connections() -> Connections:
    """Make the real one, once."""
    return Connections(boto3.resource("dynamodb").Table(load(ConnectSettings).rooms_table))
