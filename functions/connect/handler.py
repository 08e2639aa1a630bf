"""`$connect`: registers the connection of a user whom the authorizer has let in."""

from typing import Any

from connect.services import connections


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Keep the connection; frames can be posted to it only once this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    connections().register(
        request["connectionId"], caller["user_id"], caller["user_name"], token_expires_at=int(caller["expires_at"])
    )
    return {"statusCode": 200}
