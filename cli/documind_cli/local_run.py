"""Sign-in at a local run: its website server returns a token for any user and creates a new one."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import urllib3

from documind_cli.sign_in import HTTP_TIMEOUT_S, read_config

STATE = Path(__file__).resolve().parents[2] / ".state" / "run"


def token_source(folder: Path, user: str | None) -> tuple[str, Callable[[bool], str]]:
    """Return the WebSocket address, and a function that returns an access token of the user (None: the demo user).

    Both raise OSError, whose message says what to do.
    """
    try:
        website_url = (folder / "website-url").read_text()
        config = read_config(f"{website_url}/config.json")
    except OSError as error:
        raise OSError(f"The run of {folder} does not answer: start it with `make run`, or name --config.") from error
    session_url = f"{website_url}{config['session_url']}?user={quote(user or '')}"

    def access_token(_renew: bool) -> str:
        try:
            answer = urllib3.request("POST", session_url, headers={"Origin": website_url}, timeout=HTTP_TIMEOUT_S)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"The run of {folder} does not answer: {error}") from error
        if answer.status != HTTPStatus.OK:
            raise OSError(f"The run of {folder} gives no session ({answer.status}).")
        return str(answer.json()["access_token"])

    return config["websocket_url"], access_token
