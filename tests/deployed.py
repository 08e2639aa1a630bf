"""Fixtures of tests that use the whole product: one system per session, deployed on this machine."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3
from websockets.exceptions import ConnectionClosed

from documind.languages import Language
from documind_cli.client import Client
from infra.stage import stage_from_context
from local import accounts, processes
from local.deployment import Deployment
from local.ports import claimed_ports
from local.steps import StepError
from local.system import DEMO_USER, LAUNCHER, LocalSystem, OfflineSystem
from tests.sizes import size

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
FOLDERS = ROOT / ".state" / "tests"
LOGS = ROOT / ".state" / "logs" / "tests"  # of the last run of each set of tiers
STAGE = stage_from_context({"stage": size("test", "local")}.get)  # `test` differs from `local` in short times
RESTARTS = "test_restart"


@dataclass
class Person:
    """A user of the deployed system, signed in; `connections` are closed when the test ends."""

    deployed: Deployment
    name: str
    password: str
    connections: list[Client] = field(default_factory=list)

    def connect(self, language: Language = "en") -> Client:
        token = accounts.sign_in(self.deployed, self.name, self.password).access_token
        client = Client.connect(self.deployed.websocket_url, token, language)
        self.connections.append(client)
        return client

    def close(self) -> None:
        while self.connections:
            close(self.connections.pop())


def close(client: Client) -> None:
    """Close a connection with unread frames: they would delay the close frame by 10 s.

    The websockets package stops reading while more than 16 messages wait:
    https://websockets.readthedocs.io/en/stable/topics/memory.html
    """
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        for _ in client.frames(timeout_s=0):
            pass
    client.close()


class Models:
    """Switches faults of the offline model server, and reads its counts."""

    def __init__(self, url: str) -> None:
        self._url = url

    def fail(self, **faults: dict[str, Any]) -> None:
        """Replace all faults by these, for `chat` or `embeddings`; without arguments there are none."""
        answer = urllib3.request("PUT", f"{self._url}/faults", json=faults)
        assert answer.status == 200, answer.data

    def count(self, endpoint: str, event: str) -> int:
        """Return how often an event has happened so far."""
        found: int = urllib3.request("GET", f"{self._url}/requests").json()[endpoint][event]
        return found


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest) -> Iterator[LocalSystem]:
    """The system of the session, which `deployed` starts; at the end it is always deleted except for its logs."""
    with ending_in_order(), claimed_ports() as ports:
        folder = new_folder()
        offline = OfflineSystem(folder, ports, STAGE.name)
        try:
            yield offline
        finally:
            with folders_locked():
                offline.stop()
                keep_logs(folder / "logs", "-".join(sorted(tiers_of(request.session))))
                shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def deployed(system: LocalSystem) -> Deployment:
    try:
        return system.start()
    except StepError as error:
        pytest.fail(error.report(), pytrace=False)


@pytest.fixture
def sign_up(deployed: Deployment) -> Iterator[Callable[[], Person]]:
    """Return a function that creates a new user."""
    people: list[Person] = []

    def make() -> Person:
        person = Person(deployed, f"user-{secrets.token_hex(4)}", f"Aa1!{secrets.token_urlsafe(12)}")
        accounts.create_user(deployed, person.name, person.password)
        people.append(person)
        return person

    yield make
    for person in people:
        person.close()


@pytest.fixture
def person(sign_up: Callable[[], Person]) -> Person:
    return sign_up()


@pytest.fixture
def demo(system: LocalSystem, deployed: Deployment) -> Iterator[Person]:
    """The demo user, as which the page opens on a local run."""
    user = Person(deployed, DEMO_USER, system.password())
    yield user
    user.close()


@pytest.fixture
def offline_models(deployed: Deployment) -> Iterator[Models]:
    knobs = Models(deployed.models_url)
    yield knobs
    knobs.fail()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that restart the system last, because they end all connections."""
    items.sort(key=lambda item: item.path.name.startswith(RESTARTS))


def new_folder() -> Path:
    """Create a state folder and record this process in it before another run can take it for a leftover."""
    with folders_locked():
        clear_up_after_killed_runs()
        folder = Path(tempfile.mkdtemp(dir=FOLDERS))
        processes.remember(LAUNCHER, os.getpid(), folder)
        return folder


@contextmanager
def folders_locked() -> Iterator[None]:
    """Keep other sessions from creating or deleting state folders meanwhile."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    with FOLDERS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file releases it
        yield


def clear_up_after_killed_runs() -> None:
    """Stop the processes and delete the folders of killed runs; runs that are alive are not touched."""
    for folder in FOLDERS.iterdir():
        if processes.remembered(LAUNCHER, folder) is None:
            processes.stop_leftovers(folder)
            shutil.rmtree(folder, ignore_errors=True)


def tiers_of(session: pytest.Session) -> set[str]:
    return {item.path.relative_to(TESTS).parts[0] for item in session.items}


def keep_logs(folder: Path, name: str) -> None:
    """Replace the kept logs of this name by those in `folder`."""
    shutil.rmtree(LOGS / name, ignore_errors=True)
    if folder.is_dir():
        shutil.copytree(folder, LOGS / name)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Make SIGTERM and SIGHUP end the run as Ctrl-C does, so that fixtures are torn down."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
