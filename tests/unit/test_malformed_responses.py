"""Responses of a model server that have the status 200 and not the form of the protocol."""

import base64
import json
import math
from array import array
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from documind.clients.model_check import Finding, check_chat, check_embedding
from documind.errors import Code, UnavailableError
from tests.unit.answered_models import QUESTION, Answer, AnsweredInMemory, models, piece, streamed

JSON = {"content-type": "application/json"}


def in_json(body: object) -> Answer:
    """Return a response that may hold NaN, which the JSON of httpx2 refuses."""
    return lambda _: httpx2.Response(200, content=json.dumps(body), headers=JSON)


NO_PROTOCOL: list[Answer] = [
    lambda _: httpx2.Response(200, html="<p>Sign in to the network</p>"),
    lambda _: httpx2.Response(200, content=b"<p>Busy</p>", headers=JSON),
    lambda _: httpx2.Response(200, content=b"\xff\xfe", headers=JSON),
    lambda _: httpx2.Response(200, content=b"", headers=JSON),
    lambda _: httpx2.Response(204),
    *map(in_json, (None, [], {}, "text", {"error": "busy"})),
]


def refused(use: Callable[[], object]) -> None:
    with pytest.raises(UnavailableError) as caught:
        use()
    assert caught.value.code is Code.MODEL_UNAVAILABLE


def vectors(*embeddings: object) -> dict[str, Any]:
    return {"data": [{"index": index, "embedding": embedding} for index, embedding in enumerate(embeddings)]}


def client(answer: Answer) -> OpenAI:
    return AnsweredInMemory(answer).client()


def completion(message: object, **changes: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], **changes}


@pytest.mark.parametrize("answer", NO_PROTOCOL)
def test_what_is_not_of_the_protocol_is_the_model_s_failure(answer: Answer) -> None:
    asked = models(answer)
    refused(lambda: asked.embed(["text"]))
    refused(lambda: list(asked.stream_answer(QUESTION)))  # type: ignore[arg-type]
    refused(lambda: asked.write_json(QUESTION, "a_task", {}))  # type: ignore[arg-type]
    refused(lambda: asked.read_picture(QUESTION))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        {"data": None},
        {"data": "text"},
        {"data": [None]},
        {"data": [{"embedding": [1.0, 2.0]}]},
        vectors(),
        vectors([1.0, 2.0], [1.0, 2.0]),
        vectors([1.0]),
        vectors(None),
        vectors([None, 1.0]),
        vectors(["a", "b"]),
        vectors([[1.0], [2.0]]),
        vectors({"a": 1, "b": 2}),
        vectors([math.nan, 1.0]),
        vectors([math.inf, 1.0]),
        vectors([1e300, 1.0]),
        vectors("AAAA"),
        vectors("no base64"),
        vectors(base64.b64encode(array("f", [math.nan, 1.0])).decode()),
    ],
)
def test_vectors_of_another_number_dimensions_or_type_are_a_failure(body: object) -> None:
    refused(lambda: models(in_json(body)).embed(["text"]))


@pytest.mark.parametrize(
    "body",
    [
        {"choices": None},
        {"choices": []},
        {"choices": [None]},
        {"choices": [{}]},
        {"choices": {"0": {}}},
        completion(None),
        completion({"content": 5}),
        completion({"content": [{"type": "text", "text": "{}"}]}),
    ],
)
def test_a_completion_without_a_text_is_a_failure(body: object) -> None:
    refused(lambda: models(in_json(body)).write_json(QUESTION, "a_task", {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event",
    [
        "<p>Busy</p>",
        "null",
        "[]",
        "5",
        {},
        {"choices": None},
        {"choices": [None]},
        {"choices": {"0": {}}},
        {"choices": [{"index": 0, "delta": None}]},
        {"choices": [{"index": 0}]},
        {"choices": [{"index": 0, "delta": {"content": 5}}]},
        {"choices": [{"index": 0, "delta": {"content": [{"type": "text", "text": "x"}]}}]},
    ],
)
def test_a_stream_without_a_text_is_a_failure(event: dict[str, Any] | str) -> None:
    answer, _ = streamed(event, "[DONE]")
    refused(lambda: list(models(answer).stream_answer(QUESTION)))  # type: ignore[arg-type]


def test_events_without_choices_or_delta_do_not_end_an_answer() -> None:
    empty = piece(None) | {"choices": [{"index": 0, "delta": None, "finish_reason": None}]}
    answer, _ = streamed(piece(None) | {"choices": None}, empty, piece("x", finish_reason="stop"), "[DONE]")
    assert list(models(answer).stream_answer(QUESTION)) == ["x"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "usage", [None, {}, "42", {"total_tokens": None}, {"total_tokens": "42"}, {"total_tokens": -1}]
)
def test_tokens_that_are_no_number_count_as_not_reported(usage: object) -> None:
    completed = in_json(completion({"content": "{}"}, usage=usage))
    assert models(completed).write_json(QUESTION, "a_task", {}) == ("{}", 0)  # type: ignore[arg-type]
    answer, _ = streamed(piece("x", finish_reason="stop"), piece(None) | {"choices": [], "usage": usage}, "[DONE]")
    text = models(answer).stream_answer(QUESTION)  # type: ignore[arg-type]
    assert next(text) == "x"
    with pytest.raises(StopIteration) as end:
        next(text)
    assert end.value.value is None


@pytest.mark.parametrize("answer", NO_PROTOCOL)
def test_the_check_finds_what_is_not_of_the_protocol(answer: Answer) -> None:
    assert check_chat(client(answer), "chat").is_fault
    finding, dimensions = check_embedding(client(answer), "embed", 2)
    assert finding.is_fault
    assert dimensions is None


@pytest.mark.parametrize("listed", [None, [None], "text", [{"id": "chat", "shutdown_date": 10**30}]])
def test_a_list_of_models_of_another_form_tells_no_date(listed: object) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/models"):
            return httpx2.Response(200, json={"object": "list", "data": listed})
        return streamed(piece("x"), "[DONE]")[0](request)

    assert check_chat(client(answer), "chat") == Finding("usable", "chat")
