"""Rate limit of frames: a token bucket for each connection, in the memory of this execution environment."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from documind.errors import Code, LimitExceededError
from documind.limits import BURST_FRAMES, FRAMES_PER_S

MAX_CONNECTIONS = 10_000  # about 3 MB; the bucket unused for the longest is dropped first


@dataclass
class Bucket:
    """How many frames a connection could send at once at the time `at` (seconds of the clock)."""

    frames: float
    at: float


class Rate:
    """The buckets of all connections; a check makes no request, so a refused frame costs only its invocation."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, connection_id: str) -> None:
        """Count a frame; raises LimitExceededError(RATE_LIMITED) when the connection sends too many."""
        now = self._clock()
        bucket = self._buckets.setdefault(connection_id, Bucket(BURST_FRAMES, now))
        self._buckets.move_to_end(connection_id)
        if len(self._buckets) > MAX_CONNECTIONS:
            self._buckets.popitem(last=False)
        bucket.frames = min(bucket.frames + (now - bucket.at) * FRAMES_PER_S, BURST_FRAMES)
        bucket.at = now
        if bucket.frames < 1:
            wait_s = math.ceil((1 - bucket.frames) / FRAMES_PER_S)
            raise LimitExceededError(Code.RATE_LIMITED, retry_after_s=wait_s, seconds=wait_s)
        bucket.frames -= 1
