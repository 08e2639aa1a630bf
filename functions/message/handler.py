"""The handler of every route of the WebSocket API: parses frames, runs use cases, posts failures as `error` frames."""

import logging
import time
from typing import Any

from pydantic import ValidationError

from documind import logs
from documind.errors import Code, DocumindError, InvalidRequestError, NotAllowedError
from documind.wire import MAX_FRAME_BYTES, User, body_of, parse, refusal
from message.dispatch import answer
from message.services import Caller, services

IDS = ("chat_id", "question_id", "document_id")  # fields of a frame that become keys of the log
MAX_DETAIL_CHARACTERS = 100  # the detail names a field, whose name the client may have made as long as the frame

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Answer one frame. Every failure is posted to the connection as an `error` frame, so the status is always 200."""
    request = event["requestContext"]
    caller = _caller(request)
    logs.append_keys(connection_id=caller.connection_id, api_request_id=request["requestId"])
    body = body_of(event)
    try:
        _check_sign_in(request)
        services().rate.check(caller.connection_id)
        frame = _parse(body)
        logs.append_keys(frame=frame.type, **{name: getattr(frame, name, None) for name in IDS})
        answer(services(), caller, frame)
    except DocumindError as error:
        logger.info("refused", extra={"code": error.code.value})
        _post_error(caller, body, error)
    except Exception:
        logger.exception("failed")
        _post_error(caller, body, DocumindError(Code.INTERNAL, detail=request["requestId"]))
    return {"statusCode": 200}


def _caller(request: dict[str, Any]) -> Caller:
    authorizer = request["authorizer"]
    user = User(user_id=authorizer["user_id"], name=authorizer["user_name"])
    return Caller(connection_id=request["connectionId"], user=user, language=authorizer["language"])


def _check_sign_in(request: dict[str, Any]) -> None:
    """Raise NotAllowedError(NOT_SIGNED_IN) if the connection has outlived the token that opened it."""
    if int(request["authorizer"]["expires_at"]) <= time.time():
        raise NotAllowedError(Code.NOT_SIGNED_IN)


def _parse(body: bytes) -> Any:
    if len(body) > MAX_FRAME_BYTES:
        raise InvalidRequestError(Code.FRAME_TOO_LARGE)
    try:
        frame = parse(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        detail = " ".join([*map(str, first["loc"]), first["type"]])[:MAX_DETAIL_CHARACTERS]  # its `msg` is English
        raise InvalidRequestError(Code.FRAME_INVALID, detail=detail) from error
    if frame is None:
        raise InvalidRequestError(Code.FRAME_UNKNOWN)
    return frame


def _post_error(caller: Caller, body: bytes, error: DocumindError) -> None:
    services().sockets.post(caller.connection_id, refusal(body, error, caller.language))
