"""The model client, whose requests are answered in memory."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
from openai import OpenAI
from openai.types.chat import ChatCompletionChunk

from documind.clients.model_server import ModelServer
from documind.clients.models import Models, ServerEmbeddings

Answer = Callable[[httpx2.Request], httpx2.Response]
QUESTION = [{"role": "user", "content": "問題"}]


class Pieces(httpx2.SyncByteStream):
    """The events of a streamed answer; records whether it was closed before its end."""

    def __init__(self, *events: dict[str, Any] | str) -> None:
        self.events = events
        self.sent = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for event in self.events:
            self.sent += 1
            yield f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode()

    def close(self) -> None:
        self.closed = True


class AnsweredInMemory(ModelServer):
    """A server whose requests are answered by a function."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("http://model.test/v1", lambda: "key")
        self._answer = answer

    def client(self) -> OpenAI:
        http = httpx2.Client(transport=httpx2.MockTransport(self._answer))
        return OpenAI(api_key="key", base_url="http://model.test/v1", http_client=http)


def models(answer: Answer, *, temperature: float | None = None, reasoning_effort: str | None = None) -> Models:
    server = AnsweredInMemory(answer)
    return Models(
        server,
        ServerEmbeddings(server, "embed", asked_dimensions=2),
        dimensions=2,
        chat_model="chat",
        temperature=temperature,
        reasoning_effort=reasoning_effort,
    )


def piece(text: str | None, *, finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}
    event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "chat", "choices": [choice]}
    return ChatCompletionChunk.model_validate(event, strict=True).model_dump()


def streamed(*events: dict[str, Any] | str) -> tuple[Answer, Pieces]:
    pieces = Pieces(*events)
    return lambda _: httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=pieces), pieces
