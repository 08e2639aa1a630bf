"""OpenAI's requests and responses, as far as the product uses them; no network here.

https://platform.openai.com/docs/api-reference
"""

import base64
import json
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from documind.terms import runs
from local.model_server.quoting import Task, answer
from local.model_server.small_tasks import standalone, summary
from local.model_server.vectors import DIMENSIONS

CHAT_MODEL = "documind-offline"
EMBEDDING_MODEL = "universal-sentence-encoder-simplified"
PIECE_CHARS = 4
_MAX_INPUTS = 2048  # OpenAI's own limit for one embeddings request

# Each task by the name of its JSON schema in a request.
_TASKS = {"answer": answer, "standalone_question": standalone, "document_summary": summary}
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
    dimensions: Literal[512] = DIMENSIONS  # the model's vectors have one length only
    encoding_format: Literal["float", "base64"] = "float"


class ChatRequest(BaseModel):
    model: str
    messages: list[dict[str, str]] = Field(min_length=1)
    stream: bool = False
    stream_options: dict[str, bool] = {}
    response_format: dict[str, Any] = {}


def check_model(asked: str, served: str) -> None:
    """Raise ApiError when a request names another model than the one that its endpoint serves."""
    if asked != served:
        raise ApiError(404, "model_not_found", f"There is no model {asked!r} here, only {served!r}.")


def chat_text(request: ChatRequest) -> str:
    """Do the task and return the text to send; raise ApiError for a task that the offline model does not know."""
    check_model(request.model, CHAT_MODEL)
    schema = request.response_format.get("json_schema", {}).get("name", "answer")
    content = next((each.get("content", "") for each in reversed(request.messages) if each.get("role") == "user"), "")
    if schema not in _TASKS:
        raise ApiError(400, "unknown_task", f"The offline model does not know the task {schema!r}.")
    try:
        return _TASKS[schema](Task.model_validate_json(content))
    except ValidationError as error:
        message = f"The last user message is not the JSON that the task {schema!r} takes."
        raise ApiError(400, "unknown_task", message) from error


def completion(request: ChatRequest, text: str) -> _Json:
    """Return the whole response of a request that is not streamed."""
    choice = _choice("message", {"role": "assistant", "content": text}, "stop")
    return {**_chat_head("chat.completion"), "choices": [choice], "usage": _usage(_texts(request), text)}


def completion_events(request: ChatRequest, text_pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield the server-sent events of a streamed response: role, text, finish reason, usage if asked for, end."""
    tells_usage = request.stream_options.get("include_usage")
    head = _chat_head("chat.completion.chunk") | ({"usage": None} if tells_usage else {})

    def event(*choices: _Json, **more: object) -> bytes:
        chunk = json.dumps({**head, "choices": choices, **more}, ensure_ascii=False, separators=(",", ":"))
        return f"data: {chunk}\n\n".encode()

    sent = ""
    yield event(_choice("delta", {"role": "assistant", "content": ""}))
    for piece in text_pieces:
        sent += piece
        yield event(_choice("delta", {"content": piece}))
    yield event(_choice("delta", {}, "stop"))
    if tells_usage:
        yield event(usage=_usage(_texts(request), sent))
    yield b"data: [DONE]\n\n"


def embeddings(request: EmbeddingsRequest, vectors: NDArray[np.float32]) -> _Json:
    """Return the response for all inputs, in their order and in the encoding that was asked for."""
    if request.encoding_format == "float":
        encoded = vectors.tolist()
    else:  # 32-bit, little-endian on every machine we run on
        encoded = [base64.b64encode(vector).decode() for vector in vectors]
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(encoded)]
    return {"object": "list", "data": data, "model": EMBEDDING_MODEL, "usage": _usage(request.input)}


def _chat_head(kind: str) -> _Json:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": CHAT_MODEL}


def _choice(key: str, content: _Json, finish_reason: str | None = None) -> _Json:
    return {"index": 0, key: content, "logprobs": None, "finish_reason": finish_reason}


def _texts(request: ChatRequest) -> list[str]:
    return [message.get("content", "") for message in request.messages]


def _usage(read: Iterable[str], written: str = "") -> _Json:
    """Estimate the tokens: one for each word and for each CJK character."""
    first, second = (sum(len(run) if cjk else 1 for run, cjk in runs(text)) for text in ("\n".join(read), written))
    return {"prompt_tokens": first, "completion_tokens": second, "total_tokens": first + second}
