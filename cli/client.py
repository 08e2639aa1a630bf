"""A client of the WebSocket API: sends frames, waits for their replies, uploads PDFs, collects answers."""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

import urllib3
from websockets.sync.client import ClientConnection, connect

from documind.errors import Language
from documind.ids import new_random_id
from documind.wire import (
    SERVER_FRAMES,
    Ask,
    ClientFrame,
    Document,
    DocumentFrame,
    ErrorFrame,
    Message,
    MessageFrame,
    Open,
    Opened,
    ServerFrame,
    Upload,
    UploadTarget,
)

REPLY_TIMEOUT_S = 30.0
FrameT = TypeVar("FrameT", bound=ServerFrame)


class RefusedError(Exception):
    """The server refused a frame; `frame` says why, as a code and as a sentence."""

    def __init__(self, frame: ErrorFrame) -> None:
        super().__init__(f"{frame.code}: {frame.message}")
        self.frame = frame


class Client:
    """One connection. Frames that nobody waited for are kept, and come next from `frames`.

    Raises TimeoutError when a frame does not come in time, websockets' ConnectionClosed when the connection is lost.
    """

    def __init__(self, websocket_url: str, access_token: str, language: Language = "en") -> None:
        query = urlencode({"token": access_token, "language": language})
        connection = connect(f"{websocket_url}?{query}", proxy=None, max_size=None, open_timeout=REPLY_TIMEOUT_S)
        self._end = ExitStack()
        self._socket: ClientConnection = self._end.enter_context(connection)
        self.chat_id = ""  # of the room opened last
        self._kept: deque[ServerFrame] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; twice does no harm."""
        self._end.close()

    def send(self, frame: ClientFrame) -> None:
        """Send a frame without waiting for its reply."""
        self._socket.send(frame.model_dump_json(exclude_none=True))

    def request(self, frame: ClientFrame, reply: type[FrameT], timeout_s: float = REPLY_TIMEOUT_S) -> FrameT:
        """Send a frame and return its reply; raises RefusedError when that is an error."""
        self.send(frame)
        return self.wait_for(reply, lambda found: found.request_id == frame.request_id, timeout_s)

    def frames(self, timeout_s: float = REPLY_TIMEOUT_S) -> Iterator[ServerFrame]:
        """Yield all frames, the kept ones first; raises TimeoutError when none comes for so long."""
        while True:
            yield self._kept.popleft() if self._kept else self._receive(timeout_s)

    def wait_for(
        self, kind: type[FrameT], matches: Callable[[FrameT], bool], timeout_s: float = REPLY_TIMEOUT_S
    ) -> FrameT:
        """Return the next frame of a kind that matches; others are kept, an error to the same request is raised."""
        give_up_at = time.monotonic() + timeout_s
        for kept in list(self._kept):
            if isinstance(kept, kind) and matches(kept):
                self._kept.remove(kept)
                return kept
        while True:
            frame = self._receive(give_up_at - time.monotonic())
            if isinstance(frame, kind) and matches(frame):
                return frame
            if isinstance(frame, ErrorFrame):
                raise RefusedError(frame)
            self._kept.append(frame)

    def open(self, room: str) -> Opened:
        """Open a room by its name."""
        opened = self.request(Open(request_id=new_random_id(), room=room), Opened)
        self.chat_id = opened.chat_id
        return opened

    def upload(self, path: Path, *, timeout_s: float = 120.0) -> Document:
        """Upload a PDF into the open room and return it once it is ready or has failed."""
        content = path.read_bytes()
        announced = Upload(
            request_id=new_random_id(),
            chat_id=self.chat_id,
            name=path.name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        target = self.request(announced, UploadTarget)
        if target.url:
            post_form(target.url, target.fields, path.name, content)
        document_id, give_up_at = target.document.document_id, time.monotonic() + timeout_s
        document = target.document
        while document.status not in {"ready", "failed"}:
            frame = self.wait_for(
                DocumentFrame, lambda found: found.document.document_id == document_id, give_up_at - time.monotonic()
            )
            document = frame.document
        return document

    def ask(self, text: str, *, timeout_s: float = 90.0) -> Message:
        """Ask in the open room and return the message that the question ended with."""
        question_id = new_random_id()
        self.send(Ask(request_id=new_random_id(), chat_id=self.chat_id, question_id=question_id, text=text))
        ended = self.wait_for(
            MessageFrame,
            lambda found: found.message.question_id == question_id and found.message.ending is not None,
            timeout_s,
        )
        return ended.message

    def _receive(self, timeout_s: float) -> ServerFrame:
        frame: ServerFrame = SERVER_FRAMES.validate_json(self._socket.recv(max(timeout_s, 0)))
        return frame


def post_form(url: str, fields: dict[str, str], name: str, content: bytes) -> None:
    """Post a PDF the way a presigned POST wants it: the fields first, the file last.

    Raises OSError with what the bucket answered when it refuses the file.
    """
    form: dict[str, str | tuple[str, bytes, str]] = {**fields, "file": (name, content, "application/pdf")}
    answer = urllib3.request("POST", url, fields=form, timeout=REPLY_TIMEOUT_S, retries=False)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise OSError(f"the upload of {name} was refused ({answer.status}): {answer.data[:500].decode()}")
