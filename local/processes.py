"""Child processes of the local run, each in its own process group and recorded, so that a later run can stop it."""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TERM_TIMEOUT_S = 15.0
POLL_S = 0.05


@dataclass(frozen=True)
class Identity:
    """A process, identified by its id and start time, since the system reuses ids."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        return start_of(self.pid) == self.started


@dataclass(frozen=True)
class Child:
    """A running service or command of this system."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    record: Path

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self, timeout_s: float = TERM_TIMEOUT_S) -> None:
        """Send SIGTERM to the group, wait, then send SIGKILL."""
        if self.is_running():
            signal_group(self.process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout_s)
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.record.unlink(missing_ok=True)


@dataclass(frozen=True)
class Listed:
    """Any process of this machine, as `ps` lists it."""

    pid: int
    memory_mb: float
    command: str


def listed() -> list[Listed]:
    told = subprocess.run(
        ["ps", "-axww", "-o", "pid=,rss=,command="], check=True, capture_output=True, text=True
    ).stdout
    rows = [line.split(maxsplit=2) for line in told.splitlines()]
    return [Listed(int(pid), int(kilobytes) / 1024, started) for pid, kilobytes, started in rows]


def start_of(pid: int) -> str | None:
    """Return when a process started, in the system's own format; None without a process, or for a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            columns = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if columns[0] == "Z" else columns[19]  # fields 3 (state) and 22 (starttime) of proc(5)
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True)
    return told.stdout.strip() or None


def start(name: str, command: list[str], environment: dict[str, str], folder: Path, directory: Path) -> Child:
    """Start a command in a new process group in `directory`, with its output in FOLDER/logs/NAME.log; record it."""
    log = folder / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(name, process, log, remember(name, process.pid, folder))


def remember(name: str, pid: int, folder: Path) -> Path:
    """Record that a process belongs to the system in `folder`."""
    record = folder / "processes" / f"{name}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"pid": pid, "started": start_of(pid)}))
    return record


def remembered(name: str, folder: Path) -> Identity | None:
    """Return the recorded process of that name; None if it is not running."""
    try:
        identity = Identity(**json.loads((folder / "processes" / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):  # no record, or an incomplete one
        return None
    return identity if identity.is_alive() else None


def stop_leftovers(folder: Path, keep: tuple[str, ...] = ()) -> list[str]:
    """Stop the recorded processes of an earlier run of this folder, except `keep`; return the names of those alive."""
    names = [record.stem for record in sorted((folder / "processes").glob("*.json")) if record.stem not in keep]
    found = {name: identity for name in names if (identity := remembered(name, folder))}
    for identity in found.values():
        signal_group(identity.pid, signal.SIGTERM)
    give_up_at = time.monotonic() + TERM_TIMEOUT_S
    while any(identity.is_alive() for identity in found.values()) and time.monotonic() < give_up_at:
        time.sleep(POLL_S)
    for identity in found.values():
        signal_group(identity.pid, signal.SIGKILL)  # also for other processes of the group
    for name in names:
        (folder / "processes" / f"{name}.json").unlink(missing_ok=True)
    return list(found)


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process group, if it exists."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS raises the latter for a group of zombies
        return
