"""The command line's connection to a room: pinged before the idle timeout, replaced before its greatest age."""

import json
from collections import deque
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from websockets.exceptions import ConnectionClosedError

from documind import wire
from documind.wire import Opened, Pong
from documind_cli import commands
from documind_cli import room as module
from documind_cli.client import Client
from documind_cli.room import LIFETIME_S, PING_INTERVAL_S, Room
from documind_cli.terminal import Terminal, UseError

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

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


class ScriptedConnection:
    """A WebSocket that opens the room and receives scripted frames; `refuses` is raised instead of opening.

    `rooms` are those of the user.
    """

    def __init__(self, *, refuses: Exception | None = None, rooms: Sequence[wire.Room] = ()) -> None:
        self.sent: list[str] = []
        self.opened: list[dict[str, str]] = []
        self.coming: deque[str | Exception] = deque()
        self.is_closed = False
        self._refuses = refuses
        self._rooms = list(rooms)

    def send(self, text: str) -> None:
        frame = json.loads(text)
        if frame["type"] == "room.list":
            self.coming.append(wire.Rooms(request_id=frame["request_id"], rooms=self._rooms).model_dump_json())
        elif frame["type"] == "open":
            self.opened.append({key: frame[key] for key in ("room", "chat_id") if key in frame})
            self.coming.append(self._refuses or json.dumps({**OPENED, "request_id": frame["request_id"]}))
        else:
            self.sent.append(frame["type"])

    def recv(self, timeout_s: float, *, decode: bool) -> str:  # noqa: ARG002
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


def opened_with(*connections: ScriptedConnection) -> tuple[Room, list[bool]]:
    """Return a room that uses these connections in turn, and a list of whether each was to renew its token."""
    waiting, renewals = deque(connections), list[bool]()

    def connect(renew: bool) -> Client:
        renewals.append(renew)
        return Client(cast("ClientConnection", waiting.popleft()))

    return Room(connect, "Physics"), renewals


def test_it_sends_a_ping_before_the_idle_timeout(now: list[float]) -> None:
    connection = ScriptedConnection()
    room, _ = opened_with(connection)
    assert room.receive(1) is None
    assert connection.sent == []
    now[0] += PING_INTERVAL_S
    connection.coming.append(Pong().model_dump_json())
    assert isinstance(room.receive(1), Pong)
    assert room.receive(1) is None
    assert connection.sent == ["ping"]
    assert PING_INTERVAL_S < 10 * 60


def test_it_is_replaced_before_api_gateway_closes_it(now: list[float]) -> None:
    first, second = ScriptedConnection(), ScriptedConnection()
    room, renewals = opened_with(first, second)
    now[0] += LIFETIME_S
    assert isinstance(room.receive(1), Opened)
    assert first.is_closed
    assert renewals == [False, True]
    assert room.receive(1) is None
    assert LIFETIME_S < 2 * 3600


@pytest.mark.usefixtures("now")
def test_a_lost_connection_is_replaced_and_none_is_left_open() -> None:
    lost, unlucky, last = (
        ScriptedConnection(),
        ScriptedConnection(refuses=ConnectionClosedError(None, None)),
        ScriptedConnection(),
    )
    room, _ = opened_with(lost, unlucky, last)
    lost.coming.append(ConnectionClosedError(None, None))
    assert isinstance(room.receive(1), Opened)
    assert (lost.is_closed, unlucky.is_closed, last.is_closed) == (True, True, False)
    assert [each.opened for each in (lost, unlucky, last)] == [[{"room": "Physics"}], *[[{"chat_id": "c1"}]] * 2]


OWN = wire.Room(chat_id="own", name="physics", role="owner")
OTHER = wire.Room(chat_id="other", name="Biology", role="owner")
SHARED = wire.Room(chat_id="shared", name="PHYSICS", role="writer")
ALSO_SHARED = wire.Room(chat_id="also-shared", name="Physics", role="reader")


@pytest.mark.parametrize(
    ("name", "rooms", "opened"),
    [
        ("Physics", [OTHER], {"room": "Physics"}),  # is created
        ("Physics", [OTHER, SHARED], {"chat_id": "shared"}),
        ("Physics", [SHARED, OWN, ALSO_SHARED], {"chat_id": "own"}),
        ("also-shared", [SHARED, ALSO_SHARED], {"chat_id": "also-shared"}),
    ],
)
def test_a_room_is_found_by_its_name_or_id_the_user_s_own_first(
    name: str, rooms: list[wire.Room], opened: dict[str, str]
) -> None:
    connection = ScriptedConnection(rooms=rooms)
    Room(lambda _renew: Client(cast("ClientConnection", connection)), name)
    assert connection.opened == [opened]


def test_of_several_shared_rooms_of_one_name_the_ids_are_told() -> None:
    connection = ScriptedConnection(rooms=[SHARED, ALSO_SHARED])
    with pytest.raises(UseError, match=r"shared \(writer\), also-shared \(reader\)"):
        Room(lambda _renew: Client(cast("ClientConnection", connection)), "Physics")
    assert connection.opened == []
    assert connection.is_closed


@pytest.mark.parametrize(
    ("role", "told"), [("writer", "Physics is a room of bob, which is shared with you.\n"), ("owner", "")]
)
def test_it_is_told_that_a_room_is_somebody_else_s(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], role: str, told: str
) -> None:
    bob = {"user_id": "b", "name": "bob", "role": "owner", "here": False}
    opened = Opened.model_validate({**OPENED, "role": role, "members": [bob]})
    monkeypatch.setattr(commands, "Room", lambda *_: SimpleNamespace(opened=opened))
    commands.opened_room(Terminal(user="ann"), "Physics")
    assert capsys.readouterr().err == told
