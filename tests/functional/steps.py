"""Runs an operation one SDK call at a time, interleaved with others, and can crash it before any call."""

import threading
from collections.abc import Callable
from typing import Any

WAIT_S = 20


class DiedError(Exception):
    """The function was ended before it was finished."""


class Steps(threading.Thread):
    """A thread that waits before each SDK call until `step` is called; only one of these threads runs at a time.

    `passed` must be registered with the client: `client.meta.events.register("before-call", Steps.passed)`.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._turn, self._pause = threading.Semaphore(0), threading.Semaphore(0)
        self._dies = False
        self.is_over = False
        self.failure: Exception | None = None
        self.start()
        self._until_the_next_call()

    def run(self) -> None:
        try:
            self._work()
        except DiedError:
            pass
        except Exception as error:  # noqa: BLE001  (shown to the test)
            self.failure = error
        finally:
            self.is_over = True
            self._pause.release()

    def step(self) -> None:
        """Run the next SDK call and what follows, up to the call after that."""
        if not self.is_over:
            self._turn.release()
            self._until_the_next_call()

    def die(self) -> None:
        """End the work before its next SDK call."""
        self._dies = True
        self.step()

    def finish(self) -> None:
        while not self.is_over:
            self.step()

    def _until_the_next_call(self) -> None:
        assert self._pause.acquire(timeout=WAIT_S)
        if self.failure:
            raise self.failure

    def wait(self) -> None:
        self._pause.release()
        assert self._turn.acquire(timeout=WAIT_S)
        if self._dies:
            raise DiedError

    @staticmethod
    def passed(**_: object) -> None:
        """Make a thread of this class wait before its SDK call; other threads do not wait."""
        thread = threading.current_thread()
        if isinstance(thread, Steps):
            thread.wait()
