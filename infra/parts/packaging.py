"""Packages Python code and its locked dependencies for Lambda, without Docker, compiled for the target's Python."""

import compileall
import hashlib
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, IgnoreMode, ILocalBundling
from aws_cdk import aws_lambda as lambda_

ROOT = Path(__file__).resolve().parents[2]
_RECIPE = "1"  # raise it when the way of packaging changes: the hash of a layer knows only its lock file


@dataclass(frozen=True)
class Target:
    """What the functions run on."""

    python: str  # major.minor
    machine: str  # as `platform.machine()` says it
    wheels: str | None  # uv's name of the platform; none: the machine this runs on

    @property
    def runtime(self) -> lambda_.Runtime:
        """Lambda's name of the Python."""
        return lambda_.Runtime(f"python{self.python}", lambda_.RuntimeFamily.PYTHON)

    @property
    def architecture(self) -> lambda_.Architecture:
        """Lambda's name of the processor."""
        is_arm = self.machine in {"aarch64", "arm64"}
        return lambda_.Architecture.ARM_64 if is_arm else lambda_.Architecture.X86_64


_HOST_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
AWS = Target(python="3.13", machine="aarch64", wheels="aarch64-manylinux2014")
HOST = Target(python=_HOST_PYTHON, machine=platform.machine(), wheels=None)


def compile_in_place(folder: Path, *, shipped_to: str, python: str) -> None:
    """Compile the modules of `folder` for `python`: Lambda, where nothing can be written, would do it at each start.

    Without an interpreter of that version they are shipped as they are.
    """
    if python == _HOST_PYTHON:
        mode = PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(folder, quiet=2, stripdir=str(folder), prependdir=shipped_to, invalidation_mode=mode)
    elif interpreter := shutil.which(f"python{python}"):
        options = ["-qq", "-s", str(folder), "-p", shipped_to, "--invalidation-mode", "unchecked-hash"]
        subprocess.run([interpreter, "-m", "compileall", *options, str(folder)], check=True)  # noqa: S603
    else:
        print(f"No python{python} here: {folder.name} is shipped uncompiled, and starts slower.", file=sys.stderr)


@jsii.implements(ILocalBundling)
class _LockedPackages:
    """Installs the packages of a lock file."""

    def __init__(self, lock: Path, target: Target) -> None:
        self._lock, self._target = lock, target

    def try_bundle(self, output_dir: str, *, image: DockerImage, **_options: object) -> bool:  # noqa: ARG002
        python = Path(output_dir, "python")
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        command += ["--only-binary", ":all:", "--link-mode", "copy", "--target", str(python), "-r", str(self._lock)]
        if self._target.wheels:
            command += ["--python-platform", self._target.wheels, "--python-version", self._target.python]
        subprocess.run(command, check=True)  # noqa: S603
        compile_in_place(python, shipped_to="/opt/python", python=self._target.python)
        return True


@jsii.implements(ILocalBundling)
class _Sources:
    """Copies a folder of our own code."""

    def __init__(self, root: Path, folder: str, shipped_to: str, target: Target) -> None:
        self._folder, self._shipped_to, self._target = root / folder, shipped_to, target

    def try_bundle(self, output_dir: str, *, image: DockerImage, **_options: object) -> bool:  # noqa: ARG002
        ignore = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(self._folder, Path(output_dir, self._folder.name), ignore=ignore)
        compile_in_place(Path(output_dir), shipped_to=self._shipped_to, python=self._target.python)
        return True


def locked_packages(lock: Path, target: Target) -> lambda_.Code:
    """Return a layer's code: the packages of `lock`; made anew only when the lock file or the target changes."""
    content = "\0".join([_RECIPE, target.python, target.machine, lock.read_text()])
    return lambda_.Code.from_asset(
        str(lock.parent),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=hashlib.sha256(content.encode()).hexdigest(),
        bundling=_bundling(_LockedPackages(lock, target), target),
    )


def sources(root: Path, folder: str, *, shipped_to: str, target: Target) -> lambda_.Code:
    """Return the code of `root/folder`, which keeps its import path: it lands in `shipped_to/folder`."""
    return lambda_.Code.from_asset(
        str(root),
        exclude=["*", f"!{folder}", f"!{folder}/**", "**/__pycache__", "**/.*"],
        ignore_mode=IgnoreMode.GIT,
        bundling=_bundling(_Sources(root, folder, shipped_to, target), target),
    )


def _bundling(local: _LockedPackages | _Sources, target: Target) -> BundlingOptions:
    return BundlingOptions(image=target.runtime.bundling_image, local=local)
