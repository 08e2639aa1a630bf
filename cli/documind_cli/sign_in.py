"""Sign-in at a deployed stage: authorization code with PKCE in the browser; tokens are stored in a file."""

import base64
import hashlib
import json
import os
import secrets
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

REDIRECT_URL = "http://localhost:8976/"  # registered with the user pool's client; Cognito compares the port too
LOGIN_TIMEOUT_S = 300.0
HTTP_TIMEOUT_S = 30.0
RENEW_BEFORE_S = 60
CONFIG_KEYS = ("websocket_url", "login_url", "client_id")


class NotSignedInError(Exception):
    """There are no valid tokens, or the sign-in failed; the message says what to do."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of a sign-in; `expires_at` (of the access token) is in seconds since 1970."""

    access_token: str
    refresh_token: str
    expires_at: float


def read_config(source: str) -> dict[str, str]:
    """Return the content of a stage's config.json, from a URL or a file; raises OSError or ValueError."""
    if urlsplit(source).scheme in {"http", "https"}:
        try:
            answer = urllib3.request("GET", source, timeout=HTTP_TIMEOUT_S)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"{source} cannot be reached: {error}") from error
        if answer.status != HTTPStatus.OK:
            raise OSError(f"{source} cannot be read ({answer.status})")
        content = answer.data
    else:
        content = Path(source).read_bytes()
    config: dict[str, str] = json.loads(content)
    if missing := [key for key in CONFIG_KEYS if not config.get(key)]:
        raise ValueError(f"{source} is no config.json of DocuMind: it has no {', '.join(missing)}")
    return config


class SignIn:
    """The sign-in at one stage; its tokens are in a file with mode 0600."""

    def __init__(self, config: Mapping[str, str], folder: Path) -> None:
        self._config = config
        self.websocket_url = config["websocket_url"]
        self._path = folder / f"{config['client_id']}.json"

    def login(self, show: Callable[[str], None]) -> None:
        """Open the login page in a browser and wait for its redirect; raises NotSignedInError when it fails."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._config["client_id"],
                "redirect_uri": REDIRECT_URL,
                "scope": "openid",
                "state": state,
                "code_challenge": challenge,
                "code_challenge_method": "S256",
            }
        )
        url = f"{self._config['login_url']}/oauth2/authorize?{query}"
        with _Loopback() as loopback:
            show(f"Sign in in the browser; if none opens, open this address:\n{url}")
            webbrowser.open(url)
            found = loopback.wait()
        if found.get("state") != state or "code" not in found:
            raise NotSignedInError(f"The sign-in did not succeed ({found.get('error', 'no answer in time')}).")
        given = {"code": found["code"], "redirect_uri": REDIRECT_URL, "code_verifier": verifier}
        self._keep(self._request("authorization_code", given, refresh_token=""))

    def logout(self) -> None:
        """Delete the stored tokens and revoke the refresh token; raises OSError if the pool cannot be reached."""
        if tokens := self._kept():
            body = {"token": tokens.refresh_token, "client_id": self._config["client_id"]}
            try:
                _post(f"{self._config['login_url']}/oauth2/revoke", body)
            finally:
                self._path.unlink(missing_ok=True)

    def access_token(self, renew: bool) -> str:
        """Return an access token, refreshed if `renew` or if it expires within a minute; raises NotSignedInError."""
        tokens = self._kept()
        if tokens is None:
            raise NotSignedInError("You are not signed in: run `documind login` with the same --config.")
        if renew or tokens.expires_at - time.time() < RENEW_BEFORE_S:
            given = {"refresh_token": tokens.refresh_token}
            tokens = self._request("refresh_token", given, refresh_token=tokens.refresh_token)
            self._keep(tokens)
        return tokens.access_token

    def _request(self, grant: str, given: Mapping[str, str], *, refresh_token: str) -> Tokens:
        body = {"grant_type": grant, "client_id": self._config["client_id"], **given}
        answer = _post(f"{self._config['login_url']}/oauth2/token", body)
        if answer.status != HTTPStatus.OK:
            raise NotSignedInError("Your sign-in has expired: run `documind login` again.")
        found = answer.json()
        return Tokens(
            found["access_token"], found.get("refresh_token", refresh_token), time.time() + found["expires_in"]
        )

    def _kept(self) -> Tokens | None:
        try:
            return Tokens(**json.loads(self._path.read_text()))
        except (OSError, ValueError, TypeError):  # no file, or an incomplete one
            return None

    def _keep(self, tokens: Tokens) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(tokens), file)
        new.replace(self._path)


def _post(url: str, form: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        return urllib3.request("POST", url, body=urlencode(form), headers=headers, timeout=HTTP_TIMEOUT_S)
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"the sign-in cannot be reached: {error}") from error


class _Loopback(HTTPServer):
    """A local HTTP server that receives the redirect of the login page."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        super().__init__(("127.0.0.1", int(urlsplit(REDIRECT_URL).port or 0)), _Return)

    def wait(self) -> dict[str, str]:
        give_up_at = time.monotonic() + LOGIN_TIMEOUT_S
        self.timeout = 1.0
        while not self.found and time.monotonic() < give_up_at:
            self.handle_request()
        return self.found


class _Return(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if "state" in query and isinstance(self.server, _Loopback):
            self.server.found = query
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write("DocuMind: you can close this window.\n已可關閉此視窗。\n".encode())

    def log_message(self, *_: Any) -> None:
        """Log nothing: the URL contains the authorization code."""
