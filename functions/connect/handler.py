"""`$connect`: registers the connection of a user whom the authorizer has allowed."""

from typing import Any

from connect.services import services
from documind import logs
from documind.errors import Code, LimitExceededError
from documind.languages import Language
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.wire import User, refusal, route_refusal


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Register the connection; frames can be posted to it only after this has returned."""
    request = event["requestContext"]
    caller = request["authorizer"]
    connection_id = request["connectionId"]
    logs.append_keys(connection_id=connection_id)
    if request["eventType"] != "CONNECT":  # a client can name this route in a frame
        services().sockets.post(connection_id, route_refusal(event))
        return {"statusCode": 200}
    user = User(user_id=caller["user_id"], name=caller["user_name"])
    register(connection_id, user, int(caller["expires_at"]), caller["language"])
    return {"statusCode": 200}


def register(connection_id: str, user: User, token_expires_at: int, language: Language) -> None:
    """Store a connection, and close the user's oldest ones beyond the limit.

    The oldest are closed instead of refusing the new one: otherwise connections whose `$disconnect` was lost would lock
    their user out for two hours.
    """
    services().connections.register(connection_id, user.user_id, user.name, token_expires_at=token_expires_at)
    services().accounts.signed_in(user)
    for excess in services().connections.take_excess(user.user_id):
        error = LimitExceededError(Code.CONNECTION_LIMIT, limit=MAX_USER_CONNECTIONS)
        services().sockets.close(excess, refusal(b"", error, language))
