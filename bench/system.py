"""A deployed system for one benchmark, with new users and a model of adjustable speed."""

import platform
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from documind_cli.client import Client
from local import accounts
from local.deployment import Deployment
from local.ports import claimed_ports
from local.system import OfflineSystem

STATE = Path(__file__).resolve().parent.parent / ".state"
HANDBOOK = Path(__file__).resolve().parent.parent / "tests" / "data" / "handbook-en.pdf"


@contextmanager
def deployed_system(stage: str = "local") -> Iterator[tuple[OfflineSystem, Deployment]]:
    """Start a whole system with the offline model in a temporary folder; stop and delete it at the end."""
    STATE.mkdir(exist_ok=True)
    temporary = tempfile.TemporaryDirectory(dir=STATE, prefix="bench-", ignore_cleanup_errors=True)
    with claimed_ports() as ports, temporary as folder:
        system = OfflineSystem(Path(folder), ports, stage, say=lambda _line: None)
        try:
            yield system, system.start()
        finally:
            system.stop()


def connect_as_new_user(deployed: Deployment) -> Client:
    """Connect as a new user; the caller closes the connection."""
    name, password = f"user-{secrets.token_hex(4)}", f"Aa1!{secrets.token_urlsafe(12)}"
    accounts.create_user(deployed, name, password)
    return Client.connect(deployed.websocket_url, accounts.sign_in(deployed, name, password).access_token)


def set_faults(deployed: Deployment, **faults: dict[str, Any]) -> None:
    """Replace the faults of the offline model, such as a delay; without arguments there are none."""
    answer = urllib3.request("PUT", f"{deployed.models_url}/faults", json=faults)
    if answer.status != 200:  # noqa: PLR2004
        raise RuntimeError(answer.data.decode())


def machine() -> str:
    """Return a description of the machine on which the figures were measured."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
