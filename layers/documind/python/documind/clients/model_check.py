"""Checks that the models can be used with these settings: address, key, name, dimensions and shut-down date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import BotoCoreError, ClientError

from documind.clients.model_server import MALFORMED

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

    from documind.clients.bedrock import BedrockEmbeddings

Kind = Literal[
    "usable",
    "key_missing",
    "key_refused",
    "unreachable",
    "unknown_model",
    "forbidden",
    "refused",
    "shut_down_soon",
    "wrong_dimensions",
    "no_embedding",
    "search_unreachable",
    "search_forbidden",
    "search_refuses_index",
]
WARNED_BEFORE = timedelta(days=90)
TIMEOUT_S = 20.0
UNKNOWN_MODEL = "model_not_found"
WITHOUT_EMBEDDINGS = {400, 404, 405, 422, 501}  # status codes of servers without embeddings
PROBE = '{"question": "Are you there?", "passages": [{"number": 1, "text": "Yes."}]}'  # the form of a real request
WHAT: Mapping[Kind, str] = {
    "usable": "{subject} can be used{detail}.",
    "key_missing": "There is no key of the model.",
    "key_refused": "{subject} refuses the key.",
    "unreachable": "{subject} does not answer.",
    "unknown_model": "{subject} is a model that the server does not know.",
    "forbidden": "{subject} may not be used by this role or key ({detail}).",
    "refused": "{subject} refuses a request ({detail}).",
    "shut_down_soon": "{subject} is shut down on {detail}.",
    "wrong_dimensions": "{subject} gives vectors of {detail}.",
    "no_embedding": "{subject} gives no embedding ({detail}).",
    "search_unreachable": "The search does not answer.",
    "search_forbidden": "The search refuses the function's role ({detail}).",
    "search_refuses_index": "The search refuses to make the index {subject} ({detail}).",
}


@dataclass(frozen=True)
class Finding:
    """The result of one check; `subject` is an address, a model or an index, `detail` completes the sentence."""

    kind: Kind
    subject: str = ""
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        return self.kind != "usable"

    def sentence(self, remedies: Mapping[Kind, str]) -> str:
        """Return the sentence of this finding, followed by the caller's remedy for its kind."""
        told = WHAT[self.kind].format(subject=self.subject, detail=self.detail)
        return f"{told} {remedies.get(self.kind, '')}".rstrip()


def check_chat(client: "OpenAI", model: str, *, today: date | None = None) -> Finding:
    """Return the finding about the chat model; begins one streamed answer and closes it after the first event."""
    from openai import OpenAIError  # noqa: PLC0415  (takes 0.7 s of a cold start)

    try:
        told = client.with_options(timeout=TIMEOUT_S, max_retries=0)
        with told.chat.completions.create(
            model=model, messages=[{"role": "user", "content": PROBE}], stream=True
        ) as answer:
            if next(iter(answer), None) is None:
                return Finding("refused", model, "no answer")
    except (OpenAIError, *MALFORMED) as error:
        return _fault(error, client, model)
    ends_on = _shut_down_on(client, model)
    if ends_on and ends_on - (today or datetime.now(UTC).date()) <= WARNED_BEFORE:
        return Finding("shut_down_soon", model, ends_on.isoformat())
    return Finding("usable", model, f" until {ends_on}" if ends_on else "")


def check_embedding(
    client: "OpenAI", model: str, dimensions: int | None, *, asks: bool = True
) -> tuple[Finding, int | None]:
    """Embed one text; return the finding, and the length of its vector unless it failed.

    The request names `dimensions` only if `asks`, and None accepts any.
    """
    from openai import OpenAIError, omit  # noqa: PLC0415  (takes 0.7 s of a cold start)

    try:
        told = client.with_options(timeout=TIMEOUT_S, max_retries=0)
        answer = told.embeddings.create(model=model, input=["OK"], dimensions=(dimensions if asks else None) or omit)
        length = len(answer.data[0].embedding)
    except OpenAIError as error:
        return _embedding_fault(error, client, model), None
    except MALFORMED as error:
        return Finding("no_embedding", f"{model} at {_address(client)}", type(error).__name__), None
    return _of_length(model, length, dimensions), length


def check_bedrock_embedding(embeddings: "BedrockEmbeddings", dimensions: int) -> Finding:
    """Embed one text with a model of Amazon Bedrock and return the finding.

    Error codes: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
    """
    model = embeddings.model
    try:
        (vector,) = embeddings.embed_or_fail(["OK"], questions=True)
    except ClientError as error:
        code = str(error.response["Error"].get("Code"))
        kinds: dict[str, Kind] = {"AccessDeniedException": "forbidden", "ResourceNotFoundException": "unknown_model"}
        return Finding(kinds.get(code, "refused"), model, code)
    except BotoCoreError as error:
        return Finding("unreachable", "Amazon Bedrock", type(error).__name__)
    return _of_length(model, len(vector), dimensions)


def _of_length(model: str, length: int, dimensions: int | None) -> Finding:
    if dimensions and length != dimensions:
        return Finding("wrong_dimensions", model, f"{length} dimensions where {dimensions} are set")
    return Finding("usable", model, f", with {length} dimensions")


def _embedding_fault(error: Exception, client: "OpenAI", model: str) -> Finding:
    """Return the finding for an error of an embedding request, also for a server that has no embeddings."""
    from openai import APIStatusError  # noqa: PLC0415

    if isinstance(error, APIStatusError) and error.status_code in WITHOUT_EMBEDDINGS and error.code != UNKNOWN_MODEL:
        return Finding("no_embedding", f"{model} at {_address(client)}", f"{error.status_code}, {_code_of(error)}")
    return _fault(error, client, model)


def _code_of(error: "APIStatusError") -> str:
    """Return the provider's error code, but no message, which may quote the key."""
    return error.code if isinstance(error.code, str) and error.code.isidentifier() else "no code"


def _address(client: "OpenAI") -> str:
    return str(client.base_url).rstrip("/")


def _fault(error: Exception, client: "OpenAI", model: str) -> Finding:
    """Return the finding for an error, without the provider's message: it may quote the key."""
    from openai import (  # noqa: PLC0415
        APIConnectionError,
        APIStatusError,
        AuthenticationError,
        NotFoundError,
        PermissionDeniedError,
    )

    address = _address(client)
    match error:
        case APIConnectionError():
            return Finding("unreachable", address)
        case AuthenticationError():
            return Finding("key_refused", address)
        case NotFoundError():
            return Finding("unknown_model", model)
        case PermissionDeniedError():
            return Finding("forbidden", model, str(error.status_code))
        case APIStatusError():
            return Finding("refused", model, f"{error.status_code}, {_code_of(error)}")
        case _:
            return Finding("refused", model, type(error).__name__)


def _shut_down_on(client: "OpenAI", model: str) -> date | None:
    """Return the `shutdown_date` of the model in `GET /v1/models`; None from servers without that field."""
    from openai import OpenAIError  # noqa: PLC0415  (takes 0.7 s of a cold start)

    try:
        listed = client.with_options(timeout=TIMEOUT_S, max_retries=0).models.list().data
        told = next((getattr(each, "shutdown_date", None) for each in listed if each.id == model), None)
        return datetime.fromtimestamp(told, UTC).date() if isinstance(told, int) else date.fromisoformat(str(told)[:10])
    except (OpenAIError, OverflowError, OSError, *MALFORMED):
        return None
