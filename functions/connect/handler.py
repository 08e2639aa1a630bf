"""`$connect`: registers the connection of a user whom the authorizer has let in."""

from typing import TYPE_CHECKING, Any

from connect.services import accounts, connections
from documind import logs
from documind.wire import User

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, int]:
    """Keep the connection; frames can be posted to it only once this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    logs.append_keys(connection_id=request["connectionId"])
    user = User(user_id=caller["user_id"], name=caller["user_name"])
    connections().register(request["connectionId"], user.user_id, user.name, token_expires_at=int(caller["expires_at"]))
    accounts().signed_in(user)
    return {"statusCode": 200}
