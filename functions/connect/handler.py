"""`$connect`: registers the connection of a user whom the authorizer has let in."""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from documind.settings import ConnectSettings, load
from documind.stores.connections import Connections

logger = Logger(service="connect")


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Keep the connection; frames can be posted to it only once this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    _connections().register(request["connectionId"], caller["user_id"], caller["user_name"])
    return {"statusCode": 200}


@cache
def _connections() -> Connections:
    return Connections(boto3.resource("dynamodb").Table(load(ConnectSettings).rooms_table))
