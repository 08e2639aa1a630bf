"""`$connect`: registers the connection of a user whom the authorizer has allowed."""

from typing import TYPE_CHECKING, Any

from connect.register import register
from connect.services import services
from documind import logs
from documind.errors import Code, DocumindError
from documind.wire import User, body_of, refusal

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, int]:
    """Register the connection; frames can be posted to it only after this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    connection_id = request["connectionId"]
    logs.append_keys(connection_id=connection_id)
    if request["eventType"] != "CONNECT":  # a client can name this route in a frame
        error = DocumindError(Code.FRAME_UNKNOWN)
        services().sockets.post(connection_id, refusal(body_of(event), error, caller["language"]))
        return {"statusCode": 200}
    user = User(user_id=caller["user_id"], name=caller["user_name"])
    register(services(), connection_id, user, int(caller["expires_at"]), caller["language"])
    return {"statusCode": 200}
