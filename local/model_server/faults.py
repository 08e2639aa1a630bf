"""Faults that tests switch on, and counts of what the clients of the server did."""

import threading
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, RootModel

Endpoint = Literal["chat", "embeddings"]
Event = Literal["requests", "aborted", "pieces"]


class Fault(BaseModel):
    """What goes wrong with a request; the fields combine. A piece is one text delta, or one input that is embedded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: int | None = Field(None, ge=400, le=599, description="Answer with this HTTP status instead of a result.")
    retry_after: int | None = Field(None, ge=0, description="Seconds, sent as Retry-After with `status`.")
    delay_s: float = Field(0.0, ge=0, description="Wait before the first byte.")
    delay_per_piece_s: float = Field(
        0.0, ge=0, description="Wait before each piece; without `times`, replaced also for a request under way."
    )
    cut_after_pieces: int | None = Field(None, ge=0, description="Close the connection after so many pieces.")
    times: int | None = Field(None, ge=1, description="Requests until it heals by itself; none: until replaced.")


class Faults(RootModel[dict[Endpoint, Fault | None]]):
    """The body of PUT /faults."""


class Board:
    """The faults that are on, and counts; safe to use from many threads.

    `aborted` counts the `requests` that the client or a fault ended early; no more `pieces` are generated for them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.faults: dict[Endpoint, Fault | None] = {}
        self.counts: dict[Endpoint, dict[Event, int]] = {
            endpoint: dict.fromkeys(get_args(Event), 0) for endpoint in get_args(Endpoint)
        }

    def take(self, endpoint: Endpoint) -> Fault:
        """Return the fault of a request, and use up one of its `times`; a Fault without effect if none is on."""
        with self._lock:
            fault = self.faults.get(endpoint) or Fault()
            if fault.times is not None:
                self.faults[endpoint] = fault.model_copy(update={"times": fault.times - 1}) if fault.times > 1 else None
            return fault

    def delay_per_piece_s(self, endpoint: Endpoint, taken: Fault) -> float:
        """Return the current pace of a request that took a fault: a test may slow an answer and then release it."""
        now = taken if taken.times is not None else self.faults.get(endpoint)
        return now.delay_per_piece_s if now else 0.0

    def count(self, endpoint: Endpoint, event: Event) -> None:
        with self._lock:
            self.counts[endpoint][event] += 1
