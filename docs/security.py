"""The table of rights with which `docs/security.md` begins, from the frames themselves."""

from collections.abc import Sequence

from docs.source import table
from documind.wire import RoomUnshare
from documind.wire.client import CLIENT_FRAME_CLASSES, ClientFrame

ROLES: Sequence[str] = ("owner", "writer", "reader", "stranger")
YES, NO, ONESELF = "yes", "no", "on oneself"


def right(frame: type[ClientFrame], role: str) -> str:
    """Return whether somebody with this role in a room may send a frame about it; a stranger is no member."""
    if "chat_id" not in frame.model_fields:
        return YES
    if role == "stranger":
        return NO
    if frame is RoomUnshare and role != "owner":
        return ONESELF
    refused = (frame.owner_only and role != "owner") or (frame.writes and role == "reader")
    return NO if refused else YES


def rights() -> list[str]:
    """Return the lines of the table."""
    rows = [
        (f"`{each.model_fields['type'].default}`", *(right(each, role) for role in ROLES))
        for each in CLIENT_FRAME_CLASSES
    ]
    return table(("frame", *ROLES), rows)
