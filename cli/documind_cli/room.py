"""Rooms found by name; a room that reconnects: after a lost connection it is opened again, as on the web page."""

import random
import time
from collections.abc import Callable
from typing import Self

from websockets.exceptions import InvalidStatus, WebSocketException

from documind import wire
from documind.errors import Code
from documind.ids import new_random_id, normalised_name
from documind.wire import ClientFrame, ErrorFrame, Opened, Ping, ServerFrame
from documind_cli.client import Client
from documind_cli.terminal import UseError

PING_INTERVAL_S = 4 * 60  # API Gateway closes a connection after 10 idle minutes
LIFETIME_S = 110 * 60  # API Gateway closes every connection after 2 hours
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 15.0
GIVE_UP_AFTER_S = 120.0  # without a connection
Connect = Callable[[bool], Client]  # (whether to renew the token) -> a new connection


def find_room(client: Client, name: str) -> wire.Room | None:
    """Return the room with this name (or id) that the user can see, the user's own first; None if there is none.

    Raises UseError when several shared rooms have the name.
    """
    found = [
        room for room in client.rooms() if room.chat_id == name or normalised_name(room.name) == normalised_name(name)
    ]
    own = [room for room in found if room.role == "owner"]
    if len(found) > 1 and not own:
        ids = ", ".join(f"{room.chat_id} ({room.role})" for room in found)
        raise UseError(f"Several rooms named {name} are shared with you; give the id of one instead: {ids}.")
    return next(iter(own or found), None)


class Room:
    """The room and its current connection. Raises the error of `connect` when reconnecting fails for two minutes."""

    def __init__(self, connect: Connect, name: str) -> None:
        """Open the room of this name or id; create it if there is none."""
        self._connect = connect
        self.client = connect(False)
        try:
            found = find_room(self.client, name)
            self.opened = self.client.open(chat_id=found.chat_id) if found else self.client.open(name)
        except BaseException:
            self.client.close()
            raise
        self._ping_at = time.monotonic() + PING_INTERVAL_S
        self._replace_at = time.monotonic() + LIFETIME_S

    @property
    def chat_id(self) -> str:
        return self.opened.chat_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def send(self, frame: ClientFrame) -> None:
        """Send a frame. On a lost connection nothing is raised: the caller resends when `receive` returns `opened`."""
        try:
            self.client.send(frame)
        except (OSError, WebSocketException):
            return  # the next `receive` reconnects

    def receive(self, timeout_s: float) -> ServerFrame | None:
        """Return the next frame, None when none arrives in time; after a lost connection it reconnects: `opened`."""
        if time.monotonic() >= self._ping_at:
            self._ping_at = time.monotonic() + PING_INTERVAL_S
            self.send(Ping(request_id=new_random_id()))
        if time.monotonic() >= self._replace_at:
            return self._open_again(renew=True)
        try:
            frame = self.client.receive(timeout_s)
        except TimeoutError:
            return None
        except (OSError, WebSocketException):
            return self._open_again(renew=False)
        if isinstance(frame, ErrorFrame) and frame.code is Code.NOT_SIGNED_IN:  # the token has run out
            return self._open_again(renew=True)
        return frame

    def _open_again(self, *, renew: bool) -> Opened:
        self.client.close()
        give_up_at, delay_s = time.monotonic() + GIVE_UP_AFTER_S, FIRST_DELAY_S
        while True:
            try:
                self.client = self._connect(renew)
                self.opened = self.client.open(chat_id=self.chat_id)
            except (OSError, WebSocketException) as error:
                self.client.close()
                if time.monotonic() >= give_up_at:
                    raise
                renew = isinstance(error, InvalidStatus)  # the authorizer refused the token
            else:
                self._replace_at = time.monotonic() + LIFETIME_S
                return self.opened
            time.sleep(delay_s * random.uniform(0.5, 1))  # noqa: S311 - jitter
            delay_s = min(2 * delay_s, LONGEST_DELAY_S)
