"""The end of a connection: its room gets the new presence, overdue questions end, live messages are flushed."""

import logging

from documind.room_services import RoomServices

logger = logging.getLogger(__name__)


def disconnect(services: RoomServices, connection_id: str) -> None:
    """Delete the connection and flush the room that it had open, up to the first open question."""
    ended = services.connections.remove(connection_id)
    if ended is None:
        return
    chat_id, user_id = ended
    services.broadcast_departure(chat_id, user_id)
    for question in services.questions.open_in(chat_id):
        services.broadcast_end(question, services.questions.end_overdue(question))
    moved = services.history.flush(chat_id)
    logger.info("live messages were flushed", extra={"chat_id": chat_id, "messages": moved})
