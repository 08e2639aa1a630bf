"""Every frame of the protocol as a pydantic model, from which routes, JSON Schema and docs/protocol.md are made."""

from documind.wire.client import *
from documind.wire.records import *
from documind.wire.server import *

MAX_FRAME_BYTES = 32 * 1024  # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_SNAPSHOT_BYTES = 24 * 1024  # of the records in one frame; the other fields need less than the remaining 8 KB
