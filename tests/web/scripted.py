"""The page against a scripted server: frames come from the test, files from a folder; nothing is deployed."""

import json
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Page, WebSocketRoute
from websockets.exceptions import ConnectionClosedError
from websockets.sync.server import ServerConnection, serve

from infra import website_files
from infra.website_config import WebsiteConfig, security_headers
from local.website_server import HOST, SESSION_PATH, WebsiteServer
from tests.deployed import ROOT

Frame = dict[str, Any]
USER = {"user_id": "u1", "name": "ada"}
ROOM = "room-1"
SOMEWHERE = [60.0, 200.0, 300.0, 212.0]  # a line of a page
LIMITS = {
    "max_upload_bytes": 50_000_000,
    "max_room_documents": 100,
    "max_pdf_pages": 3_000,
    "max_question_characters": 4_000,
    "apology_after_s": 60,
}
OUTPUTS = {"Issuer": "http://127.0.0.1:1/pool", "WebsiteClientId": "page", "LoginUrl": "http://127.0.0.1:1"}


class Socket(Protocol):
    def send(self, message: str) -> None: ...

    def close(self, *, code: int) -> None: ...


@contextmanager
def served_page(folder: Path, websocket_url: str = "ws://127.0.0.1:1") -> Iterator[str]:
    """Serve the page from `folder`, with a user signed in; yields its address. Files added later are served too."""
    website_files.build(ROOT / "web", ROOT / "node_modules", folder)
    outputs = OUTPUTS | {"WebSocketUrl": f"{websocket_url}/api"}
    config = WebsiteConfig.from_outputs(outputs, SESSION_PATH)
    server = WebsiteServer(
        0,
        folder,
        config,
        security_headers([websocket_url, "http://127.0.0.1:1"]),
        lambda user: {"access_token": "t", "expires_in": 3600, "user": user or USER["name"], "offline_model": True},
    )
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def served_socket(connected: Callable[[ServerConnection], None]) -> Iterator[str]:
    """Serve a WebSocket; yields its address."""
    with serve(connected, HOST, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"ws://{HOST}:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


class ScriptedServer:
    """A server with one room; `received` has the frames that the page sent."""

    def __init__(self, url: str, folder: Path = Path()) -> None:
        self.url = url
        self.folder = folder  # with the files that are served at `url`
        self.name = "Reading room"
        self.role = "owner"
        self.documents: list[Frame] = []
        self.members: list[Frame] = [{**USER, "role": "owner", "here": True}]
        self.messages: list[Frame] = []
        self.page_size = 1_000  # messages of one `history`
        self.quotes: dict[tuple[str, int], str] = {}  # by document and page
        self.received: list[Frame] = []
        self.silent = False  # ignores frames, and closes new connections at once
        self.answers: dict[str, Callable[[Frame], list[Frame]]] = {}  # by type of frame, instead of the usual reply
        self._sockets: list[Socket] = []

    def serve(self, page: Page) -> None:
        page.route_web_socket(re.compile("/api"), self._connected)

    def send(self, *frames: Frame, to: slice = slice(None)) -> None:
        """Send frames to every connected page, or to some of the connections, the oldest first."""
        for socket in self._sockets[to]:
            for frame in frames:
                socket.send(json.dumps({"request_id": None, **frame}))

    def cut(self) -> None:
        while self._sockets:
            self._sockets.pop().close(code=4000)

    def sent(self, kind: str) -> list[Frame]:
        return [frame for frame in self.received if frame["type"] == kind]

    def add_document(self, name: str, size_bytes: int = 1, status: str = "ready", **more: Any) -> str:
        document_id = f"doc-{len(self.documents) + 1}"
        self.documents.append(
            {
                "document_id": document_id,
                "name": name,
                "status": status,
                "size_bytes": size_bytes,
                "pages_total": 1,
                "pages_done": 1,
                "pages_empty": 0,
                "pages_lost": 0,
                "pages_garbled": 0,
                "without_text": [],
                "from_pictures": [],
                "reason": None,
                "summary": None,
                "questions": [],
                **more,
            }
        )
        return document_id

    def add_pdf(self, path: Path, **more: Any) -> str:
        """Add a document whose PDF can be opened."""
        shutil.copyfile(path, self.folder / path.name)
        return self.add_document(path.name, path.stat().st_size, **more)

    def add_turn(self, question: str, answer: str, citations: list[Frame] | None = None, ending: str = "answer") -> str:
        number = len(self.messages)
        question_id = f"q-{number:04}"
        self.messages += [
            message(number, "question", question_id, question, sender=USER["name"]),
            message(number + 1, "answer", question_id, answer, citations=citations or [], ending=ending),
        ]
        return question_id

    def _connected(self, socket: WebSocketRoute) -> None:
        if self.silent:
            socket.close(code=4000)
            return
        self._sockets.append(socket)
        socket.on_message(lambda data: self._received(socket, json.loads(data)))

    def connected(self, socket: ServerConnection) -> None:
        """Serve a connection of `served_socket` until it ends."""
        self._sockets.append(socket)
        with suppress(ConnectionClosedError):
            for data in socket:
                self._received(socket, json.loads(data))
        self._sockets.remove(socket)

    def _received(self, socket: Socket, frame: Frame) -> None:
        self.received.append(frame)
        if self.silent:
            return
        name = f"_{frame['type'].replace('.', '_')}"
        usual: Callable[[Frame], list[Frame]] = self.answers.get(frame["type"], getattr(self, name, self._pong))
        for reply in usual(frame):
            socket.send(json.dumps({"request_id": frame["request_id"], **reply}))

    def _pong(self, _frame: Frame) -> list[Frame]:
        return [{"type": "pong"}]

    def _room_list(self, _frame: Frame) -> list[Frame]:
        return [{"type": "rooms", "rooms": [{"chat_id": ROOM, "name": self.name, "role": self.role}], "next": None}]

    def _open(self, frame: Frame) -> list[Frame]:
        return self.opened_room(frame)

    def opened_room(self, _frame: Frame) -> list[Frame]:
        """Return the frames that opening the room sends."""
        opened = {
            "type": "opened",
            "chat_id": ROOM,
            "name": self.name,
            "role": self.role,
            "user": USER,
            "documents": self.documents,
            "members": self.members,
            "active": [],
            "limits": LIMITS,
            "server_time": int(time.time()),
        }
        return [opened, {**self._page_of_history(len(self.messages)), "request_id": None}]

    def _history(self, frame: Frame) -> list[Frame]:
        before = next(index for index, each in enumerate(self.messages) if each["message_id"] == frame["before"])
        return [self._page_of_history(before)]

    def _page_of_history(self, end: int) -> Frame:
        start = max(0, end - self.page_size)
        shown = self.messages[start:end]
        following = shown[0]["message_id"] if start > 0 else None
        return {"type": "history", "chat_id": ROOM, "messages": shown, "next": following}

    def _document_view(self, frame: Frame) -> list[Frame]:
        document = next(each for each in self.documents if each["document_id"] == frame["document_id"])
        return [
            {
                "type": "view",
                "chat_id": ROOM,
                "document_id": document["document_id"],
                "url": f"{self.url}/{document['name']}",
                "expires_at": int(time.time()) + 60,
                "page": frame["page"],
                "quote": self.quotes.get((document["document_id"], frame["page"]), ""),
                "rects": [],
            }
        ]

    def _ask(self, frame: Frame) -> list[Frame]:
        number = len(self.messages)
        self.messages.append(message(number, "question", frame["question_id"], frame["text"], sender=USER["name"]))
        accepted = {"type": "accepted", "chat_id": ROOM, "question_id": frame["question_id"]}
        return [{**accepted, "message_id": self.messages[-1]["message_id"]}]


def rooms(server: ScriptedServer, *others: str) -> Callable[[Frame], list[Frame]]:
    """Return the answer to `room.list` with the server's room and others, whose names are their ids."""
    names = [server.name, *others]
    listed = [{"chat_id": ROOM if name == server.name else name, "name": name, "role": "owner"} for name in names]
    return lambda _frame: [{"type": "rooms", "rooms": listed, "next": None}]


def opened(server: ScriptedServer, chat_id: str) -> list[Frame]:
    """Return the frames that opening one of `rooms` sends."""
    name = server.name if chat_id == ROOM else chat_id
    return [{**frame, "chat_id": chat_id, "name": name} for frame in server.opened_room({})]


def message(number: int, kind: str, question_id: str, text: str, **more: Any) -> Frame:
    rest = {"sender": None, "citations": [], "unverified": [], "ending": None, **more}
    return {"message_id": f"{number:026}", "kind": kind, "question_id": question_id, "text": text, **rest}


def citation(
    number: int,
    document_id: str,
    page: int,
    quote: str | None,
    rects: list[list[float]] | None = None,
    start: int | None = None,
) -> Frame:
    start = number if start is None else start
    place = {"number": number, "document_id": document_id, "page": page, "start": start, "end": start + 1}
    return {**place, "score": 0.8, "rects": [SOMEWHERE] if rects is None else rects, "quote": quote}


def delta(question_id: str, after: int, text: str) -> Frame:
    place = {"type": "delta", "chat_id": ROOM, "question_id": question_id, "epoch": 1}
    return {**place, "after": after, "seq": after + len(text), "text": text}
