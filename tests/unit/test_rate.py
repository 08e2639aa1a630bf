"""The rate limit of frames per connection: a burst, then a number per second."""

import pytest

from documind.errors import Code, DocumindError
from documind.limits import BURST_FRAMES, FRAMES_PER_S
from message.rate import Rate


class Clock:
    """A clock that tests advance."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def allowed(rate: Rate, connection_id: str, frames: int) -> int:
    """Return how many of `frames` frames are allowed."""
    for number in range(frames):
        try:
            rate.check(connection_id)
        except DocumindError:
            return number
    return frames


def test_a_burst_is_allowed_and_then_a_number_per_second() -> None:
    clock = Clock()
    rate = Rate(clock)
    assert allowed(rate, "ann", BURST_FRAMES + 5) == BURST_FRAMES
    clock.now_s += 1
    assert allowed(rate, "ann", 2 * FRAMES_PER_S) == FRAMES_PER_S
    clock.now_s += 3600
    assert allowed(rate, "ann", BURST_FRAMES + 5) == BURST_FRAMES


def test_a_flood_is_told_when_to_retry_and_does_not_affect_other_connections() -> None:
    rate = Rate(Clock())
    allowed(rate, "ann", BURST_FRAMES)
    with pytest.raises(DocumindError) as caught:
        rate.check("ann")
    assert (caught.value.code, caught.value.retry_after_s) == (Code.RATE_LIMITED, 1)
    assert allowed(rate, "bob", 1) == 1


def test_the_least_recently_active_connection_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("message.rate.MAX_CONNECTIONS", 2)
    monkeypatch.setattr("message.rate.BURST_FRAMES", 1)
    rate = Rate(Clock())
    assert [allowed(rate, name, 1) for name in ("ann", "bob", "ann", "eve")] == [1, 1, 0, 1]
    assert [allowed(rate, name, 1) for name in ("ann", "bob")] == [0, 1]
