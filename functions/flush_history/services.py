"""The stores and sockets of this function."""

from functools import cache

from documind.room_services import RoomServices
from documind.settings import FlushHistorySettings, load


@cache
def services() -> RoomServices:
    """Make the services from the settings, once for each execution environment."""
    return RoomServices.from_settings(load(FlushHistorySettings))
