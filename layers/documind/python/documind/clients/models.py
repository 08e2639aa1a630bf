"""The language models, reached through the OpenAI protocol: embeddings, answers that stream, small tasks in JSON."""

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from documind.clients.model_server import ModelServer, servers_of
from documind.errors import Code, UnavailableError
from documind.logs import identifier
from documind.settings import ModelSettings

if TYPE_CHECKING:
    from openai import OpenAI, Stream
    from openai.types.chat import (
        ChatCompletionChunk,
        ChatCompletionMessageParam,
        ChatCompletionStreamOptionsParam,
    )
    from openai.types.shared_params import ResponseFormatJSONSchema

EMBEDDING_BATCH = 64  # texts a request; OpenAI takes 2,048 texts and 300,000 tokens, small servers far fewer
CONNECT_TIMEOUT_S = 5.0
EMBEDDING_TIMEOUT_S = 15.0  # of one try: with two retries below the 55 s of the retrieve step
EMBEDDING_RETRIES = 2
TASK_TIMEOUT_S = 10.0  # of a small task before the answer, without which the question is answered as well
STREAM_TIMEOUT_S = 70.0  # between two pieces: longer than the apology waits for the first one, 60 s
STREAM_RETRIES = 0  # what was sent may be paid for already
TELL_USAGE: "ChatCompletionStreamOptionsParam" = {"include_usage": True}

log = logging.getLogger(__name__)


class Models:
    """The embedding model and the chat model.

    Every method raises UnavailableError(MODEL_UNAVAILABLE) when the model cannot be reached or refuses; what exactly
    happened stands in the log, never the words of the provider, which may quote the key.
    """

    def __init__(
        self,
        chat_server: ModelServer,
        embedding_server: ModelServer,
        *,
        embedding_model: str,
        dimensions: int,
        asks_for_dimensions: bool = True,
        chat_model: str,
        temperature: float | None = None,
        reasoning_effort: str | None = None,
    ) -> None:
        self._chat_server = chat_server
        self._embedding_server = embedding_server
        self._embedding_model = embedding_model
        self._dimensions = dimensions
        self._asked: dict[str, Any] = {"dimensions": dimensions} if asks_for_dimensions else {}
        self._chat_model = chat_model
        choices = {"temperature": temperature, "reasoning_effort": reasoning_effort}
        self._options: dict[str, Any] = {name: choice for name, choice in choices.items() if choice is not None}

    @classmethod
    def from_settings(cls, settings: ModelSettings) -> "Models":
        """Make the real one; keys are read from SSM, and `openai` imported, on first use."""
        return cls(
            *servers_of(settings),
            embedding_model=settings.embedding_model,
            dimensions=settings.embedding_dimensions,
            asks_for_dimensions=settings.asks_for_dimensions,
            chat_model=settings.chat_model,
            temperature=settings.temperature,
            reasoning_effort=settings.reasoning_effort,
        )

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text, in their order; asks in batches of 64."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), EMBEDDING_BATCH):
            vectors += self._embed_batch(list(texts[start : start + EMBEDDING_BATCH]))
        return vectors

    def stream_answer(self, messages: "Sequence[ChatCompletionMessageParam]") -> Generator[str, None, int | None]:
        """Yield the answer piece by piece; `close()` on the generator ends the request, and with it the cost.

        Returns how many tokens were read and written, where the server tells it. No limit is sent with the request:
        servers differ in its name, and the thinking of a reasoning model would eat it up before the first word.

        An answer that breaks off (no finish reason) raises like any other failure, after the pieces that came.
        """
        finished, tokens = False, None
        with _failures_translated(self._chat_server):
            client = _limited(self._chat_server, STREAM_TIMEOUT_S, STREAM_RETRIES)
            stream: Stream[ChatCompletionChunk] = client.chat.completions.create(
                model=self._chat_model, messages=messages, stream=True, stream_options=TELL_USAGE, **self._options
            )
        with _failures_translated(self._chat_server), stream:
            for event in stream:
                tokens = event.usage.total_tokens if event.usage else tokens
                for choice in event.choices[:1]:
                    finished = finished or choice.finish_reason is not None
                    if choice.delta.content:
                        yield choice.delta.content
        if not finished:
            log.warning("the model's answer broke off")
            raise UnavailableError(Code.MODEL_UNAVAILABLE)
        return tokens

    def write_json(
        self, messages: "Sequence[ChatCompletionMessageParam]", task: str, schema: dict[str, Any]
    ) -> tuple[str, int]:
        """Return what the model writes for a small task, and how many tokens were read and written as far as it tells.

        `task` names the JSON schema that is asked for; a server may ignore it, so the caller validates.
        """
        asked_for: ResponseFormatJSONSchema = {
            "type": "json_schema",
            "json_schema": {"name": task, "schema": schema},
        }
        with _failures_translated(self._chat_server):
            client = _limited(self._chat_server, TASK_TIMEOUT_S, STREAM_RETRIES)
            completion = client.chat.completions.create(
                model=self._chat_model, messages=messages, response_format=asked_for, **self._options
            )
        text = completion.choices[0].message.content if completion.choices else None
        return text or "", completion.usage.total_tokens if completion.usage else 0

    def _embed_batch(self, texts: list[str]) -> list[list[float]]:
        with _failures_translated(self._embedding_server):
            client = _limited(self._embedding_server, EMBEDDING_TIMEOUT_S, EMBEDDING_RETRIES)
            response = client.embeddings.create(model=self._embedding_model, input=texts, **self._asked)
        vectors = [item.embedding for item in sorted(response.data, key=lambda item: item.index)]
        if len(vectors) != len(texts) or any(len(vector) != self._dimensions for vector in vectors):
            log.error("the embedding model does not keep to the dimensions of the settings")
            raise UnavailableError(Code.MODEL_UNAVAILABLE)
        return vectors


def _limited(server: ModelServer, timeout_s: float, retries: int) -> "OpenAI":
    """Return the client with a limit for each wait, and retries for 429, 5xx and lost connections."""
    from openai import Timeout  # noqa: PLC0415  (0.7 s, paid only by who needs it)

    return server.client().with_options(timeout=Timeout(timeout_s, connect=CONNECT_TIMEOUT_S), max_retries=retries)


@contextmanager
def _failures_translated(server: ModelServer) -> Generator[None, None, None]:
    """Turn every failure of the openai package into the one error of ours."""
    from openai import AuthenticationError, OpenAIError  # noqa: PLC0415  (0.7 s, paid only by who needs it)

    try:
        yield
    except OpenAIError as error:
        if isinstance(error, AuthenticationError):  # it may have been replaced a moment ago
            server.forget_key()
        log.warning(
            "the model failed",
            extra={
                "failure": type(error).__name__,
                "status": getattr(error, "status_code", None),
                "provider_code": identifier(getattr(error, "code", None)),
                "provider_type": identifier(getattr(error, "type", None)),
            },
        )
        raise UnavailableError(Code.MODEL_UNAVAILABLE) from None
