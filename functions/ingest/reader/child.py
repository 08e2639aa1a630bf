"""Starts the processes that read PDFs, and reads what their children write, within time limits."""

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

MAX_LINE_BYTES = 64 * 1024 * 1024  # of one page's JSON; a child that writes more is killed
READ_BYTES = 1 << 20
ENDED_TIMEOUT_S = 5.0  # from the end of a child's output until its exit status arrives
LEFT_TIMEOUT_S = 1.0  # after its output is closed early: the child's next write fails, which ends it
INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG")  # environment variables; no credentials, because the PDF may be hostile

logger = logging.getLogger(__name__)

Record = dict[str, object]


class KilledError(Exception):
    """The child ran out of time, wrote too much, or did not end with status 0."""


@dataclass(frozen=True)
class ReaderProcess:
    """A process that forks a child for each document (`process`), and the socket that takes the requests."""

    process: subprocess.Popen[bytes]
    requests: socket.socket

    @classmethod
    def start(cls) -> "ReaderProcess":
        """Start one in a new process group, so that `end` also kills its child."""
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "ingest.reader.process"]
            process = subprocess.Popen(command, stdin=theirs.fileno(), env=environment, start_new_session=True)  # noqa: S603
        return cls(process, ours)

    def fork(self, request: bytes) -> int:
        """Have a child read a document, and return the file descriptor of its output. Raises OSError."""
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
        """Return the child's exit status, or the negative number of the signal that killed it. Raises OSError."""
        self.requests.settimeout(timeout_s)
        return int(self.requests.recv(READ_BYTES) or b"1")

    def end(self) -> None:
        """Kill the process and its child."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.requests.close()


_waiting: list[ReaderProcess] = []  # processes that have no document yet


def start_ahead() -> None:
    """Start a process before it has a document: starting one takes longer than reading a short document."""
    if not _waiting:
        _waiting.append(ReaderProcess.start())


@atexit.register
def end_waiting() -> None:
    """Kill the processes that wait for a document."""
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
    """Give an iterator over the records that a child writes for the PDF at `path`, from page `first` on.

    The pages `lost` are not read; with `pictures`, records of pages without text have a picture. `wait_s()` is the
    time limit of each read in seconds, and `waited` gets the time that it took. The child is ended with the context;
    if it ended by itself, its process serves the next document. Iterating raises KilledError.
    """
    request = {"path": str(path.absolute()), "first": first, "lost": lost, "pictures": pictures}
    reader, output = _asked(json.dumps(request).encode())
    has_ended = False

    def iterate() -> Generator[Record, None, None]:
        nonlocal has_ended
        yield from _parsed(output, wait_s, waited)
        try:
            status = reader.exit_status()
        except OSError as error:
            raise KilledError from error
        has_ended = True
        if status:
            logger.warning("the reader has ended", extra={"status": status})
            raise KilledError

    try:
        yield iterate()
    finally:
        os.close(output)
        if not has_ended and not isinstance(sys.exception(), KilledError):
            with suppress(OSError):  # the run yields or the PDF is refused: keep the process, a new one takes 0.5 s
                reader.exit_status(LEFT_TIMEOUT_S)
                has_ended = True
        if has_ended:
            _waiting.append(reader)
        else:
            reader.end()


def _asked(request: bytes) -> tuple[ReaderProcess, int]:
    """Return a process, a waiting one if possible, and the output of the child that it forked for a request."""
    with suppress(IndexError):
        reader = _waiting.pop()
        try:
            return reader, reader.fork(request)
        except OSError:  # it died while it waited
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
