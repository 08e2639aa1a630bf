"""Both commands of the README in a fresh clone, with an empty home and hardly anything on the PATH.

`make test` in the clone runs at the short size, without these tests, so they do not run themselves again.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from documind.errors import Ending
from documind_cli.answering import Question
from documind_cli.client import Client
from documind_cli.room import Room
from local.ports import claimed_ports
from local.run_tests import BROWSERS, HEADLESS_SHELL
from local.website_server import SESSION_PATH
from tests.deployed import ROOT

pytestmark = pytest.mark.long

START_TIMEOUT_S = 900
STOP_TIMEOUT_S = 60
TESTS_TIMEOUT_S = 3600
TOOLS = ("sh", "make", "git", "cat", "chmod", "cp", "dirname", "env", "ln", "ls", "mkdir", "mv", "rm", "sed", "sleep",
         "tr", "uname", "ps",
         "grep", "expr", "cut", "mktemp")  # these are asked for by the script that Debian's chromium is  # fmt: skip
KEPT = re.compile(
    r"(LANG|(HTTPS?|NO)_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(PIP|UV|NPM_CONFIG)_.*)$",
    re.IGNORECASE,
)
CACHES = {".cache", ".npm", ".cdk", ".m2", ".jgo", ".config", ".pki", ".local", ".aws-cdk"}


@dataclass(frozen=True)
class Machine:
    """A fresh clone, and the environment in which its commands run."""

    clone: Path
    environment: dict[str, str]

    def start(self, *command: str, log: Path, **more: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            return subprocess.Popen(
                command, cwd=self.clone, env=self.environment | more, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def processes(self) -> list[str]:
        """Return the command lines of processes that still run from the clone."""
        told = subprocess.run(["ps", "-axww", "-o", "command="], check=True, capture_output=True, text=True).stdout
        return [line for line in told.splitlines() if str(self.clone) in line]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Clone the last commit; at the end no process may run, and no files be left outside clone and home's caches."""
    folder = tmp_path_factory.mktemp("bare")
    tools, home, temporary, clone = (folder / name for name in ("bin", "home", "tmp", "clone"))
    for made in (tools, home, temporary):
        made.mkdir()
    (tools / "python3").symlink_to(Path(sys.executable).resolve())
    for name in (*TOOLS, *BROWSERS, HEADLESS_SHELL):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    kept = {name: value for name, value in os.environ.items() if KEPT.match(name)}
    environment = {**kept, "HOME": str(home), "PATH": str(tools), "TMPDIR": str(temporary)}
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    machine = Machine(clone, environment)
    yield machine
    assert machine.processes() == []
    assert {path.name for path in folder.iterdir()} == {"bin", "home", "tmp", "clone", *logs(folder)}
    assert {path.name for path in home.iterdir()} <= CACHES
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True, capture_output=True, text=True)
    assert changed.stdout == ""
    shutil.rmtree(folder)


def logs(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.log")}


def test_make_run_answers_a_question_with_a_citation_and_stops(machine: Machine) -> None:
    log = machine.clone.parent / "run.log"
    with claimed_ports() as ports:
        started_at = time.monotonic()
        run = machine.start("make", "run", log=log, PORT_BASE=str(ports.website))
        try:
            website_url = wait_until_ready(run, log)
            ready_s = time.monotonic() - started_at
            ask_about_the_sample(website_url)
        finally:
            stopped_at = time.monotonic()
            os.killpg(run.pid, signal.SIGINT)  # as Ctrl-C, which reaches the whole process group
            run.wait(STOP_TIMEOUT_S)
        ports.require_free()
    print(f"make run: ready after {ready_s:.0f} s, stopped in {time.monotonic() - stopped_at:.0f} s")
    assert machine.processes() == []


def wait_until_ready(run: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the page's address is printed, and return it."""
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while not (found := re.search(r"ready after .*?: (http://\S+)", log.read_text())):
        assert run.poll() is None, log.read_text()
        assert time.monotonic() < give_up_at, log.read_text()
        time.sleep(0.5)
    return found.group(1)


def ask_about_the_sample(website_url: str) -> None:
    """Act as the page does: load, get a session, open the demo room and ask."""
    page, config = (urllib3.request("GET", f"{website_url}{path}") for path in ("/", "/config.json"))
    session = urllib3.request("POST", f"{website_url}{SESSION_PATH}", headers={"Origin": website_url})
    assert (page.status, config.status, session.status) == (200, 200, 200)
    assert "DocuMind" in page.data.decode()

    def connect(_renew: bool) -> Client:
        return Client.connect(json.loads(config.data)["websocket_url"], session.json()["access_token"])

    with Room(connect, "Demo") as room:
        assert {document.status for document in room.opened.documents} == {"ready"}
        answer = Question(room, "What is DocuMind?").follow()
    assert answer.ending is Ending.ANSWER
    assert answer.citations


def test_make_test_passes(machine: Machine) -> None:
    log = machine.clone.parent / "test.log"
    started_at = time.monotonic()
    tests = machine.start("make", "test", log=log)
    status = tests.wait(TESTS_TIMEOUT_S)
    print(f"make test: {time.monotonic() - started_at:.0f} s")
    assert status == 0, log.read_text()
