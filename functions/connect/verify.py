"""Verifies the access token of a connection."""

from dataclasses import dataclass
from functools import cache

import jwt

from documind.errors import Code, NotAllowedError
from documind.settings import AuthorizerSettings
from documind.wire import User


@dataclass(frozen=True)
class Caller:
    """A signed-in user, and when the token expires (seconds since 1970)."""

    user: User
    expires_at: int


def verify(token: str, settings: AuthorizerSettings) -> Caller:
    """Return the user of an access token.

    Checks signature, issuer, client, token use and expiry as Amazon Cognito documents:
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
    Raises NotAllowedError(NOT_SIGNED_IN) unless it is a valid access token of one of our clients.
    """
    try:
        key = _keys(settings.jwks_url).get_signing_key_from_jwt(token)
        claims = jwt.decode(
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
    user = User(user_id=claims["sub"], name=claims.get("username", claims["sub"]))
    return Caller(user=user, expires_at=int(claims["exp"]))


@cache
def _keys(jwks_url: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(jwks_url, cache_keys=True, timeout=5)
