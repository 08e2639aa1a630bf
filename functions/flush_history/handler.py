"""`$disconnect`: API Gateway delivers it by best effort, so messages that it missed are kept when they expire."""

from typing import TYPE_CHECKING, Any

from documind import logs
from documind.errors import Code, InvalidRequestError
from documind.wire import body_of, refusal
from flush_history.disconnect import disconnect
from flush_history.services import services

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, int]:
    """Clean up after one connection."""
    request = event["requestContext"]
    connection_id = request["connectionId"]
    logs.append_keys(connection_id=connection_id)
    if request["eventType"] != "DISCONNECT":  # a client can name this route in a frame
        error = InvalidRequestError(Code.FRAME_UNKNOWN)
        language = request["authorizer"]["language"]
        services().sockets.post(connection_id, refusal(body_of(event), error, language))
        return {"statusCode": 200}
    disconnect(services(), connection_id)
    return {"statusCode": 200}
