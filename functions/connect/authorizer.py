"""The REQUEST authorizer of `$connect`: allows connections of signed-in users from our own origins.

API Gateway passes its context to every later route as `requestContext.authorizer`. The token is in the query string,
because a browser cannot set headers on a WebSocket.
"""

import logging
from functools import cache
from typing import Any

import jwt

from documind import logs
from documind.errors import Code, DocumindError, NotAllowedError
from documind.settings import AuthorizerSettings, load

logger = logging.getLogger(__name__)


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return an IAM policy that allows or denies the connection."""
    settings = load(AuthorizerSettings)
    query = event.get("queryStringParameters") or {}
    if not _origin_is_ours(event.get("headers") or {}, settings):
        logger.info("refused: the origin is not allowed")
        return _policy("nobody", "Deny", event["methodArn"], {})
    try:
        claims = _verified(query.get("token", ""), settings)
    except DocumindError as error:
        logger.info("refused", extra={"code": error.code.value, "failure": type(error.__cause__).__name__})
        return _policy("nobody", "Deny", event["methodArn"], {})
    language = "zh-TW" if query.get("language", "").lower().startswith("zh") else "en"
    context = {
        "user_id": claims["sub"],
        "user_name": claims.get("username", claims["sub"]),
        "expires_at": str(int(claims["exp"])),
        "language": language,
    }
    return _policy(claims["sub"], "Allow", event["methodArn"], context)


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


def _verified(token: str, settings: AuthorizerSettings) -> dict[str, Any]:
    """Return the claims of an access token.

    Checks signature, issuer, client, token use and expiry as Amazon Cognito documents:
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
    Raises NotAllowedError(NOT_SIGNED_IN) unless it is a valid access token of one of our clients.
    """
    try:
        key = _keys(settings.jwks_url).get_signing_key_from_jwt(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=settings.issuer,
            options={"require": ["exp", "iss", "sub"], "verify_aud": False},  # an access token has no audience
        )
    except jwt.PyJWTError as error:
        raise NotAllowedError(Code.NOT_SIGNED_IN) from error
    if claims.get("token_use") != "access" or claims.get("client_id") not in settings.client_ids.split(","):
        raise NotAllowedError(Code.NOT_SIGNED_IN)
    return claims


@cache
def _keys(jwks_url: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(jwks_url, cache_keys=True, timeout=5)
