"""Who may connect: users with tokens of our issuer and clients, from our page."""

import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connect import authorizer
from documind.settings import AuthorizerSettings
from tests.lambda_context import Context

ISSUER = "https://issuer.example/pool"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SETTINGS = AuthorizerSettings(
    issuer=ISSUER,
    jwks_url=f"{ISSUER}/.well-known/jwks.json",
    client_ids="page,cli",
    allowed_origins="https://documind.example,http://127.0.0.1:8300",
)
ARN = "arn:aws:execute-api:us-east-1:1:api/stage/$connect"


class Keys:
    """The issuer's published keys: one for every valid token; an invalid token has no key."""

    def get_signing_key_from_jwt(self, token: str) -> Any:
        jwt.get_unverified_header(token)
        return SimpleNamespace(key=KEY.public_key()).key


@pytest.fixture(autouse=True)
def _keys_and_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorizer, "_keys", lambda _url: Keys())
    monkeypatch.setattr(authorizer, "load", lambda _settings_class: SETTINGS)


def token(*, key: rsa.RSAPrivateKey | str = KEY, algorithm: str = "RS256", **changes: Any) -> str:
    claims = {
        "sub": "user-1",
        "username": "ann",
        "iss": ISSUER,
        "client_id": "cli",
        "token_use": "access",
        "exp": int(time.time()) + 3600,
        **changes,
    }
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def authorized(
    credentials: str | None, *, origin: str | None = None, language: str | None = None
) -> tuple[str, dict[str, str]]:
    query = {"token": credentials, "language": language}
    event = {
        "methodArn": ARN,
        "headers": {"Origin": origin} if origin else None,
        "queryStringParameters": {name: value for name, value in query.items() if value} or None,
    }
    policy = authorizer.handler(event, Context())
    (statement,) = policy["policyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("execute-api:Invoke", ARN)
    return statement["Effect"], policy["context"]


def test_a_signed_in_user_is_accepted_and_known_on_later_routes() -> None:
    effect, context = authorized(token(exp=4_000_000_000))
    assert effect == "Allow"
    assert context == {"user_id": "user-1", "user_name": "ann", "expires_at": "4000000000", "language": "en"}


@pytest.mark.parametrize(
    ("asked", "spoken"), [("zh-TW", "zh-TW"), ("zh-Hant", "zh-TW"), ("ZH", "zh-TW"), ("en-GB", "en"), ("fr", "en")]
)
def test_the_language_of_the_page_is_that_of_the_errors(asked: str, spoken: str) -> None:
    assert authorized(token(), language=asked)[1]["language"] == spoken


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        "",
        "none",
        "a.b.c",
        token(exp=int(time.time()) - 1),
        token(exp=None),
        token(iss="https://issuer.example/other"),
        token(iss=None),
        token(sub=None),
        token(client_id="another"),
        token(client_id=None),
        token(token_use="id"),  # noqa: S106
        token(key=OTHER_KEY),
        token(key="x" * 64, algorithm="HS256"),
        token(key="", algorithm="none"),
    ],
)
def test_any_other_token_is_refused(credentials: str | None) -> None:
    assert authorized(credentials) == ("Deny", {})


@pytest.mark.parametrize("origin", [None, "https://documind.example", "http://127.0.0.1:8300"])
def test_our_page_and_programs_may_connect(origin: str | None) -> None:
    assert authorized(token(), origin=origin)[0] == "Allow"


@pytest.mark.parametrize("origin", ["https://evil.example", "https://documind.example.evil", "null"])
def test_other_pages_may_not(origin: str) -> None:
    assert authorized(token(), origin=origin) == ("Deny", {})


def test_a_user_without_a_login_name_is_called_by_the_id() -> None:
    assert authorized(token(username=None))[1]["user_name"] == "user-1"
