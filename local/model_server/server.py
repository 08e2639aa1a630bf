"""HTTP in front of the offline model: routes, faults and counts, one thread for each connection."""

import contextlib
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from local.model_server import protocol
from local.model_server.faults import Board, Endpoint, Fault, Faults
from local.model_server.protocol import ApiError
from local.model_server.vectors import embed

_FAULT_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}

_Request = TypeVar("_Request", bound=BaseModel)
_Piece = TypeVar("_Piece")


class ModelServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1 only; port 0 means any free port."""

    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.board = Board()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "ModelServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"
    server_version = "DocuMindOfflineModel"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client left between two requests
            super().handle()

    def log_message(self, *_: object) -> None:
        """Do not log: tests read the counts with `GET /requests`."""

    def _route(self) -> None:
        routes: dict[str, Callable[[bytes], None]] = {
            "POST /v1/chat/completions": lambda body: self._counted("chat", self._chat, body),
            "POST /v1/embeddings": lambda body: self._counted("embeddings", self._embeddings, body),
            "GET /health": lambda _: self._send_json(200, {"status": "ok", "model": protocol.CHAT_MODEL}),
            "GET /requests": lambda _: self._send_json(200, self.server.board.counts),
            "PUT /faults": self._replace_faults,
        }
        path = self.path.partition("?")[0]
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if f"{self.command} {path}" not in routes:
                raise ApiError(404, "unknown_url", f"Unknown request: {self.command} {path}")
            routes[f"{self.command} {path}"](body)
        except ApiError as error:
            self._send_json(error.status, error.body(), error.retry_after_s)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = _route  # noqa: N815 - the base class calls them by these names

    def _chat(self, body: bytes, fault: Fault) -> None:
        request = _parsed(protocol.ChatRequest, body)
        text = protocol.chat_text(request)
        pieces = (text[at : at + protocol.PIECE_CHARS] for at in range(0, len(text), protocol.PIECE_CHARS))
        text_pieces = self._paced("chat", pieces, fault)
        if request.stream:
            self._send_events(protocol.completion_events(request, text_pieces))
        else:
            self._send_json(200, protocol.completion(request, "".join(text_pieces)))

    def _embeddings(self, body: bytes, fault: Fault) -> None:
        request = _parsed(protocol.EmbeddingsRequest, body)
        protocol.check_model(request.model, protocol.EMBEDDING_MODEL)
        texts = list(self._paced("embeddings", request.input, fault))
        self._send_json(200, protocol.embeddings(request, embed(texts)))

    def _replace_faults(self, body: bytes) -> None:
        self.server.board.faults = _parsed(Faults, body).root
        self._send_json(200, {})

    def _counted(self, endpoint: Endpoint, respond: Callable[[bytes, Fault], None], body: bytes) -> None:
        """Count a request and respond to it, as far as the current fault allows."""
        self.server.board.count(endpoint, "requests")
        fault = self.server.board.take(endpoint)
        try:
            self._wait(fault.delay_s)
            if fault.status is not None:
                code = _FAULT_CODES.get(fault.status, "server_error")
                raise ApiError(fault.status, code, "A fault that was switched on with PUT /faults.", fault.retry_after)
            respond(body, fault)
        except ConnectionError:
            self.server.board.count(endpoint, "aborted")
            raise

    def _paced(self, endpoint: Endpoint, of: Iterable[_Piece], fault: Fault) -> Iterator[_Piece]:
        """Yield the pieces at the fault's pace; raise ConnectionError where it cuts or the client is gone."""
        for count, piece in enumerate(of):
            if count == fault.cut_after_pieces:
                raise ConnectionAbortedError
            self._wait(self.server.board.delay_per_piece_s(endpoint, fault))
            self.server.board.count(endpoint, "pieces")
            yield piece

    def _wait(self, delay_s: float) -> None:
        """Wait, but raise ConnectionError as soon as the client closes its side."""
        end = time.monotonic() + delay_s
        readable, _, _ = select.select([self.connection], [], [], delay_s)
        if readable and self.connection.recv(1, socket.MSG_PEEK) == b"":
            raise ConnectionAbortedError
        time.sleep(max(0.0, end - time.monotonic()))

    def _send_json(self, status: int, body: object, retry_after_s: int | None = None) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        retry = {} if retry_after_s is None else {"Retry-After": retry_after_s}
        self._send_head(status, {"Content-Type": "application/json", "Content-Length": len(data), **retry})
        self.wfile.write(data)

    def _send_events(self, events: Iterator[bytes]) -> None:
        self._send_head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"})
        for event in events:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
        self.wfile.write(b"0\r\n\r\n")

    def _send_head(self, status: int, headers: Mapping[str, object]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()


def _parsed(model: type[_Request], body: bytes) -> _Request:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise ApiError(400, "invalid_request", f"{where}: {first['msg']}") from error
