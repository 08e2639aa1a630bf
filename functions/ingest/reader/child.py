"""The processes that read PDFs, as seen from the function: what a child writes, as long as it keeps to its time."""

import atexit
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MAX_LINE_BYTES = 64 * 1024 * 1024  # of one page's JSON
READ_BYTES = 1 << 20
ENDED_TIMEOUT_S = 5.0  # from the end of what a child writes to its end
LEFT_TIMEOUT_S = 1.0  # from when nobody reads on: its next write fails, and that ends it
INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG")  # and no credentials: the child reads what a stranger wrote

logger = logging.getLogger(__name__)

Record = dict[str, object]


class KilledError(Exception):
    """The child was out of time, wrote too much, or its own limits ended it."""


@dataclass(frozen=True)
class ReaderProcess:
    """A process that forks a child for each document (`process`), and the socket by which it is asked to."""

    process: subprocess.Popen[bytes]
    requests: socket.socket

    @classmethod
    def start(cls) -> "ReaderProcess":
        """Start one, in a process group of its own."""
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "ingest.reader.process"]
            process = subprocess.Popen(command, stdin=theirs.fileno(), env=environment, start_new_session=True)  # noqa: S603
        return cls(process, ours)

    def fork(self, request: bytes) -> int:
        """Have a child read a document, and return the file descriptor of what it writes. Raises OSError."""
        output, childs_end = os.pipe()
        try:
            socket.send_fds(self.requests, [request], [childs_end])
        except OSError:
            os.close(output)
            raise
        finally:
            os.close(childs_end)
        return output

    def exit_status(self, timeout_s: float = ENDED_TIMEOUT_S) -> int:
        """Return how the child has ended: 0, or the number of a signal, negative. Raises OSError."""
        self.requests.settimeout(timeout_s)
        return int(self.requests.recv(READ_BYTES) or b"1")

    def end(self) -> None:
        """Kill the process and its child."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.requests.close()


_waiting: list[ReaderProcess] = []  # for the next document


def start_ahead() -> None:
    """Have a process ready before its document is: starting one takes longer than reading a short document."""
    if not _waiting:
        _waiting.append(ReaderProcess.start())


@atexit.register
def end_waiting() -> None:
    """End the processes that wait for a document."""
    while _waiting:
        _waiting.pop().end()


@contextmanager
def records(
    path: Path,
    first: int,
    lost: list[int],
    wait_s: Callable[[], float],
    waited: Callable[[float], None],
    *,
    pictures: bool,
) -> Iterator[Generator[Record, None, None]]:
    """Give what a child writes of the PDF at `path`, from page `first` on without the pages `lost`.

    With `pictures`, pages without text come as pictures.
    It has `wait_s()` seconds for each piece; `waited` is told what it took. The child ends with the context; one that
    has ended by itself leaves its process to the next document. Iterating raises KilledError.
    """
    request = {"path": str(path.absolute()), "first": first, "lost": lost, "pictures": pictures}
    reader, output = _asked(json.dumps(request).encode())
    has_ended = False

    def iterate() -> Generator[Record, None, None]:
        nonlocal has_ended
        yield from _parsed(output, wait_s, waited)
        status = reader.exit_status()
        has_ended = True
        if status:
            logger.warning("the reader has ended", extra={"status": status})
            raise KilledError

    try:
        yield iterate()
    finally:
        os.close(output)
        if not has_ended and not isinstance(sys.exception(), KilledError):
            with suppress(OSError):  # a run yields, or the PDF is refused: starting another process takes half a second
                reader.exit_status(LEFT_TIMEOUT_S)
                has_ended = True
        if has_ended:
            _waiting.append(reader)
        else:
            reader.end()


def _asked(request: bytes) -> tuple[ReaderProcess, int]:
    """Return a process and the output of its child for a document."""
    with suppress(IndexError):
        reader = _waiting.pop()
        try:
            return reader, reader.fork(request)
        except OSError:  # it has died while it waited
            reader.end()
    reader = ReaderProcess.start()
    return reader, reader.fork(request)


def _parsed(output: int, wait_s: Callable[[], float], waited: Callable[[float], None]) -> Iterator[Record]:
    buffer = bytearray()
    while True:
        begun = time.monotonic()
        if not select.select([output], [], [], max(wait_s(), 0))[0]:
            raise KilledError
        data = os.read(output, READ_BYTES)
        waited(time.monotonic() - begun)
        if not data:
            return
        buffer += data
        if b"\n" in data:
            *lines, rest = buffer.split(b"\n")
            buffer = rest
            yield from map(json.loads, lines)
        if len(buffer) > MAX_LINE_BYTES:
            raise KilledError
