"""The end of a connection: the others see who left, and what was said moves into durable history."""

import logging

from documind.room_services import RoomServices

logger = logging.getLogger(__name__)


def disconnect(services: RoomServices, connection_id: str) -> None:
    """Delete the connection and flush the room it had open, up to the first question that has not ended."""
    ended = services.connections.remove(connection_id)
    if ended is None:
        return
    chat_id, user_id = ended
    services.broadcast_departure(chat_id, user_id)
    for question in services.questions.open_in(chat_id):
        services.broadcast_end(question, services.questions.end_overdue(question))
    moved = services.history.flush(chat_id)
    logger.info("live messages became history", extra={"chat_id": chat_id, "messages": moved})
