"""The command `documind` against the deployed system, as a person at a terminal and a script use it."""

import os
import pty
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from documind.errors import Ending
from documind.wire import SERVER_FRAMES, Delta
from documind_cli.answering import Question
from documind_cli.room import Room
from local.deployment import Deployment
from local.system import LocalSystem
from tests.deployed import Models, Person
from tests.e2e.rooms import HANDBOOK, upload
from tests.faults.breaking import cut
from tests.faults.kept import wait_until
from tests.pdfs import DATA

COMMAND = Path(sys.executable).parent / "documind"
QUESTION = "Who founded the library?"
TIMEOUT_S = 90
SLOW = {"delay_per_piece_s": 0.2}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def user() -> str:
    return f"user-{secrets.token_hex(4)}"


@pytest.fixture
def run(system: LocalSystem, deployed: Deployment, user: str) -> Run:  # noqa: ARG001 - for its deployment
    def documind(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(COMMAND), *map(str, arguments), "--state", str(system.folder), "--as", user]
        return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)

    return documind


def test_a_pdf_is_uploaded_once_and_asked_about(run: Run) -> None:
    first = run("ask", "--pdf", HANDBOOK, "--room", "Library", QUESTION)
    assert first.returncode == 0, first.stderr
    assert re.search(r'^\[1\] handbook-en\.pdf, p\. \d+: "\S', first.stdout, re.MULTILINE)
    assert "handbook-en.pdf: ready (6 pages)" in first.stderr
    assert "\x1b" not in first.stdout + first.stderr  # no escape sequences without a terminal

    again = run("ask", "--pdf", HANDBOOK, "--room", "library", QUESTION)
    assert again.stdout == first.stdout
    assert "already in the room" in again.stderr
    assert run("rooms").stdout == "Library  (owner)\n"
    wait_until(lambda: re.search(r"^  What .+\?$", run("documents", "Library").stdout, re.MULTILINE) is not None)
    assert run("history", "Library").stdout.count(f"> {QUESTION}") == 2


def test_a_script_gets_every_frame_as_a_line(run: Run) -> None:
    asked = run("ask", "--json", "--pdf", DATA / "report-zh-TW.pdf", "--room", "青嶼", "合作社是哪一年成立的？")
    assert asked.returncode == 0, asked.stderr
    frames = [SERVER_FRAMES.validate_json(line) for line in asked.stdout.splitlines()]
    message = frames[-1].message
    assert message.ending is Ending.ANSWER
    assert message.citations
    assert any(isinstance(frame, Delta) for frame in frames)


def test_each_way_to_end_has_its_exit_status(run: Run, offline_models: Models, tmp_path: Path) -> None:
    empty = run("ask", "--room", "Empty", QUESTION)
    assert (empty.returncode, "No document" in empty.stdout) == (3, True)
    assert run("ask", "--pdf", HANDBOOK, "--room", "Library", "月球背面有什麼？").returncode == 3
    offline_models.fail(chat={"status": 500})
    failed = run("ask", "--room", "Library", QUESTION)
    assert (failed.returncode, "Sorry" in failed.stdout) == (4, True)

    missing = run("ask", "--pdf", tmp_path / "none.pdf", "--room", "Library", QUESTION)
    assert (missing.returncode, "none.pdf" in missing.stderr) == (2, True)
    assert run("ask", QUESTION).returncode == 2  # --room is missing
    assert run("history", "Nowhere").returncode == 2
    broken = tmp_path / "broken.pdf"
    broken.write_text("no PDF")
    unreadable = run("upload", "--room", "Others", broken, HANDBOOK)
    assert (unreadable.returncode, "not a readable PDF" in unreadable.stderr) == (1, True)
    assert "handbook-en.pdf: ready" in unreadable.stderr  # the others are uploaded although one fails
    too_long = run("ask", "--room", "Library", "x" * 4_001)
    assert (too_long.returncode, "4000 characters" in too_long.stderr) == (1, True)
    nowhere = subprocess.run(
        [COMMAND, "rooms", "--state", tmp_path], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert (nowhere.returncode, "make run" in nowhere.stderr) == (1, True)


def test_ctrl_c_stops_the_answer_and_leaves_the_terminal_clean(
    run: Run, system: LocalSystem, user: str, offline_models: Models
) -> None:
    run("upload", "--room", "Library", HANDBOOK)
    offline_models.fail(chat=SLOW)
    command = [str(COMMAND), "ask", "--room", "Library", QUESTION, "--state", str(system.folder), "--as", user]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)  # noqa: S606
    shown = b""
    while b"Larkfield" not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    while piece := read_or_end(terminal):
        shown += piece
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert shown.endswith(b"\r\n")
    assert b"Traceback" not in shown
    offline_models.fail()
    text = shown.decode().replace("^C", "").split("Larkfield", 1)[1].strip()
    assert text.splitlines()[0].strip() in run("history", "Library").stdout


def read_or_end(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1024)
    except OSError:  # the other side has closed
        return b""


def test_an_answer_continues_after_lost_connections(person: Person, offline_models: Models) -> None:
    upload_into(person, "Lost")
    offline_models.fail(chat={"delay_per_piece_s": 0.1})
    shown: list[str] = []

    def cut_now_and_then(text: str) -> None:
        shown.append(text)
        if len(shown) % 3 == 0:
            cut(room.client)

    with Room(lambda _renew: person.connect(), "Lost") as room:
        message = Question(room, QUESTION, cut_now_and_then).follow()
    assert message.ending is Ending.ANSWER
    assert len(person.connections) > 2
    assert all(later.startswith(earlier) for earlier, later in pairwise(shown))
    assert message.text.startswith(shown[-1].rstrip())


def test_a_stop_before_accepted_stops_the_question(person: Person, offline_models: Models) -> None:
    upload_into(person, "Stop")
    offline_models.fail(chat=SLOW)
    with Room(lambda _renew: person.connect(), "Stop") as room:
        started = time.monotonic()
        message = Question(room, QUESTION).follow(lambda: True)
    assert message.ending is Ending.STOPPED
    assert time.monotonic() - started < 8


def upload_into(person: Person, name: str) -> None:
    client = person.connect()
    client.open(name)
    upload(client, HANDBOOK)
    client.close()


def test_a_room_is_erased(run: Run) -> None:
    run("ask", "--pdf", HANDBOOK, "--room", "Library", QUESTION)
    assert run("delete", "Library").returncode == 2  # there is no terminal for the confirmation
    deleted = run("delete", "--yes", "Library")
    assert deleted.returncode == 0, deleted.stderr
    assert '"erased_at": 1' in deleted.stdout
    assert run("rooms").stdout == ""
