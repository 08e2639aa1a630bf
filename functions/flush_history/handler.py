"""`$disconnect`: best effort on AWS, so what it does also happens when live messages expire."""

from typing import Any

from aws_lambda_powertools import Logger

from flush_history.disconnect import disconnect
from flush_history.services import services

logger = Logger(service="flush_history")


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """End one connection."""
    disconnect(services(), event["requestContext"]["connectionId"])
    return {"statusCode": 200}
