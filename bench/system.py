"""A deployed system of the benchmark's own, and a person in it with a room that has a document."""

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
    """Start a whole system with the offline model in a folder of its own, and leave nothing of it behind."""
    STATE.mkdir(exist_ok=True)
    temporary = tempfile.TemporaryDirectory(dir=STATE, prefix="bench-", ignore_cleanup_errors=True)
    with claimed_ports() as ports, temporary as folder:
        system = OfflineSystem(Path(folder), ports, stage, say=lambda _line: None)
        try:
            yield system, system.start()
        finally:
            system.stop()


def connect_as_new_user(deployed: Deployment) -> Client:
    """Sign a new user in; whoever calls closes the connection."""
    name, password = f"user-{secrets.token_hex(4)}", f"Aa1!{secrets.token_urlsafe(12)}"
    accounts.create_user(deployed, name, password)
    return Client.connect(deployed.websocket_url, accounts.sign_in(deployed, name, password).access_token)


def set_faults(deployed: Deployment, **faults: dict[str, Any]) -> None:
    """Make the offline model slow, or as fast as before when nothing is given."""
    answer = urllib3.request("PUT", f"{deployed.models_url}/faults", json=faults)
    if answer.status != 200:  # noqa: PLR2004
        raise RuntimeError(answer.data.decode())


def machine() -> str:
    """Return what the figures were measured on, in words."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
