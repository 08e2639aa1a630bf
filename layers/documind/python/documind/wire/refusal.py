"""Builds the `error` frame for a refused frame, also for one that cannot be parsed."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from documind.errors import DocumindError
from documind.languages import Language
from documind.wire.server import ErrorFrame


class RequestId(BaseModel):
    """The only field that is read from a refused frame."""

    request_id: Annotated[str, Field(max_length=64)]


def refusal(body: bytes, error: DocumindError, language: Language) -> ErrorFrame:
    """Return the `error` frame for a refused frame; it echoes the `request_id` if that can be read."""
    return ErrorFrame(
        request_id=_request_id(body),
        code=error.code,
        message=error.message(language),
        retry_after_s=error.retry_after_s,
    )


def body_of(event: dict[str, object]) -> bytes:
    """Return the bytes of the frame in an event of the WebSocket API.

    A lone surrogate becomes bytes that are not UTF-8, so the parser refuses it like any other malformed frame.
    """
    return str(event.get("body") or "").encode(errors="surrogatepass")


def _request_id(body: bytes) -> str | None:
    try:
        return RequestId.model_validate_json(body).request_id
    except ValidationError:
        return None
