"""`$disconnect`: best effort on AWS, so what it does also happens when live messages expire."""

from typing import TYPE_CHECKING, Any

from documind import logs
from flush_history.disconnect import disconnect
from flush_history.services import services

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, int]:
    """End one connection."""
    connection_id = event["requestContext"]["connectionId"]
    logs.append_keys(connection_id=connection_id)
    disconnect(services(), connection_id)
    return {"statusCode": 200}
