"""`$disconnect`: API Gateway delivers it by best effort, so messages that it missed are kept when they expire."""

import logging
from typing import Any

from documind import logs
from documind.room_services import RoomServices
from documind.wire import route_refusal
from flush_history.services import services

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Clean up after one connection."""
    request = event["requestContext"]
    connection_id = request["connectionId"]
    logs.append_keys(connection_id=connection_id)
    if request["eventType"] == "DISCONNECT":
        disconnect(services(), connection_id)
    else:  # a client can name this route in a frame
        services().sockets.post(connection_id, route_refusal(event))
    return {"statusCode": 200}


def disconnect(services: RoomServices, connection_id: str) -> None:
    """Delete the connection, broadcast the presence, end overdue questions, and flush up to the first open question."""
    ended = services.connections.remove(connection_id)
    if ended is None:
        return
    chat_id, user_id = ended
    services.broadcast_departure(chat_id, user_id)
    for question in services.questions.open_in(chat_id):
        services.broadcast_end(question, services.questions.end_overdue(question))
    moved = services.history.flush(chat_id)
    logger.info("live messages were flushed", extra={"chat_id": chat_id, "messages": moved})
