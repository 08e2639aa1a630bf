"""Faults that tests switch on, and counters that tell what the clients of the server did."""

import threading
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Endpoint = Literal["chat", "embeddings"]
Event = Literal["requests", "completed", "refused", "cut", "aborted", "pieces"]


class Fault(BaseModel):
    """What goes wrong with a request; the fields combine. A piece is one text delta, or one input that is embedded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: int | None = Field(None, ge=400, le=599, description="Answer with this HTTP status instead of a result.")
    retry_after: int | None = Field(None, ge=0, description="Seconds, sent as Retry-After with `status`.")
    delay_s: float = Field(0.0, ge=0, description="Wait before the first byte.")
    delay_per_piece_s: float = Field(0.0, ge=0, description="Wait before each piece.")
    silent: bool = Field(False, description="Take the request and never answer it.")
    cut_after_pieces: int | None = Field(None, ge=0, description="Close the connection after so many pieces.")
    times: int | None = Field(None, ge=1, description="Requests until it heals by itself; none: until replaced.")


class Faults(BaseModel):
    """The body of PUT and GET /faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chat: Fault | None = None
    embeddings: Fault | None = None


class FaultBoard:
    """The faults that are switched on now; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults = Faults()

    def replace(self, faults: Faults) -> None:
        with self._lock:
            self._faults = faults

    def current(self) -> Faults:
        with self._lock:
            return self._faults

    def take(self, endpoint: Endpoint) -> Fault:
        """Return the fault that a request meets, using up one of its `times`; a Fault of nothing if none is on."""
        with self._lock:
            fault: Fault | None = getattr(self._faults, endpoint)
            if fault is None:
                return Fault()
            if fault.times is not None:
                left = fault.model_copy(update={"times": fault.times - 1}) if fault.times > 1 else None
                self._faults = self._faults.model_copy(update={endpoint: left})
            return fault


class Counters:
    """How many requests came and how they ended.

    Of the `requests` some were `completed`, `refused` with an error status, `cut` by a fault, or `aborted` by the
    client; the others are still running. `pieces` are those generated: after an abort they no longer grow.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        events: tuple[Event, ...] = ("requests", "completed", "refused", "cut", "aborted", "pieces")
        self._counts: dict[Endpoint, dict[Event, int]] = {
            "chat": dict.fromkeys(events, 0),
            "embeddings": dict.fromkeys(events, 0),
        }

    def add(self, endpoint: Endpoint, event: Event) -> None:
        with self._lock:
            self._counts[endpoint][event] += 1

    def snapshot(self) -> dict[Endpoint, dict[Event, int]]:
        with self._lock:
            return {endpoint: dict(counts) for endpoint, counts in self._counts.items()}
