"""Asks a question and follows its answer to the end, across lost connections."""

import time
from collections.abc import Callable
from typing import Literal

from documind import wire
from documind.errors import Code
from documind.ids import new_random_id
from documind_cli.client import RefusedError
from documind_cli.room import Room

POLL_S = 0.2  # between two checks of `wants_stop`
RESUME_AGAIN_AFTER_S = 15.0
STOP_TIMEOUT_S = 8.0
PASSING = {Code.INTERNAL, Code.RATE_LIMITED}


class Answer:
    """The text of one answer so far: its first `seq` code points, in the `epoch` that wrote them."""

    def __init__(self) -> None:
        self.epoch = 0
        self.text = ""

    @property
    def seq(self) -> int:
        return len(self.text)

    def add(self, delta: wire.Delta) -> Literal["applied", "old", "gap"]:
        """Append a delta that continues the text; ignore an older one; after a gap the caller sends `resume`."""
        if delta.epoch > self.epoch and delta.after == 0:
            self.epoch, self.text = delta.epoch, ""
        if (delta.epoch, delta.after) == (self.epoch, self.seq):
            self.text += delta.text
            return "applied"
        return "gap" if delta.epoch > self.epoch or (delta.epoch == self.epoch and delta.seq > self.seq) else "old"


class Question:
    """One question in a room; `show` is called with the text of the answer at each change."""

    def __init__(self, room: Room, text: str, show: Callable[[str], None] = lambda _: None) -> None:
        self._room = room
        self._show = show
        self._answer = Answer()
        self._is_accepted = False
        self._reopened = False
        self._stop_wanted = False
        self._sent: set[str] = set()  # ids of our requests
        self._ask = wire.Ask(request_id=new_random_id(), chat_id=room.chat_id, question_id=new_random_id(), text=text)

    def follow(self, wants_stop: Callable[[], bool] = lambda: False) -> wire.Message:
        """Ask, and return the message that the question ends with.

        When `wants_stop` returns true, `stop` is sent, and the server has 8 s to end the question. Raises RefusedError
        when the question is refused, TimeoutError when no ending arrives after a stop.
        """
        self._send(self._ask)
        resume_at = self._silent_until()
        stop_by: float | None = None
        while True:
            if stop_by is None and wants_stop():
                stop_by = time.monotonic() + STOP_TIMEOUT_S
                self._stop_wanted = True
                self._stop()
            frame = self._receive(stop_by)
            if time.monotonic() >= resume_at:
                resume_at = time.monotonic() + RESUME_AGAIN_AFTER_S
                self._catch_up()
            match frame:
                case wire.Opened():
                    self._reopened = True
                    self._catch_up()
                    self._stop()
                case wire.ErrorFrame() if frame.request_id in self._sent and not self._is_passing(frame):
                    raise RefusedError(frame)
                case wire.Accepted(question_id=self._ask.question_id):
                    self._accept()
                    self._stop()
                case wire.Delta(question_id=self._ask.question_id):
                    resume_at = self._silent_until()
                    self._add(frame)
                case wire.MessageFrame(message=wire.Message(question_id=self._ask.question_id) as message):
                    if message.ending:
                        return message

    def _is_passing(self, error: wire.ErrorFrame) -> bool:
        """Return whether to ignore an error: an accepted question ends anyway, and `resume` returns its ending."""
        return self._is_accepted and error.code in PASSING

    def _receive(self, stop_by: float | None) -> wire.ServerFrame | None:
        if stop_by is not None and time.monotonic() > stop_by:
            raise TimeoutError
        return self._room.receive(POLL_S)

    def _silent_until(self) -> float:
        return time.monotonic() + self._room.opened.limits.apology_after_s + 1

    def _accept(self) -> None:
        self._is_accepted = True
        if self._reopened:  # it may have been accepted, and even have ended, before the connection was lost
            self._reopened = False
            self._resume()

    def _add(self, delta: wire.Delta) -> None:
        match self._answer.add(delta):
            case "applied":
                self._show(self._answer.text)
            case "gap":
                self._resume()

    def _catch_up(self) -> None:
        if self._is_accepted:
            self._resume()
        else:
            self._send(self._ask)  # idempotent by its question_id

    def _send(self, frame: wire.ClientFrame) -> None:
        self._sent.add(frame.request_id)
        self._room.send(frame)

    def _resume(self) -> None:
        self._send(
            wire.Resume(
                request_id=new_random_id(),
                chat_id=self._room.chat_id,
                question_id=self._ask.question_id,
                epoch=self._answer.epoch,
                seq=self._answer.seq,
            )
        )

    def _stop(self) -> None:
        """Send `stop` if it is wanted and the server has accepted the question."""
        if self._stop_wanted and self._is_accepted:
            ids = {"chat_id": self._room.chat_id, "question_id": self._ask.question_id}
            self._send(wire.Stop(request_id=new_random_id(), **ids))
