"""One fake server for all services that functions call: model, search, SSM, S3, connection management API."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = tuple[int, Mapping[str, Any] | str | bytes]  # status; JSON, server-sent events, or raw body

KEY = "sk-the-key-of-the-model"
PARAMETER = {"Parameter": {"Name": "key", "Type": "SecureString", "Value": KEY}}
VECTOR = {"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}]}
ANSWERS: dict[str, Answer] = {"/v1/embeddings": (200, VECTOR), "/": (200, PARAMETER)}


class Elsewhere(ThreadingHTTPServer):
    """Answers by the end of the path, from `answers`, else from ANSWERS; records what is posted to connections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.answers: dict[str, Answer] = {}
        self.posted: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Request(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if "/@connections/" in self.path:
            self.server.posted.append(json.loads(body))
        self._answer()

    def _answer(self) -> None:
        answers = {**ANSWERS, **self.server.answers}
        status, answer = next((answers[end] for end in sorted(answers) if self.path.endswith(end)), (200, {}))
        text = answer if isinstance(answer, str | bytes) else json.dumps(answer)
        data = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        self.send_header("Content-Type", "text/event-stream" if isinstance(answer, str) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Do not log: the test's output must stay empty."""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Serve until the end of the `with` statement."""
    server = Elsewhere()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
