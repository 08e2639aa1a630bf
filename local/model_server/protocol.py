"""OpenAI's requests and responses, as far as the product uses them; no network here.

https://platform.openai.com/docs/api-reference
"""

import base64
import json
import time
import uuid
from array import array
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator

from documind.terms import runs
from local.model_server.follow_up import FollowUpTask, standalone
from local.model_server.quoting import AnswerTask, answer
from local.model_server.summary import SummaryTask, summary
from local.model_server.vectors import DIMENSIONS

CHAT_MODEL = "documind-offline"
EMBEDDING_MODEL = "universal-sentence-encoder-simplified"
_PIECE_CHARS = 4
_MAX_INPUTS = 2048  # OpenAI's own limit for one embeddings request

_Json = dict[str, Any]
_Text = Annotated[str, Field(min_length=1)]


class ApiError(Exception):
    """An error that the client gets as OpenAI's JSON, with an HTTP status."""

    def __init__(self, status: int, code: str, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after_s = status, code, message, retry_after_s

    def body(self) -> _Json:
        kind = "server_error" if self.status >= 500 else "invalid_request_error"  # noqa: PLR2004
        return {"error": {"message": self.message, "type": kind, "param": None, "code": self.code}}


class EmbeddingsRequest(BaseModel):
    model: str
    input: list[_Text] = Field(min_length=1, max_length=_MAX_INPUTS)
    dimensions: Literal[512] = DIMENSIONS  # the model has one size
    encoding_format: Literal["float", "base64"] = "float"

    @field_validator("input", mode="before")
    @classmethod
    def _as_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class Message(BaseModel):
    role: str
    content: str


class JsonSchema(BaseModel):
    name: str


class ResponseFormat(BaseModel):
    type: str
    json_schema: JsonSchema | None = None


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    response_format: ResponseFormat | None = None


def check_model(asked: str, served: str) -> None:
    """Raise ApiError when a request names another model than the one that its endpoint serves."""
    if asked != served:
        raise ApiError(
            404, "model_not_found", f"The model {asked!r} does not exist here; this endpoint has {served!r}."
        )


def chat_text(request: ChatRequest) -> str:
    """Do the task and return the text to send; raise ApiError for a task that the offline model does not know."""
    check_model(request.model, CHAT_MODEL)
    name = "answer"
    if request.response_format is not None and request.response_format.type != "text":
        schema = request.response_format.json_schema
        name = schema.name if schema else request.response_format.type
    asked = [message.content for message in request.messages if message.role == "user"]
    content = asked[-1] if asked else ""
    try:
        if name == "answer":
            return answer(AnswerTask.model_validate_json(content))
        if name == "standalone_question":
            return standalone(FollowUpTask.model_validate_json(content))
        if name == "document_summary":
            return summary(SummaryTask.model_validate_json(content))
    except ValidationError as error:
        message = f"The last user message is not the JSON that the task {name!r} takes."
        raise ApiError(400, "unknown_task", message) from error
    raise ApiError(400, "unknown_task", f"The offline model does not know the task {name!r}.")


def pieces(text: str) -> Iterator[str]:
    """Yield the text a few characters at a time, as a model does."""
    return (text[start : start + _PIECE_CHARS] for start in range(0, len(text), _PIECE_CHARS))


def completion(request: ChatRequest, text: str) -> _Json:
    """Return the whole response of a request that is not streamed."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": "stop"}
    return {**_chat_head("chat.completion"), "choices": [choice], "usage": _chat_usage(request, text)}


def completion_events(request: ChatRequest, text_pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield the server-sent events of a streamed response: role, text, finish reason, usage if asked for, end."""
    head = _chat_head("chat.completion.chunk")
    if request.stream_options.include_usage:
        head["usage"] = None
    sent = ""
    yield _event({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
    for piece in text_pieces:
        sent += piece
        yield _event({**head, "choices": [_delta({"content": piece})]})
    yield _event({**head, "choices": [_delta({}, "stop")]})
    if request.stream_options.include_usage:
        yield _event({**head, "choices": [], "usage": _chat_usage(request, sent)})
    yield b"data: [DONE]\n\n"


def embeddings(request: EmbeddingsRequest, vectors: list[list[float]]) -> _Json:
    """Return the response for all inputs, in their order and in the encoding that was asked for."""
    tokens = sum(map(_token_count, request.input))
    encoded = vectors if request.encoding_format == "float" else map(_base64, vectors)
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(encoded)]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": EMBEDDING_MODEL, "usage": usage}


def _base64(vector: list[float]) -> str:
    return base64.b64encode(array("f", vector).tobytes()).decode()  # 32-bit, little-endian on every machine we run on


def _token_count(text: str) -> int:
    """Estimate the tokens of a text: one for each word and for each CJK character."""
    return sum(len(run) if is_cjk else 1 for run, is_cjk in runs(text))


def _chat_head(kind: str) -> _Json:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": CHAT_MODEL}


def _delta(delta: _Json, finish_reason: str | None = None) -> _Json:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}


def _chat_usage(request: ChatRequest, text: str) -> _Json:
    read, written = sum(_token_count(message.content) for message in request.messages), _token_count(text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _event(chunk: _Json) -> bytes:
    return b"data: " + json.dumps(chunk, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
