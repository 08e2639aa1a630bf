"""Packages Python code and locked dependencies for Lambda, compiled for the target's Python, without Docker."""

import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, IgnoreMode, ILocalBundling
from aws_cdk import aws_lambda as lambda_

ROOT = Path(__file__).resolve().parents[2]
_RECIPE = "1"  # raise it when the packaging changes: a layer's hash otherwise depends on lock file and target only


@dataclass(frozen=True)
class Target:
    """What the functions run on."""

    python: str  # major.minor
    machine: str  # as `platform.machine()` returns it
    wheels: str | None  # uv's name of the platform; None: this machine

    @property
    def runtime(self) -> lambda_.Runtime:
        """Lambda's runtime for this Python version."""
        return lambda_.Runtime(f"python{self.python}", lambda_.RuntimeFamily.PYTHON)

    @property
    def architecture(self) -> lambda_.Architecture:
        """Lambda's name of the processor architecture."""
        is_arm = self.machine in {"aarch64", "arm64"}
        return lambda_.Architecture.ARM_64 if is_arm else lambda_.Architecture.X86_64


_HOST_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34; NumPy's wheels need 2.28 at most.
# https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html
AWS = Target(python="3.13", machine="aarch64", wheels="aarch64-manylinux_2_28")
HOST = Target(python=_HOST_PYTHON, machine=platform.machine(), wheels=None)


def compile_in_place(folder: Path, *, shipped_to: str, python: str) -> None:
    """Compile the modules of `folder` for `python`; Lambda's read-only file system cannot cache the result.

    Without an interpreter of that version the modules are shipped uncompiled.
    """
    interpreter = sys.executable if python == _HOST_PYTHON else shutil.which(f"python{python}")
    if interpreter is None:
        print(f"No python{python} here: {folder.name} is shipped uncompiled, and starts slower.", file=sys.stderr)
        return
    options = ["-qq", "-s", str(folder), "-p", shipped_to, "--invalidation-mode", "unchecked-hash"]
    subprocess.run([interpreter, "-m", "compileall", *options, str(folder)], check=True)  # noqa: S603


@jsii.implements(ILocalBundling)
class LocalBundling:
    """Bundles without Docker, by filling a folder on this machine."""

    def __init__(self, fill: Callable[[Path], None]) -> None:
        self._fill = fill

    def try_bundle(self, output_dir: str, *, image: DockerImage, **_options: object) -> bool:  # noqa: ARG002
        self._fill(Path(output_dir))
        return True


def locked_packages(lock_file: str, target: Target) -> lambda_.Code:
    """Return a layer's code: the packages of `ROOT/lock_file`; rebuilt only when that file or the target changes."""
    lock = ROOT / lock_file

    def install(folder: Path) -> None:
        options = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--link-mode", "copy"]
        command = [sys.executable, "-m", "uv", "pip", "install", *options]
        command += ["--target", str(folder / "python"), "-r", str(lock)]
        if target.wheels:
            command += ["--python-platform", target.wheels, "--python-version", target.python]
        subprocess.run(command, check=True)  # noqa: S603
        compile_in_place(folder / "python", shipped_to="/opt/python", python=target.python)

    content = "\0".join([_RECIPE, target.python, target.machine, lock.read_text()])
    return lambda_.Code.from_asset(
        str(lock.parent),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=hashlib.sha256(content.encode()).hexdigest(),
        bundling=BundlingOptions(image=target.runtime.bundling_image, local=LocalBundling(install)),
    )


def sources(root: str, folder: str, *, shipped_to: str, target: Target) -> lambda_.Code:
    """Return the code of `ROOT/root/folder`, which Lambda unpacks to `shipped_to/folder`."""

    def copy(to: Path) -> None:
        shutil.copytree(ROOT / root / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        compile_in_place(to, shipped_to=shipped_to, python=target.python)

    return lambda_.Code.from_asset(
        str(ROOT / root),
        exclude=["*", f"!{folder}", f"!{folder}/**", "**/__pycache__", "**/.*"],
        ignore_mode=IgnoreMode.GIT,
        bundling=BundlingOptions(image=target.runtime.bundling_image, local=LocalBundling(copy)),
    )
