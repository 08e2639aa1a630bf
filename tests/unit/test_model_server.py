"""The offline model server through the real `openai` client, as the product uses it."""

import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from openai import (
    APIConnectionError,
    APITimeoutError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)
from openai.types.chat import ChatCompletionMessageParam

from local.model_server.faults import Board, Endpoint, Fault
from local.model_server.protocol import CHAT_MODEL, EMBEDDING_MODEL
from local.model_server.server import ModelServer

PASSAGES = [
    {"number": 1, "document": "leave.pdf", "page": 3, "text": "特別休假滿一年者有七日。病假全年不得超過三十日。"},
    {
        "number": 2,
        "document": "office.pdf",
        "page": 8,
        "text": "The canteen opens at noon. Parking costs 40 dollars a day.",
    },
]


def task(question: str) -> list[ChatCompletionMessageParam]:
    content = json.dumps({"question": question, "passages": PASSAGES}, ensure_ascii=False)
    return [{"role": "system", "content": "Answer from the passages."}, {"role": "user", "content": content}]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(port=0) as server:
        yield server


@pytest.fixture
def client(server: ModelServer) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0, timeout=10) as client:
        yield client


def call(server: ModelServer, method: str, path: str, body: object = None) -> tuple[int, Any]:
    request = Request(f"{server.url}{path}", json.dumps(body).encode() if body is not None else None, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=5) as response:  # noqa: S310
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def switch_on(server: ModelServer, **faults: dict[str, object]) -> None:
    assert call(server, "PUT", "/faults", faults) == (200, {})


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "waited 5 s in vain"
        time.sleep(0.01)


def test_whole_answer_quotes_the_sentence_with_its_number(client: OpenAI) -> None:
    answer = client.chat.completions.create(model=CHAT_MODEL, messages=task("病假最多幾天?"))
    assert answer.choices[0].message.content == "病假全年不得超過三十日。 [1]"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 50


def test_streamed_answer_is_the_same_in_small_pieces(client: OpenAI) -> None:
    stream = client.chat.completions.create(
        model=CHAT_MODEL,
        messages=task("How much is parking?"),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == "Parking costs 40 dollars a day. [2]"
    assert max(map(len, pieces)) <= 4
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].choices == []
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_stream_without_usage_ends_with_the_finish_reason(client: OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"), stream=True))
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.usage is None for chunk in chunks)


def test_unknown_tasks_and_models_are_named(client: OpenAI) -> None:
    with pytest.raises(BadRequestError, match="suggest_questions"):
        client.chat.completions.create(
            model=CHAT_MODEL,
            messages=task("parking"),
            response_format={"type": "json_schema", "json_schema": {"name": "suggest_questions", "schema": {}}},
        )
    with pytest.raises(BadRequestError, match="not the JSON that the task 'answer' takes"):
        client.chat.completions.create(model=CHAT_MODEL, messages=[{"role": "user", "content": "hello"}])
    with pytest.raises(NotFoundError, match="gpt-none"):
        client.chat.completions.create(model="gpt-none", messages=task("parking"))


def test_embeddings_in_both_encodings_and_the_one_size_of_the_model(client: OpenAI) -> None:
    texts = ["病假規定", "Parking costs 40 dollars."]
    packed = client.embeddings.create(model=EMBEDDING_MODEL, input=texts)
    plain = client.embeddings.create(model=EMBEDDING_MODEL, input=texts, encoding_format="float", dimensions=512)
    assert [item.index for item in packed.data] == [0, 1]
    for one, other in zip(packed.data, plain.data, strict=True):
        assert len(one.embedding) == 512
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)
        assert math.hypot(*one.embedding) == pytest.approx(1, abs=1e-5)
    with pytest.raises(BadRequestError, match=r"dimensions.*512"):
        client.embeddings.create(model=EMBEDDING_MODEL, input=["病假規定"], dimensions=1024)


@pytest.mark.parametrize("texts", [[], ["fine", ""], ""])
def test_empty_input_is_refused(client: OpenAI, texts: list[str] | str) -> None:
    with pytest.raises(BadRequestError, match="input"):
        client.embeddings.create(model=EMBEDDING_MODEL, input=texts)


def test_health_is_reported(server: ModelServer) -> None:
    assert call(server, "GET", "/health")[1]["status"] == "ok"


def test_error_status_heals_after_its_times(server: ModelServer, client: OpenAI) -> None:
    switch_on(server, chat={"status": 429, "retry_after": 7, "times": 1}, embeddings={"status": 500})
    with pytest.raises(RateLimitError) as refused:
        client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"))
    assert refused.value.response.headers["retry-after"] == "7"
    assert client.chat.completions.create(model=CHAT_MODEL, messages=task("parking")).choices
    for _ in range(2):
        with pytest.raises(InternalServerError):
            client.embeddings.create(model=EMBEDDING_MODEL, input=["text"])
    switch_on(server)
    assert client.embeddings.create(model=EMBEDDING_MODEL, input=["text"]).data
    assert call(server, "GET", "/requests")[1]["embeddings"]["requests"] == 3


def test_cut_stream_gives_its_pieces_and_then_an_error(server: ModelServer, client: OpenAI) -> None:
    switch_on(server, chat={"cut_after_pieces": 3})
    stream = client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"), stream=True)
    assert "".join(next(stream).choices[0].delta.content or "" for _ in range(4)) == "Parking cost"
    with pytest.raises(APIConnectionError):
        next(stream)
    with pytest.raises(APIConnectionError):
        client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"))
    wait_for(lambda: server.board.counts["chat"]["aborted"] == 2)


def test_delays_come_before_the_first_byte_and_each_piece(server: ModelServer, client: OpenAI) -> None:
    switch_on(server, chat={"delay_s": 0.3, "delay_per_piece_s": 0.02})
    started = time.monotonic()
    stream = client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"), stream=True)
    assert time.monotonic() - started >= 0.3
    opened = time.monotonic()
    pieces = sum(1 for _ in stream) - 2  # without the first, which has the role, and the last, the finish reason
    assert time.monotonic() - opened >= (pieces - 2) * 0.02


def test_a_running_answer_takes_a_new_pace() -> None:
    board, slow = Board(), Fault(delay_per_piece_s=1)
    board.faults = {"chat": slow, "embeddings": slow.model_copy(update={"times": 1})}
    taken: dict[Endpoint, Fault] = {"chat": board.take("chat"), "embeddings": board.take("embeddings")}
    assert [board.delay_per_piece_s(endpoint, fault) for endpoint, fault in taken.items()] == [1, 1]
    board.faults = {}
    assert [board.delay_per_piece_s(endpoint, fault) for endpoint, fault in taken.items()] == [0, 1]


def test_the_clients_own_timeout_ends_a_request_to_a_silent_server(server: ModelServer, client: OpenAI) -> None:
    switch_on(server, embeddings={"delay_s": 3600})
    with pytest.raises(APITimeoutError):
        client.with_options(timeout=0.2).embeddings.create(model=EMBEDDING_MODEL, input=["text"])
    wait_for(lambda: server.board.counts["embeddings"]["aborted"] == 1)


def test_client_that_stops_reading_ends_the_generation(server: ModelServer, client: OpenAI) -> None:
    switch_on(server, chat={"delay_per_piece_s": 0.05})
    with client.chat.completions.create(model=CHAT_MODEL, messages=task("parking"), stream=True) as stream:
        next(iter(stream))
    wait_for(lambda: server.board.counts["chat"]["aborted"] == 1)
    assert server.board.counts["chat"]["pieces"] <= 2


def test_unknown_fault_or_url_is_refused(server: ModelServer) -> None:
    status, body = call(server, "PUT", "/faults", {"chat": {"slow": True}})
    assert status == 400
    assert "chat.slow" in body["error"]["message"]
    assert call(server, "GET", "/v1/nothing")[1]["error"]["code"] == "unknown_url"
