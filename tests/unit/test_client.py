"""The typed client against a scripted server."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.sync.server import ServerConnection, serve

from documind.wire import Ping, Pong
from documind_cli.client import Client, RefusedError

Answer = Callable[[dict[str, Any]], list[str | dict[str, Any]]]
Connect = Callable[[Answer], Client]
GATEWAYS_OWN = {"message": "Internal server error", "connectionId": "c", "requestId": "r"}


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Return a function that connects to a server with scripted replies to each frame."""
    ends: list[Callable[[], None]] = []

    def start(answer: Answer) -> Client:
        def talk(socket: ServerConnection) -> None:
            for text in socket:
                for frame in answer(json.loads(text)):
                    socket.send(frame if isinstance(frame, str) else json.dumps(frame))

        server = serve(talk, "127.0.0.1", 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client.connect(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", "token")
        ends.extend([client.close, server.shutdown])
        return client

    yield start
    for end in ends:
        end()


def error(request_id: str | None) -> dict[str, Any]:
    return {"type": "error", "request_id": request_id, "code": "internal", "message": "Sorry."}


def pong(request_id: str) -> dict[str, Any]:
    return {"type": "pong", "request_id": request_id}


def test_frames_about_other_requests_are_skipped_until_the_reply(connect: Connect) -> None:
    client = connect(lambda asked: [GATEWAYS_OWN, "Worker process died", error("other"), pong(asked["request_id"])])
    assert client.request(Ping(request_id="mine"), Pong).request_id == "mine"


@pytest.mark.parametrize("request_id", ["mine", None])
def test_an_error_with_the_request_s_id_or_without_one_refuses_it(connect: Connect, request_id: str | None) -> None:
    client = connect(lambda _asked: [error(request_id)])
    with pytest.raises(RefusedError):
        client.request(Ping(request_id="mine"), Pong)


def test_documents_beyond_the_snapshot_are_listed_too(connect: Connect) -> None:
    def document(number: int) -> dict[str, Any]:
        return {"document_id": f"d{number}", "name": f"{number}.pdf", "status": "failed", "size_bytes": 1}

    def answer(asked: dict[str, Any]) -> list[str | dict[str, Any]]:
        opened = {
            "chat_id": "c",
            "name": "Room",
            "role": "owner",
            "type": "opened",
            "request_id": asked["request_id"],
            "user": {"user_id": "ann", "name": "ann"},
            "documents": [document(1)],
            "members": [],
            "active": [],
            "limits": {"apology_after_s": 60},
        }
        rest = [{"type": "document", "chat_id": "c", "document": document(number)} for number in (2, 3)]
        return [opened, *rest, {"type": "history", "chat_id": "c", "messages": [], "next": None}]

    client = connect(answer)
    assert [each.document_id for each in client.documents(client.open("Room"))] == ["d1", "d2", "d3"]
    assert list(client.pages_of_history("c")) == [[]]
