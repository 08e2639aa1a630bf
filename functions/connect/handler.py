"""`$connect`: registers the connection of a user whom the authorizer has let in."""

from typing import Any

from connect.services import accounts, connections
from documind.wire import User


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Keep the connection; frames can be posted to it only once this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    user = User(user_id=caller["user_id"], name=caller["user_name"])
    connections().register(request["connectionId"], user.user_id, user.name, token_expires_at=int(caller["expires_at"]))
    accounts().signed_in(user)
    return {"statusCode": 200}
