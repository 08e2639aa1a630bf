"""The process that reads a PDF, as seen from the function: what it writes, as long as it keeps to its time."""

import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_LINE_BYTES = 64 * 1024 * 1024  # of one page's JSON
READ_BYTES = 1 << 20
INHERITED = ("PATH", "LD_LIBRARY_PATH", "LANG")  # and no credentials: the child reads what a stranger wrote

logger = logging.getLogger(__name__)

Record = dict[str, object]
Process = subprocess.Popen[bytes]


class KilledError(Exception):
    """The child was out of time, wrote too much, or its own limits ended it."""


@contextmanager
def started(path: Path, arguments: list[str]) -> Iterator[Process]:
    """Start a child for the PDF at `path`, and end it in any case."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    command = [sys.executable, "-m", "ingest.reader_process", str(path.absolute()), *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment) as child:  # noqa: S603
        try:
            yield child
        finally:
            child.kill()


def records(
    child: Process, wait_s: Callable[[], float], waited: Callable[[float], None]
) -> Generator[Record, None, None]:
    """Yield what the child writes. It has `wait_s()` seconds for each piece; `waited` is told what it took.

    Raises KilledError.
    """
    buffer = bytearray()
    while True:
        begun = time.monotonic()
        data = _read(child, wait_s())
        waited(time.monotonic() - begun)
        if not data:
            break
        buffer += data
        if b"\n" in data:
            *lines, rest = buffer.split(b"\n")
            buffer = rest
            yield from map(json.loads, lines)
        if len(buffer) > MAX_LINE_BYTES:
            raise KilledError
    status = child.wait()
    if status:
        logger.warning("the reader has ended", extra={"status": status})
        raise KilledError


def _read(child: Process, timeout_s: float) -> bytes:
    """Return what the child has written next, nothing at its end."""
    assert child.stdout  # noqa: S101
    ready, _, _ = select.select([child.stdout], [], [], max(timeout_s, 0))
    if not ready:
        raise KilledError
    return os.read(child.stdout.fileno(), READ_BYTES)
