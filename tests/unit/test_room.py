"""A room of the command line stays open: pinged before it is idle too long, replaced before it gets too old."""

import json
from collections import deque
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from documind.wire import ClientFrame, Opened, Ping, Pong, ServerFrame
from documind_cli import room as module
from documind_cli.client import Client
from documind_cli.room import LIFETIME_S, PING_INTERVAL_S, Room

OPENED: dict[str, Any] = {
    "type": "opened",
    "request_id": "r",
    "chat_id": "c1",
    "name": "Physics",
    "role": "owner",
    "user": {"user_id": "u", "name": "ann"},
    "documents": [],
    "members": [],
    "active": [],
    "limits": {"apology_after_s": 60},
}


class ScriptedClient(Client):
    """A connection that gives what it is told; `refuses` is raised when it opens the room."""

    def __init__(self, *, refuses: Exception | None = None) -> None:
        self.sent: list[ClientFrame] = []
        self.coming: deque[ServerFrame | Exception] = deque()
        self.is_closed = False
        self._refuses = refuses

    def open(self, room: str | None = None, *, chat_id: str | None = None) -> Opened:
        assert room == "Physics" or chat_id == "c1"
        if self._refuses:
            raise self._refuses
        return Opened.model_validate_json(json.dumps(OPENED))

    def send(self, frame: ClientFrame) -> None:
        self.sent.append(frame)

    def receive(self, timeout_s: float) -> ServerFrame:  # noqa: ARG002
        if not self.coming:
            raise TimeoutError
        frame = self.coming.popleft()
        if isinstance(frame, Exception):
            raise frame
        return frame

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])  # type: ignore[attr-defined]
    monkeypatch.setattr(module.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))  # type: ignore[attr-defined]
    return clock


def opened_with(*clients: ScriptedClient) -> tuple[Room, list[bool]]:
    """Return the room on the first client, which goes on with the others, and whether each was to renew its token."""
    waiting, renewals = deque(clients), list[bool]()

    def connect(renew: bool) -> Client:
        renewals.append(renew)
        return waiting.popleft()

    return Room(connect, "Physics"), renewals


def test_it_says_something_before_it_counts_as_idle(now: list[float]) -> None:
    client = ScriptedClient()
    room, _ = opened_with(client)
    assert room.receive(1) is None
    assert client.sent == []
    now[0] += PING_INTERVAL_S
    client.coming.append(Pong())
    assert isinstance(room.receive(1), Pong)
    assert room.receive(1) is None
    assert [type(frame) for frame in client.sent] == [Ping]
    assert PING_INTERVAL_S < 10 * 60


def test_it_is_replaced_before_a_connection_of_its_age_is_closed(now: list[float]) -> None:
    first, second = ScriptedClient(), ScriptedClient()
    room, renewals = opened_with(first, second)
    now[0] += LIFETIME_S
    assert isinstance(room.receive(1), Opened)
    assert first.is_closed
    assert renewals == [False, True]
    assert room.receive(1) is None
    assert LIFETIME_S < 2 * 3600


@pytest.mark.usefixtures("now")
def test_a_lost_connection_is_replaced_and_none_is_left_open() -> None:
    lost, unlucky, last = ScriptedClient(), ScriptedClient(refuses=ConnectionClosedError(None, None)), ScriptedClient()
    room, _ = opened_with(lost, unlucky, last)
    lost.coming.append(ConnectionClosedError(None, None))
    assert isinstance(room.receive(1), Opened)
    assert (lost.is_closed, unlucky.is_closed, last.is_closed) == (True, True, False)
