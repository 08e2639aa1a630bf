"""The model client against the real `openai` package, whose requests are answered in memory."""

import json
from contextlib import closing
from typing import Any

import httpx2
import pytest
from openai.types import CreateEmbeddingResponse, EmbeddingCreateParams
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import (
    CompletionCreateParamsNonStreaming,
    CompletionCreateParamsStreaming,
)
from pydantic import TypeAdapter

from documind.clients.models import EMBEDDING_BATCH
from documind.errors import Code, DocumindError
from ingest.vision import asked_about
from tests.unit.answered_models import QUESTION, Answer, models, piece, streamed

AT_ONCE = {"retry-after-ms": "1"}


def embedded(request: httpx2.Request) -> httpx2.Response:
    """Embed each text as its length, and reply in reverse order."""
    texts = json.loads(request.content)["input"]
    assert len(texts) <= EMBEDDING_BATCH
    data = [
        {"object": "embedding", "index": number, "embedding": [float(len(text)), 1.0]}
        for number, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = {"object": "list", "model": "embed", "data": data[::-1], "usage": usage}
    return httpx2.Response(200, json=CreateEmbeddingResponse.model_validate(answer, strict=True).model_dump())


def test_requests_match_the_types_of_the_package() -> None:
    """The package's client itself does not check parameters."""
    completion = ChatCompletion.model_validate(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "chat",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "{}", "refusal": None},
                    "finish_reason": "stop",
                    "logprobs": None,
                }
            ],
        },
        strict=True,
    )
    stream, _ = streamed(piece("x", finish_reason="stop"), "[DONE]")
    completed: Answer = lambda _: httpx2.Response(200, json=completion.model_dump())  # noqa: E731
    answers: list[Answer] = [embedded, stream, completed, completed]
    bodies: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(request.content))
        return answers[len(bodies) - 1](request)

    asked = models(answer, temperature=0.5, reasoning_effort="low")
    asked.embed(["text"])
    list(asked.stream_answer(QUESTION))  # type: ignore[arg-type]
    asked.write_json(QUESTION, "a_task", {"type": "object"})  # type: ignore[arg-type]
    asked.read_picture(asked_about("iVBORw0KGgo="))
    declared: tuple[Any, ...] = (
        EmbeddingCreateParams,
        CompletionCreateParamsStreaming,
        CompletionCreateParamsNonStreaming,
        CompletionCreateParamsNonStreaming,
    )
    for body, params in zip(bodies, declared, strict=True):
        assert set(body) <= params.__required_keys__ | params.__optional_keys__
        TypeAdapter[Any](params).validate_python(body)


def test_vectors_come_in_the_order_of_the_texts_over_several_requests() -> None:
    texts = ["x" * length for length in range(1, 2 * EMBEDDING_BATCH + 3)]
    assert models(embedded).embed(texts) == [[float(len(text)), 1.0] for text in texts]
    assert models(embedded).embed([]) == []


def test_an_answer_comes_piece_by_piece() -> None:
    usage = piece(None) | {"choices": []}
    answer, _ = streamed(piece(None), piece("第一"), piece("段"), piece(None, finish_reason="stop"), usage, "[DONE]")
    assert list(models(answer).stream_answer(QUESTION)) == ["第一", "段"]  # type: ignore[arg-type]


def test_the_tokens_of_an_answer_are_requested_and_reported_at_its_end() -> None:
    used = piece(None) | {"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42}}
    answer, _ = streamed(piece("x", finish_reason="stop"), used, "[DONE]")

    def checked(request: httpx2.Request) -> httpx2.Response:
        assert json.loads(request.content)["stream_options"] == {"include_usage": True}
        return answer(request)

    text = models(checked).stream_answer(QUESTION)  # type: ignore[arg-type]
    assert next(text) == "x"
    with pytest.raises(StopIteration) as end:
        next(text)
    assert end.value.value == 42


def test_a_small_task_names_its_schema_and_reports_its_tokens() -> None:
    def checked(request: httpx2.Request) -> httpx2.Response:
        sent = json.loads(request.content)
        assert sent["response_format"] == {"type": "json_schema", "json_schema": {"name": "a_task", "schema": {}}}
        assert not sent.get("stream")
        choice = {"index": 0, "message": {"role": "assistant", "content": "{}"}, "finish_reason": "stop"}
        completion = {"id": "1", "object": "chat.completion", "created": 1, "model": "chat", "choices": [choice]}
        used = {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42}
        return httpx2.Response(200, json=completion | {"usage": used})

    assert models(checked).write_json(QUESTION, "a_task", {}) == ("{}", 42)  # type: ignore[arg-type]


def test_closing_the_answer_ends_the_request() -> None:
    answer, pieces = streamed(*[piece("x")] * 1000)
    with closing(models(answer).stream_answer(QUESTION)) as text:  # type: ignore[arg-type]
        assert next(text) == "x"
    assert pieces.closed
    assert pieces.sent < 1000


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([piece("Mass"), piece(None, finish_reason="content_filter")], "Mass"),
        ([piece(None, finish_reason="content_filter")], ""),
        ([piece(None, finish_reason="stop")], ""),
        ([piece("<think>Let me see.</think>", finish_reason="stop")], ""),
        ([{"error": {"message": "overloaded: sk-secret", "code": "server_error", "type": "server_error"}}], ""),
        ([], ""),
    ],
)
def test_an_answer_that_is_empty_or_not_whole_is_a_failure(
    events: list[dict[str, Any]], shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer, _ = streamed(*events, "[DONE]")
    seen: list[str] = []
    with pytest.raises(DocumindError) as caught:
        seen.extend(models(answer).stream_answer(QUESTION))  # type: ignore[arg-type]
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert "".join(seen) == shown
    assert "sk-secret" not in caplog.text


def test_an_answer_that_breaks_off_is_a_failure_after_its_pieces() -> None:
    answer, _ = streamed(piece("half"))
    text = models(answer).stream_answer(QUESTION)  # type: ignore[arg-type]
    assert next(text) == "half"
    with pytest.raises(DocumindError) as caught:
        next(text)
    assert caught.value.code == Code.MODEL_UNAVAILABLE


@pytest.mark.parametrize("chosen", [{}, {"temperature": 0.0}, {"reasoning_effort": "low"}])
def test_parameters_that_some_models_refuse_are_sent_only_if_set(chosen: dict[str, Any]) -> None:
    bodies: list[dict[str, Any]] = []
    answer, _ = streamed(piece("x", finish_reason="stop"), "[DONE]")

    def remembered(request: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(request.content))
        return answer(request)

    list(models(remembered, **chosen).stream_answer(QUESTION))  # type: ignore[arg-type]
    sent = {name: bodies[0][name] for name in ("temperature", "reasoning_effort") if name in bodies[0]}
    assert sent == chosen


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_every_refusal_is_one_error_that_quotes_nothing(status: int, caplog: pytest.LogCaptureFixture) -> None:
    refusal = {"error": {"message": "Incorrect API key provided: sk-secret", "code": "invalid_api_key"}}
    for use in (lambda m: m.embed(["x"]), lambda m: list(m.stream_answer(QUESTION))):
        with pytest.raises(DocumindError) as caught:
            use(models(lambda _: httpx2.Response(status, json=refusal, headers=AT_ONCE)))
        assert caught.value.code == Code.MODEL_UNAVAILABLE
        assert caught.value.__cause__ is None
    assert "sk-secret" not in caplog.text


@pytest.mark.parametrize("status", [429, 500, 503])
def test_embeddings_are_requested_up_to_three_times(status: int) -> None:
    refused = httpx2.Response(status, headers=AT_ONCE)
    answers = [refused, refused]
    assert models(lambda request: answers.pop() if answers else embedded(request)).embed(["text"]) == [[4.0, 1.0]]
    answers = [refused, refused, refused]
    with pytest.raises(DocumindError):
        models(lambda request: answers.pop() if answers else embedded(request)).embed(["text"])
    assert not answers


def failing(requests: list[httpx2.Request], status: int | None = None) -> Answer:
    """Reply with the status, or never; `requests` records the requests."""

    def fail(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        if status:
            return httpx2.Response(status)
        raise httpx2.ReadTimeout("silent", request=request)

    return fail


def test_an_answer_is_asked_for_once_and_waited_for_until_the_apology() -> None:
    requests: list[httpx2.Request] = []
    for answer in (failing(requests), failing(requests, 500)):
        with pytest.raises(DocumindError) as caught:
            list(models(answer).stream_answer(QUESTION))  # type: ignore[arg-type]
        assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert len(requests) == 2
    assert all(request.extensions["timeout"]["read"] > 60 for request in requests)


def test_embeddings_of_a_silent_model_time_out_before_the_step_does(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("openai._base_client.time.sleep", pauses.append)
    requests: list[httpx2.Request] = []
    with pytest.raises(DocumindError) as caught:
        models(failing(requests)).embed(["x"])
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert sum(pauses) + sum(request.extensions["timeout"]["read"] for request in requests) < 55
