"""Registers a connection and closes the user's oldest ones beyond the limit."""

from connect.services import Services
from documind.errors import Code, DocumindError
from documind.languages import Language
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.wire import User, refusal


def register(services: Services, connection_id: str, user: User, token_expires_at: int, language: Language) -> None:
    """Store a connection, and close the user's oldest ones beyond the limit.

    The oldest are closed instead of refusing the new one: otherwise connections whose `$disconnect` was lost would lock
    their user out for two hours.
    """
    services.connections.register(connection_id, user.user_id, user.name, token_expires_at=token_expires_at)
    services.accounts.signed_in(user)
    for excess in services.connections.take_excess(user.user_id):
        error = DocumindError(Code.CONNECTION_LIMIT, limit=MAX_USER_CONNECTIONS)
        services.sockets.close(excess, refusal(b"", error, language))
