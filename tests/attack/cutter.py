"""A proxy between client and gateway that cuts each connection after some bytes, mostly within a frame."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

PIECE_BYTES = 4_096
# With compression, whole answers would fit into a few hundred bytes. Servers decline unknown extensions:
# https://www.rfc-editor.org/rfc/rfc6455#section-9.1
OFFERED, DECLINED = b"permessage-deflate", b"permessage-refused"
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST, as a host does that has restarted


class Cutter:
    """Listens on a free port and forwards everything; `bytes_let_pass` is called for each connection.

    The bytes of both directions are counted together. A cut is an RST to either side, without a close frame.
    """

    def __init__(self, host: str, port: int, bytes_let_pass: Callable[[], int]) -> None:
        self._address = (host, port)
        self._bytes_let_pass = bytes_let_pass
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.cuts = 0

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            gateway = socket.create_connection(self._address)
            left = [self._bytes_let_pass()]
            for ends in ((client, gateway), (gateway, client)):
                threading.Thread(target=self._copy, args=(*ends, left), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, left: list[int]) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE_BYTES).replace(OFFERED, DECLINED):
                with self._lock:
                    passed = piece[: max(left[0], 0)]
                    left[0] -= len(passed)
                target.sendall(passed)
                if len(passed) < len(piece):
                    break
        with self._lock:
            self.cuts += left[0] == 0
            left[0] = -1 if left[0] == 0 else left[0]
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                end.shutdown(socket.SHUT_RD)  # ends the other thread's read
                end.close()
