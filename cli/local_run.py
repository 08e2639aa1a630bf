"""Sign-in at a local run: the user is made when new, with a password that follows from the run's own."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local import accounts
from local.deployment import Deployment
from local.system import DEMO_USER

STATE = Path(__file__).resolve().parent.parent / ".state" / "run"


class NotRunningError(OSError):
    """There is no local run in this state folder; the message says what to do."""


def read_deployment(folder: Path) -> Deployment:
    """Return where the system in a state folder is; raises NotRunningError when none was ever deployed there."""
    try:
        outputs: dict[str, str] = json.loads((folder / "deployment.json").read_text())["outputs"]
    except (OSError, ValueError, KeyError) as error:
        raise NotRunningError(
            f"Nothing is deployed in {folder}: start it with `make run`, or name --config."
        ) from error
    return Deployment("", outputs["WebSocketUrl"], outputs["LoginUrl"], "", "", outputs)


def password_of(folder: Path, user: str) -> str:
    """Return the password of a user of the local run; the demo user's own is made by the run."""
    secret = (folder / "demo-password").read_text()
    if user == DEMO_USER:
        return secret
    digest = hmac.digest(secret.encode(), user.encode(), hashlib.sha256)
    return f"Aa1!{base64.urlsafe_b64encode(digest)[:24].decode()}"


def token_source(folder: Path, user: str) -> tuple[str, Callable[[bool], str]]:
    """Return the WebSocket address, and what gives an access token of the user (each time a new one)."""
    deployment, password = read_deployment(folder), password_of(folder, user)

    def access_token(_renew: bool) -> str:
        try:
            return accounts.sign_in(deployment, user, password).access_token
        except ClientError:  # not made yet, or with another password: on this machine the state folder decides
            accounts.create_user(deployment, user, password)
            return accounts.sign_in(deployment, user, password).access_token
        except BotoCoreError as error:
            raise NotRunningError(f"The run of {folder} does not answer: start it with `make run`.") from error

    return deployment.websocket_url, access_token
