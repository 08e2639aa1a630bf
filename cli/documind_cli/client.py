"""A client of the WebSocket API on one connection: sends frames and waits for replies."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Self, TypeVar
from urllib.parse import urlencode

from websockets.sync.client import ClientConnection, connect

from documind import wire
from documind.ids import new_random_id
from documind.languages import Language

REPLY_TIMEOUT_S = 30.0
ERASURE_TIMEOUT_S = 300.0
FrameT = TypeVar("FrameT", bound=wire.ServerFrame)


class RefusedError(Exception):
    """The server refused a frame; `frame` holds the code and the sentence."""

    def __init__(self, frame: wire.ErrorFrame) -> None:
        super().__init__(f"{frame.code}: {frame.message}")
        self.frame = frame


class Client:
    """One connection. Frames that no call waited for are kept; `receive` and `frames` return them first.

    `seen` is called with the text of every frame. Methods raise TimeoutError when a frame does not arrive in time, and
    websockets' ConnectionClosed when the connection is lost.
    """

    def __init__(self, connection: ClientConnection, *, seen: Callable[[str], None] = lambda _: None) -> None:
        self._connection = connection
        self._seen = seen
        self._kept: deque[wire.ServerFrame] = deque()
        self.chat_id = ""  # of the room opened last

    @classmethod
    def connect(
        cls,
        websocket_url: str,
        access_token: str,
        language: Language = "en",
        *,
        seen: Callable[[str], None] = lambda _: None,
    ) -> "Client":
        """Open a connection as the user of the token."""
        query = urlencode({"token": access_token, "language": language})
        opening = connect(f"{websocket_url}?{query}", proxy=None, max_size=None, open_timeout=REPLY_TIMEOUT_S)
        return cls(ExitStack().enter_context(opening), seen=seen)  # `close` ends it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; idempotent."""
        self._connection.close()

    def send(self, frame: wire.ClientFrame) -> None:
        """Send a frame without waiting for its reply."""
        self._connection.send(frame.model_dump_json(exclude_none=True))

    def request(self, frame: wire.ClientFrame, reply: type[FrameT]) -> FrameT:
        """Send a frame and return its reply; raises RefusedError when that is an error."""
        self.send(frame)
        return self.wait_for(reply, lambda found: found.request_id == frame.request_id, request_id=frame.request_id)

    def receive(self, timeout_s: float) -> wire.ServerFrame:
        """Return the next frame, a kept one first."""
        return self._kept.popleft() if self._kept else self._receive(timeout_s)

    def frames(self, timeout_s: float = REPLY_TIMEOUT_S) -> Iterator[wire.ServerFrame]:
        """Yield all frames; raises TimeoutError when none arrives within `timeout_s`."""
        while True:
            yield self.receive(timeout_s)

    def wait_for(
        self,
        kind: type[FrameT],
        matches: Callable[[FrameT], bool],
        timeout_s: float = REPLY_TIMEOUT_S,
        *,
        request_id: str | None = None,
    ) -> FrameT:
        """Return the next frame of a kind that matches; other frames are kept.

        Raises RefusedError for an `error` frame that replies to `request_id` or to no request; without `request_id`,
        for any `error` frame.
        """
        give_up_at = time.monotonic() + timeout_s
        for kept in list(self._kept):
            if isinstance(kept, kind) and matches(kept):
                self._kept.remove(kept)
                return kept
        while True:
            frame = self._receive(give_up_at - time.monotonic())
            if isinstance(frame, kind) and matches(frame):
                return frame
            if isinstance(frame, wire.ErrorFrame) and (request_id is None or frame.request_id in {None, request_id}):
                raise RefusedError(frame)
            self._kept.append(frame)

    def open(self, room: str | None = None, *, chat_id: str | None = None) -> wire.Opened:
        """Open a room by its name (created if new) or by its id."""
        opened = self.request(wire.Open(request_id=new_random_id(), room=room, chat_id=chat_id), wire.Opened)
        self.chat_id = opened.chat_id
        return opened

    def erase(self, frame: wire.RoomDelete | wire.AccountDelete) -> wire.Receipt:
        """Request an erasure and return its receipt once it is complete.

        Raises RefusedError; TimeoutError after five minutes, while the erasure continues on the server.
        """
        receipt = self.request(frame, wire.ReceiptFrame).receipt
        if receipt.erased_at is not None:
            return receipt

        def is_complete(found: wire.ReceiptFrame) -> bool:
            return found.receipt.receipt_id == receipt.receipt_id and found.receipt.erased_at is not None

        return self.wait_for(wire.ReceiptFrame, is_complete, ERASURE_TIMEOUT_S).receipt

    def documents(self, opened: wire.Opened) -> list[wire.Document]:
        """Return the documents of the room that has just been opened, with those that did not fit the frame `opened`.

        These are posted before `history`. All frames that are read meanwhile are kept.
        """
        self._kept.append(self.wait_for(wire.HistoryFrame, lambda found: found.chat_id == opened.chat_id))
        frames = (each for each in self._kept if isinstance(each, wire.DocumentFrame))
        beside = [each.document for each in frames if each.chat_id == opened.chat_id]
        return list({each.document_id: each for each in [*opened.documents, *beside]}.values())

    def rooms(self) -> list[wire.Room]:
        """Return all rooms of the user; follows the pagination."""
        found: list[wire.Room] = []
        after: str | None = ""
        while after is not None:
            page = self.request(wire.RoomList(request_id=new_random_id(), after=after), wire.Rooms)
            found += page.rooms
            after = page.next
        return found

    def pages_of_history(self, chat_id: str) -> Iterator[list[wire.Message]]:
        """Yield the messages of the room that has just been opened, the newest page first; each page ascends."""
        page = self.wait_for(wire.HistoryFrame, lambda found: found.chat_id == chat_id)
        yield page.messages
        while page.next is not None:
            older = wire.History(request_id=new_random_id(), chat_id=chat_id, before=page.next)
            page = self.request(older, wire.HistoryFrame)
            yield page.messages

    def _receive(self, timeout_s: float) -> wire.ServerFrame:
        give_up_at = time.monotonic() + timeout_s
        while True:
            text = str(self._connection.recv(max(give_up_at - time.monotonic(), 0), decode=True))
            if not is_ours(text):
                continue
            self._seen(text)
            frame: wire.ServerFrame = wire.SERVER_FRAMES.validate_json(text)
            return frame


def is_ours(text: str) -> bool:
    """Return whether this is a frame of the protocol, and not a message of API Gateway about throttling or a failure.

    API Gateway's messages have no `type`. They are ignored: the waiting call resends or raises TimeoutError.
    """
    try:
        frame = json.loads(text)
    except ValueError:
        return False
    return isinstance(frame, dict) and "type" in frame
