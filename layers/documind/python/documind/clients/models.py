"""The language models: embeddings, streamed answers, small tasks in JSON, text of pictures."""

import base64
import logging
from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from documind.clients.bedrock import BedrockEmbeddings
from documind.clients.model_server import MALFORMED, ModelServer, chat_server_of, key_in
from documind.clients.reasoning import without_reasoning
from documind.clients.vectors import Vector, are_usable
from documind.errors import Code, UnavailableError
from documind.logs import identifier
from documind.settings import BEDROCK, ModelSettings

if TYPE_CHECKING:
    from openai import OpenAI, Stream
    from openai.types import CompletionUsage
    from openai.types.chat import (
        ChatCompletion,
        ChatCompletionChunk,
        ChatCompletionMessageParam,
        ChatCompletionStreamOptionsParam,
    )
    from openai.types.shared_params import ResponseFormatJSONSchema

EMBEDDING_BATCH = 96  # texts a request: Cohere's limit on Bedrock; OpenAI's is 2,048 texts and 300,000 tokens
CONNECT_TIMEOUT_S = 5.0
EMBEDDING_TIMEOUT_S = 15.0  # for one try; with two retries this stays below the 55 s of the retrieve step
EMBEDDING_RETRIES = 2
TASK_TIMEOUT_S = 10.0  # for a small task before the answer; if it fails, the question is answered without it
PICTURE_TIMEOUT_S = 30.0  # for a full page; begun after 24 s of a run, it still ends before the function's 60 s timeout
STREAM_TIMEOUT_S = 70.0  # between two pieces; longer than the 60 s that the apology waits for the first one
NO_RETRIES = 0  # the provider may bill the failed request as well
TELL_USAGE: "ChatCompletionStreamOptionsParam" = {"include_usage": True}

logger = logging.getLogger(__name__)


class Models:
    """The embedding model and the chat model.

    Every method raises UnavailableError(MODEL_UNAVAILABLE) when the model cannot be reached, refuses, or sends a
    response of another form. The log has the type, status and code of the failure, but not the provider's message,
    which may quote the key.
    """

    def __init__(
        self,
        chat_server: ModelServer,
        embeddings: "ServerEmbeddings | BedrockEmbeddings",
        *,
        dimensions: int,
        chat_model: str,
        temperature: float | None = None,
        reasoning_effort: str | None = None,
    ) -> None:
        self._chat_server = chat_server
        self._embeddings = embeddings
        self._dimensions = dimensions
        self._chat_model = chat_model
        choices = {"temperature": temperature, "reasoning_effort": reasoning_effort}
        self._options: dict[str, Any] = {name: choice for name, choice in choices.items() if choice is not None}

    @classmethod
    def from_settings(cls, settings: ModelSettings) -> "Models":
        """Return the models of these settings; keys are read from SSM, and `openai` is imported, at the first use."""
        chat_server = chat_server_of(settings)
        return cls(
            chat_server,
            embeddings_of(settings, chat_server),
            dimensions=settings.embedding_dimensions,
            chat_model=settings.chat_model,
            temperature=settings.temperature,
            reasoning_effort=settings.reasoning_effort,
        )

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> Sequence[Vector]:
        """Return one vector for each text, in their order, by requests of EMBEDDING_BATCH texts."""
        vectors: list[Vector] = []
        for start in range(0, len(texts), EMBEDDING_BATCH):
            batch = texts[start : start + EMBEDDING_BATCH]
            found = self._embeddings.embed(batch, questions=questions)
            if not are_usable(found, len(batch), self._dimensions):
                logger.error("the embedding model returned another number of vectors or dimensions, or no numbers")
                raise UnavailableError(Code.MODEL_UNAVAILABLE)
            vectors += found
        return vectors

    def stream_answer(self, messages: "Sequence[ChatCompletionMessageParam]") -> Generator[str, None, int | None]:
        """Yield the pieces of a streamed answer; `close()` on the generator ends the request, and with it the cost.

        Return the number of tokens read and written, None if the server does not report it. The request sets no token
        limit: servers name it differently, and a reasoning model would spend it before the first word of the answer.

        Raises UnavailableError(MODEL_UNAVAILABLE) after the last piece also for an answer that breaks off (no finish
        reason), that the provider's content filter ends, or that has no text.
        """
        answer, has_text = _Answer(), False
        with _client(self._chat_server, STREAM_TIMEOUT_S, NO_RETRIES) as client:
            stream: Stream[ChatCompletionChunk] = client.chat.completions.create(
                model=self._chat_model, messages=messages, stream=True, stream_options=TELL_USAGE, **self._options
            )
            with stream:
                for piece in without_reasoning(answer.pieces(stream)):
                    has_text = True
                    yield piece
        if answer.ended_by in {None, "content_filter"} or not has_text:
            logger.warning("the model's answer is incomplete", extra={"finish_reason": identifier(answer.ended_by)})
            raise UnavailableError(Code.MODEL_UNAVAILABLE)
        return answer.tokens

    def write_json(
        self, messages: "Sequence[ChatCompletionMessageParam]", task: str, schema: dict[str, Any]
    ) -> tuple[str, int]:
        """Return the model's output for a small task, and the tokens read and written (0 if not reported).

        `task` is the name of the JSON schema in the request; a server may ignore the schema, so the caller validates.
        """
        asked_for: ResponseFormatJSONSchema = {
            "type": "json_schema",
            "json_schema": {"name": task, "schema": schema},
        }
        return self._written(messages, TASK_TIMEOUT_S, response_format=asked_for)

    def read_picture(self, messages: "Sequence[ChatCompletionMessageParam]") -> tuple[str, int]:
        """Return the model's output for a request with a picture, and the tokens (0 if not reported)."""
        return self._written(messages, PICTURE_TIMEOUT_S)

    def _written(
        self, messages: "Sequence[ChatCompletionMessageParam]", timeout_s: float, **asked: Any
    ) -> tuple[str, int]:
        with _client(self._chat_server, timeout_s, NO_RETRIES) as client:
            completion: ChatCompletion = client.chat.completions.create(
                model=self._chat_model, messages=messages, **asked, **self._options
            )
            text = "".join(without_reasoning([completion.choices[0].message.content or ""]))
            return text, _tokens(completion.usage) or 0


def _tokens(usage: "CompletionUsage | None") -> int | None:
    """Return the tokens read and written, None if the server does not report them."""
    total = getattr(usage, "total_tokens", None)
    return total if isinstance(total, int) and total >= 0 else None


class _Answer:
    """The finish reason and the tokens of one stream, collected while its text is read."""

    def __init__(self) -> None:
        self.ended_by: str | None = None
        self.tokens: int | None = None

    def pieces(self, stream: "Stream[ChatCompletionChunk]") -> Iterator[str]:
        for event in stream:
            self.tokens = _tokens(event.usage) or self.tokens
            for choice in (event.choices or [])[:1]:  # some servers send null for no choices, or for an empty delta
                self.ended_by = choice.finish_reason or self.ended_by
                if choice.delta and choice.delta.content:
                    yield choice.delta.content


class ServerEmbeddings:
    """Embeddings from a server of the OpenAI protocol; `asked_dimensions` is None if the server refuses the field."""

    def __init__(self, server: ModelServer, model: str, *, asked_dimensions: int | None) -> None:
        self.server = server
        self._model = model
        self._asked: dict[str, Any] = {"dimensions": asked_dimensions} if asked_dimensions else {}

    def embed(self, texts: Sequence[str], *, questions: bool) -> list[Vector]:  # noqa: ARG002  (no difference here)
        """Return one vector for each text."""
        with _client(self.server, EMBEDDING_TIMEOUT_S, EMBEDDING_RETRIES) as client:
            # `client.embeddings` checks each text and makes an object of each vector, which takes twice the time.
            body = {"model": self._model, "input": list(texts), "encoding_format": "base64", **self._asked}
            answer: Any = client.post("/embeddings", cast_to=object, body=body)
            return [_numbers(item["embedding"]) for item in sorted(answer["data"], key=itemgetter("index"))]


def _numbers(embedding: str | list[float]) -> Vector:
    """Return the vector of a response: base64 of 32-bit floats, or a list from a server that ignores the format."""
    return array("f", base64.b64decode(embedding)) if isinstance(embedding, str) else embedding


def embeddings_of(settings: ModelSettings, chat_server: ModelServer) -> ServerEmbeddings | BedrockEmbeddings:
    """Return the client of the embedding model: at its own address, or at that of the chat model."""
    model = settings.embedding_model
    asked = settings.embedding_dimensions if settings.asks_for_dimensions else None
    if (settings.embedding_base_url or settings.model_base_url) == BEDROCK:
        return BedrockEmbeddings(model, asked_dimensions=asked)
    server = chat_server
    if settings.embedding_base_url:
        server = ModelServer(settings.embedding_base_url, partial(key_in, settings.embedding_key_parameter))
    return ServerEmbeddings(server, model, asked_dimensions=asked)


@contextmanager
def _client(server: ModelServer, timeout_s: float, retries: int) -> "Generator[OpenAI]":
    """Yield the client with this timeout and number of retries, which are for 429, 5xx and lost connections.

    A failure of the openai package, or of reading the response within the block, is logged, and
    UnavailableError(MODEL_UNAVAILABLE) raised instead.
    """
    from openai import AuthenticationError, OpenAIError, Timeout  # noqa: PLC0415  (takes 0.7 s of a cold start)

    try:
        yield server.client().with_options(timeout=Timeout(timeout_s, connect=CONNECT_TIMEOUT_S), max_retries=retries)
    except (OpenAIError, *MALFORMED) as error:
        if isinstance(error, AuthenticationError):  # the key may just have been replaced
            server.forget_key()
        logger.warning(
            "the model failed",
            extra={
                "failure": type(error).__name__,
                "status": getattr(error, "status_code", None),
                "provider_code": identifier(getattr(error, "code", None)),
                "provider_type": identifier(getattr(error, "type", None)),
            },
        )
        raise UnavailableError(Code.MODEL_UNAVAILABLE) from None
