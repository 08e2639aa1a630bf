"""Every frame of the protocol, one model each; routes, documentation and both ends of the socket come from here."""

from documind.wire.client import (
    CLIENT_FRAMES,
    Ask,
    ClientFrame,
    DocumentView,
    History,
    Leave,
    Open,
    Ping,
    Resume,
    RoomClientFrame,
    RoomList,
    Stop,
    Upload,
    routes,
)
from documind.wire.records import (
    ActiveQuestion,
    Citation,
    Document,
    DocumentStatus,
    Limits,
    Member,
    Message,
    Role,
    Room,
    StageName,
    User,
)
from documind.wire.server import (
    SERVER_FRAMES,
    Accepted,
    Delta,
    DocumentFrame,
    ErrorFrame,
    HistoryPage,
    Members,
    MessageFrame,
    Opened,
    Pong,
    Rooms,
    ServerFrame,
    Stage,
    UploadTarget,
    View,
)

MAX_FRAME_BYTES = 32 * 1024  # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_SNAPSHOT_BYTES = 24 * 1024  # leaves room below the 32 KB of one frame
