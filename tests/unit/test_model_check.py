"""The check of models: each fault has a kind, and the provider's own text is never shown."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from documind.clients.model_check import Finding, check_chat, check_embedding

TODAY = date(2026, 11, 26)
Answer = Callable[[httpx2.Request], httpx2.Response]


def client(answer: Answer) -> OpenAI:
    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return OpenAI(api_key="sk-secret", base_url="http://model.test/v1", http_client=http)


def fault(status: int, code: str | None) -> Answer:
    error = {"error": {"message": "Incorrect API key provided: sk-secret", "code": code, "type": "any"}}
    return lambda _: httpx2.Response(status, json=error)


def server(*, shutdown_date: str | None = None, dimensions: int = 4) -> Answer:
    """Return the replies of a working server, whose embedding model ignores requested dimensions."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        listed: dict[str, Any] = {"id": "chat", "object": "model", "created": 1, "owned_by": "x"}
        if request.url.path.endswith("/models"):
            return httpx2.Response(200, json={"object": "list", "data": [listed | {"shutdown_date": shutdown_date}]})
        if request.url.path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [1.0] * dimensions}]
            return httpx2.Response(200, json={"object": "list", "model": "embed", "data": data, "usage": {}})
        choice = {"index": 0, "delta": {"content": "OK"}, "finish_reason": None}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "chat", "choices": [choice]}
        content = f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=content)

    return answer


def chat(answer: Answer) -> Finding:
    return check_chat(client(answer), "chat", today=TODAY)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (server(), Finding("usable", "chat")),
        (server(shutdown_date="2028-01-01"), Finding("usable", "chat", " until 2028-01-01")),
        (server(shutdown_date="2026-12-11"), Finding("shut_down_soon", "chat", "2026-12-11")),
        (fault(401, "invalid_api_key"), Finding("key_refused", "http://model.test/v1")),
        (fault(404, "model_not_found"), Finding("unknown_model", "chat")),
        (fault(400, "unsupported_value"), Finding("refused", "chat", "400, unsupported_value")),
        (fault(429, None), Finding("refused", "chat", "429, no code")),
    ],
)
def test_each_fault_of_the_chat_model_is_found(answer: Answer, expected: Finding) -> None:
    assert chat(answer) == expected


def test_an_unreachable_server_is_found() -> None:
    def unreachable(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route")

    assert chat(unreachable) == Finding("unreachable", "http://model.test/v1")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (fault(404, "model_not_found"), Finding("unknown_model", "embed")),
        (fault(404, None), Finding("no_embedding", "embed at http://model.test/v1", "404, no code")),
        (fault(501, None), Finding("no_embedding", "embed at http://model.test/v1", "501, no code")),
        (fault(400, "no_matryoshka"), Finding("no_embedding", "embed at http://model.test/v1", "400, no_matryoshka")),
        (fault(401, None), Finding("key_refused", "http://model.test/v1")),
        (fault(429, "rate"), Finding("refused", "embed", "429, rate")),
        (
            lambda _: httpx2.Response(200, html="<p>Hello</p>"),
            Finding("no_embedding", "embed at http://model.test/v1", "AttributeError"),
        ),
        (
            lambda _: httpx2.Response(200, json={"object": "list", "data": []}),
            Finding("no_embedding", "embed at http://model.test/v1", "ValueError"),
        ),
    ],
)
def test_a_server_without_embeddings_is_found(answer: Answer, expected: Finding) -> None:
    assert check_embedding(client(answer), "embed", 512) == (expected, None)


def test_dimensions_are_compared_or_taken_from_the_server() -> None:
    found = check_embedding(client(server(dimensions=512)), "embed", 1024)
    assert found == (Finding("wrong_dimensions", "embed", "512 dimensions where 1024 are set"), 512)
    finding, dimensions = check_embedding(client(server(dimensions=512)), "embed", None)
    assert (finding.kind, dimensions) == ("usable", 512)


@pytest.mark.parametrize(("asks", "named"), [(True, 1024), (False, None)])
def test_dimensions_are_sent_only_if_requested(asks: bool, named: int | None) -> None:
    bodies: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(request.content))
        return server(dimensions=1024)(request)

    check_embedding(client(answer), "embed", 1024, asks=asks)
    assert bodies[0].get("dimensions") == named


def test_a_fault_is_a_sentence_with_a_remedy_and_without_the_key() -> None:
    finding = chat(fault(401, "invalid_api_key"))
    sentence = finding.sentence({"key_refused": "Store another one."})
    assert sentence == "http://model.test/v1 refuses the key. Store another one."
    assert "sk-secret" not in sentence
