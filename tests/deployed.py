"""Fixtures of the tests that use the whole product: one system, really deployed on this machine, for each session."""

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
LOGS = ROOT / ".state" / "logs" / "tests"  # by tiers, of the last run of each
STAGE = stage_from_context({"stage": size("test", "local")}.get)  # the same but for short times, or the real ones
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
    """Close a connection of which not everything was read: unread frames would hide the close frame for 10 s.

    Of more than 16 messages that wait, websockets reads no further:
    https://websockets.readthedocs.io/en/stable/topics/memory.html
    """
    with contextlib.suppress(TimeoutError, ConnectionClosed):
        for _ in client.frames(timeout_s=0):
            pass
    client.close()


class Models:
    """The offline model server's knobs."""

    def __init__(self, url: str) -> None:
        self._url = url

    def fail(self, **faults: dict[str, Any]) -> None:
        """Switch faults on for `chat` or `embeddings`, in place of those that were; without any, all work again."""
        answer = urllib3.request("PUT", f"{self._url}/faults", json=faults)
        assert answer.status == 200, answer.data

    def count(self, endpoint: str, event: str) -> int:
        """How often something happened so far."""
        found: int = urllib3.request("GET", f"{self._url}/requests").json()[endpoint][event]
        return found


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest) -> Iterator[LocalSystem]:
    """The session's one system, which `deployed` starts; whatever happens, nothing of it is left but its logs."""
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
    """Make users of the test's own."""
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
    """The user as whom the page opens on a local run."""
    user = Person(deployed, DEMO_USER, system.password())
    yield user
    user.close()


@pytest.fixture
def offline_models(deployed: Deployment) -> Iterator[Models]:
    knobs = Models(deployed.models_url)
    yield knobs
    knobs.fail()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What restarts the system comes last, for it ends everybody's connections."""
    items.sort(key=lambda item: item.path.name.startswith(RESTARTS))


def new_folder() -> Path:
    """A state folder, written down as this process's before any other run can take it for a leftover."""
    with folders_locked():
        clear_up_after_killed_runs()
        folder = Path(tempfile.mkdtemp(dir=FOLDERS))
        processes.remember(LAUNCHER, os.getpid(), folder)
        return folder


@contextmanager
def folders_locked() -> Iterator[None]:
    """Keep other sessions from making or removing state folders meanwhile."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    with FOLDERS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # closing the file releases it
        yield


def clear_up_after_killed_runs() -> None:
    """Stop what a run left behind that had no chance to clear up; one that still runs is left alone."""
    for folder in FOLDERS.iterdir():
        if processes.remembered(LAUNCHER, folder) is None:
            processes.stop_leftovers(folder)
            shutil.rmtree(folder, ignore_errors=True)


def tiers_of(session: pytest.Session) -> set[str]:
    return {item.path.relative_to(TESTS).parts[0] for item in session.items}


def keep_logs(folder: Path, name: str) -> None:
    """Put the logs of a system where those of the last session of that name are."""
    shutil.rmtree(LOGS / name, ignore_errors=True)
    if folder.is_dir():
        shutil.copytree(folder, LOGS / name)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Have SIGTERM and SIGHUP end the run as Ctrl-C does: with every fixture's end."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
