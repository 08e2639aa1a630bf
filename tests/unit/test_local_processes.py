"""What a killed run leaves behind is found and stopped; another process with the same id is not touched."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, start_new_session=True) as process:
        yield process
        process.kill()


def test_leftovers_are_stopped_and_named(tmp_path: Path) -> None:
    child = processes.start("aws", SLEEP, dict(os.environ), tmp_path, tmp_path)
    assert processes.remembered("aws", tmp_path)
    assert processes.stop_leftovers(tmp_path) == ["aws"]
    assert child.process.wait(5) == -signal.SIGTERM
    assert processes.stop_leftovers(tmp_path) == []


def test_another_process_with_a_reused_id_is_left_alone(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    record = processes.remember("aws", stranger.pid, tmp_path)
    record.write_text(json.dumps({"pid": stranger.pid, "started": "another time"}))
    assert processes.stop_leftovers(tmp_path) == []
    assert stranger.poll() is None


def test_an_incomplete_record_is_ignored(tmp_path: Path) -> None:
    processes.remember("aws", os.getpid(), tmp_path).write_text('{"pid": ')
    assert processes.stop_leftovers(tmp_path) == []


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    child = processes.start("stubborn", STUBBORN, dict(os.environ), tmp_path, tmp_path)
    while "up" not in child.log.read_text():
        assert child.is_running()
    child.stop(timeout_s=0.2)
    assert child.process.returncode == -signal.SIGKILL
    assert not child.record.exists()
