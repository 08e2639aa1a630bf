"""Builds the package and layers of each function as the template names them."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.conftest import ROOT, Stack
from tests.infra.lambda_runtime import Invocation, invoke

LOCKED_LAYERS = ("Dependencies", "Retrieval", "Pdf")
RUNTIME_CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")


@dataclass(frozen=True)
class Packages:
    """A folder with the package of each function and every layer."""

    folder: Path
    layers: Mapping[str, Path]  # by the name of the layer's construct
    layers_of: Mapping[str, tuple[str, ...]]  # by handler

    def invoke(self, handler: str, event: Any, environment: Mapping[str, str], *, without: str = "") -> Invocation:
        """Run a handler on one event, without the layer `without` if that is given."""
        package = self.folder / handler
        package.mkdir(exist_ok=True)
        function = handler.partition(".")[0]
        if not (package / function).exists():
            (package / function).symlink_to(ROOT / "functions" / function)
        layers = [self.layers[name] for name in (*self.layers_of[handler], "Runtime") if name != without]
        return invoke(handler, event, package=package, layers=layers, environment=environment)


def make_packages(folder: Path, stack: Stack) -> Packages:
    """Install the locked layers, and link the others and the packages that Lambda itself provides."""
    for name in LOCKED_LAYERS:
        lock = ROOT / "layers" / name.lower() / "requirements.txt"
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*command, "--target", str(folder / name), "-r", str(lock)], check=True)
    site_packages = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    (folder / "Runtime").mkdir()
    for path in site_packages.iterdir():
        if path.name.partition(".")[0] in RUNTIME_CLIENT + SDK and not path.name.endswith(".dist-info"):
            (folder / "Runtime" / path.name).symlink_to(path)
    layers = {name: folder / name for name in (*LOCKED_LAYERS, "Runtime")}
    layers["Documind"] = ROOT / "layers" / "documind" / "python"
    layers_of = {handler: tuple(map(_layer, function["Layers"])) for handler, function in stack.functions().items()}
    return Packages(folder, layers, layers_of)


def _layer(reference: dict[str, str]) -> str:
    """Return the name of the layer's construct, which its logical id contains."""
    return next(name for name in (*LOCKED_LAYERS, "Documind") if reference["Ref"].startswith(f"Platform{name}"))
