"""Serves the website on this machine: its files, config.json, and sessions (POST /session?user=NAME)."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

from infra.website_config import WebsiteConfig
from infra.website_files import cache_control

HOST = "127.0.0.1"
SESSION_PATH = "/session"
Session = Callable[[str], dict[str, str | int]]  # (user; empty: the demo user) -> the body of the answer

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}


class PageHandler(SimpleHTTPRequestHandler):
    """Handles requests to our own address only; other hosts that resolve to it are refused (DNS rebinding)."""

    extensions_map: ClassVar[dict[str, str]] = {  # type: ignore[misc]
        **SimpleHTTPRequestHandler.extensions_map,
        **TYPES,
    }
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that an idle connection keeps its thread
    disable_nagle_algorithm = True  # otherwise a body waits 40 ms for the acknowledgement of its headers

    def __init__(
        self, *arguments: object, config: WebsiteConfig, headers: dict[str, str], session: Session, directory: str
    ) -> None:
        self.config = config
        self.headers_of_all = headers
        self.new_session = session
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser closed the connection: its page was closed or reloaded
            super().handle()

    def do_GET(self) -> None:
        if self.headers.get("Host") == f"localhost:{self.port}":
            self.send_to_our_address()
        elif not self.is_ours():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path.partition("?")[0] == "/config.json":
            self.send_json(HTTPStatus.OK, self.config.document())
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_POST(self) -> None:
        self.close_connection = True  # since the body, if any, is not read
        path, _, query = self.path.partition("?")
        if path != SESSION_PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not self.is_ours() or self.headers.get("Origin") != f"http://{self.headers.get('Host')}":
            self.send_error(HTTPStatus.FORBIDDEN)
        else:
            self.send_session(parse_qs(query).get("user", [""])[0])

    def send_session(self, user: str) -> None:
        try:
            session = self.new_session(user)
        except Exception as error:  # noqa: BLE001 - the web page must get an answer in any case
            self.log_error("no session: %s", error)
            self.send_json(HTTPStatus.BAD_GATEWAY, {"error": "The local sign-in did not answer."})
        else:
            self.send_json(HTTPStatus.OK, session)

    @property
    def port(self) -> int:
        return int(self.connection.getsockname()[1])

    def is_ours(self) -> bool:
        """Return whether the Host header is the address of this server (a defence against DNS rebinding)."""
        return self.headers.get("Host") == f"{HOST}:{self.port}"

    def send_to_our_address(self) -> None:
        """Redirect `localhost` to 127.0.0.1, the only origin that the API and the bucket accept."""
        self.send_response(HTTPStatus.TEMPORARY_REDIRECT)
        self.send_header("Location", f"http://{HOST}:{self.port}/{self.path.lstrip('/')}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_json(self, status: HTTPStatus, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in self.headers_of_all.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", cache_control(self.path))
        super().end_headers()

    def list_directory(self, path: object) -> None:
        """Refuse to list folders."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Do not log requests: the launcher prints to the same terminal."""


class WebsiteServer:
    """The HTTP server of the website, in its own thread."""

    def __init__(
        self, port: int, folder: Path, config: WebsiteConfig, headers: dict[str, str], session: Session
    ) -> None:
        handler = partial(PageHandler, config=config, headers=headers, session=session, directory=str(folder))
        self.server = ThreadingHTTPServer((HOST, port), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, name="page", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server.server_address[1]}"

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
