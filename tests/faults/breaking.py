"""How the tests break things: connections, processes of functions, services."""

import contextlib
import os
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from documind_cli.client import Client
from local import processes, services
from local.system import LocalSystem

CLOSED_WITHIN_S = 5
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST, as a peer that is no longer there does


def cut(client: Client) -> None:
    """End a connection without a word: neither a close frame nor an orderly end of the TCP connection."""
    connection = client._connection.socket  # noqa: SLF001
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.shutdown(socket.SHUT_RD)  # its reader notices, and closes it
    client.close()


def kill_function(system: LocalSystem, name: str) -> int:
    """Kill all processes of one function where they stand; return how many there were."""
    path = str(system.folder / "tmp")
    found = [each.pid for each in processes.listed() if path in each.command and name in each.command]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return len(found)


def orphaned_readers(system: LocalSystem) -> list[int]:
    """Return the processes that read PDFs for functions that are no more (Linux)."""
    listed = processes.listed()
    functions = {each.pid for each in listed if str(system.folder / "tmp") in each.command}
    readers = {each.pid for each in listed if "ingest.reader.process" in each.command}
    return [pid for pid in readers if _parent_of(pid, system) not in functions | readers | {None}]


def _parent_of(pid: int, system: LocalSystem) -> int | None:
    """Return the parent of a process, None unless it has to do with this system."""
    process = Path("/proc") / str(pid)
    try:
        is_of_system = str(system.folder) in (process / "environ").read_text()
        return int((process / "stat").read_text().rpartition(")")[2].split()[1]) if is_of_system else None
    except OSError:  # it has just ended
        return None


@contextmanager
def search_frozen(system: LocalSystem) -> Iterator[None]:
    """OpenSearch takes connections and says nothing."""
    process = system.children.services["opensearch"].process
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


@contextmanager
def search_stopped(system: LocalSystem) -> Iterator[None]:
    """OpenSearch is not there; afterwards it is started again on the same data."""
    system.children.services["opensearch"].stop()
    try:
        yield
    finally:
        system.start_search()


def restart_aws(system: LocalSystem) -> None:
    """Stop and start the local AWS, with all that is connected to it."""
    system.children.services["aws"].stop()
    system.children.serve(services.ministack(system.folder, system.ports, system.plan.endpoint))


def wait_until_closed(client: Client) -> None:
    """Read what still comes: the local AWS also sends what functions say that are killed with it, which is no frame."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            client._connection.recv(CLOSED_WITHIN_S)  # noqa: SLF001
