"""Warming up before a question comes: the start of this process, and the search behind it."""

import logging

from answer.services import Services
from documind.clients.search import RoomScope
from documind.errors import UnavailableError

NO_ROOM = RoomScope("none", ("none",))

logger = logging.getLogger(__name__)


def warm(services: Services) -> None:
    """Send the search a request that finds nothing: a sleeping one wakes, and the connection is open."""
    try:
        services.search.count(NO_ROOM)
    except UnavailableError as error:
        logger.warning("the search could not be woken", extra={"code": error.code.value})
