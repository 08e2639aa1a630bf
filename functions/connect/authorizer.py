"""The REQUEST authorizer of `$connect`: allows connections of signed-in users from our own origins.

API Gateway passes its context to every later route as `requestContext.authorizer`. The token is in the query string,
because a browser cannot set headers on a WebSocket.
"""

import logging
from typing import TYPE_CHECKING, Any

from connect.verify import verify
from documind import logs
from documind.errors import DocumindError
from documind.settings import AuthorizerSettings, load

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, Any]:
    """Return an IAM policy that allows or denies the connection."""
    settings = load(AuthorizerSettings)
    query = event.get("queryStringParameters") or {}
    if not _origin_is_ours(event.get("headers") or {}, settings):
        logger.info("refused: the origin is not allowed")
        return _policy("nobody", "Deny", event["methodArn"], {})
    try:
        caller = verify(query.get("token", ""), settings)
    except DocumindError as error:
        logger.info("refused", extra={"code": error.code.value, "failure": type(error.__cause__).__name__})
        return _policy("nobody", "Deny", event["methodArn"], {})
    language = "zh-TW" if query.get("language", "").lower().startswith("zh") else "en"
    context = {
        "user_id": caller.user.user_id,
        "user_name": caller.user.name,
        "expires_at": str(caller.expires_at),
        "language": language,
    }
    return _policy(caller.user.user_id, "Allow", event["methodArn"], context)


def _origin_is_ours(headers: dict[str, str], settings: AuthorizerSettings) -> bool:
    """Return whether the origin is allowed, or absent: browsers always send one, other clients need not."""
    origin = {name.lower(): value for name, value in headers.items()}.get("origin")
    return origin is None or origin in settings.allowed_origins.split(",")


def _policy(principal: str, effect: str, method_arn: str, context: dict[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": method_arn}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
