"""Faults that the tests cause: cut connections, killed functions, frozen and stopped services."""

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
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST, as a host does that has restarted


def cut(client: Client) -> None:
    """Cut a connection: without a close frame and without an orderly end of the TCP connection."""
    connection = client._connection.socket  # noqa: SLF001
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.shutdown(socket.SHUT_RD)  # ends the read of the client's own thread, which then closes the socket
    client.close()


def kill_function(system: LocalSystem, name: str) -> int:
    """Kill all processes of a function, whatever they are doing; return their number."""
    path = str(system.folder / "tmp")
    found = [each.pid for each in processes.listed() if path in each.command and name in each.command]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return len(found)


def orphaned_readers(system: LocalSystem) -> list[int]:
    """Return the reader processes of this system whose function processes have ended (Linux only)."""
    listed = processes.listed()
    functions = {each.pid for each in listed if str(system.folder / "tmp") in each.command}
    readers = {each.pid for each in listed if "ingest.reader.process" in each.command}
    return [pid for pid in readers if _parent_of(pid, system) not in functions | readers | {None}]


def _parent_of(pid: int, system: LocalSystem) -> int | None:
    """Return the parent of a process; None if the process is not of this system or has ended."""
    process = Path("/proc") / str(pid)
    try:
        is_of_system = str(system.folder) in (process / "environ").read_text()
        return int((process / "stat").read_text().rpartition(")")[2].split()[1]) if is_of_system else None
    except OSError:  # the process has just ended
        return None


@contextmanager
def search_frozen(system: LocalSystem) -> Iterator[None]:
    """Freeze OpenSearch, which then accepts connections but does not answer; continue it at the end."""
    process = system.children.services["opensearch"].process
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


@contextmanager
def search_stopped(system: LocalSystem) -> Iterator[None]:
    """Stop OpenSearch, and start it again on the same data at the end."""
    system.children.services["opensearch"].stop()
    try:
        yield
    finally:
        system.start_search()


def restart_aws(system: LocalSystem) -> None:
    """Restart the local AWS, which ends all connections to it."""
    system.children.services["aws"].stop()
    system.children.serve(services.ministack(system.folder, system.ports, system.plan.endpoint))


def wait_until_closed(client: Client) -> None:
    """Read until the close; not as frames, because the local AWS also sends error texts of functions it killed."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            client._connection.recv(CLOSED_WITHIN_S)  # noqa: SLF001
