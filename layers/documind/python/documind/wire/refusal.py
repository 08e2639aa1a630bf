"""The `error` frame that answers a frame which was refused, however malformed that is."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from documind.errors import DocumindError
from documind.languages import Language
from documind.wire.server import ErrorFrame


class RequestId(BaseModel):
    """The one field read from a frame that was refused."""

    request_id: Annotated[str, Field(max_length=64)]


def refusal(body: bytes, error: DocumindError, language: Language) -> ErrorFrame:
    """Return the frame that tells a client why its frame was refused."""
    return ErrorFrame(
        request_id=_request_id(body),
        code=error.code,
        message=error.message(language),
        retry_after_s=error.retry_after_s,
    )


def body_of(event: dict[str, object]) -> bytes:
    """Return the frame in an event of the WebSocket API as it was sent.

    A lone surrogate cannot be encoded as UTF-8: it becomes bytes that are refused like any other malformed frame.
    """
    return str(event.get("body") or "").encode(errors="surrogatepass")


def _request_id(body: bytes) -> str | None:
    try:
        return RequestId.model_validate_json(body).request_id
    except ValidationError:
        return None
