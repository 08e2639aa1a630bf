"""Every function starts from its own package and layers, and from nothing else that this machine happens to have."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.parts.packaging import HOST
from tests.infra.conftest import ROOT, Stack

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")  # Lambda's own
LOCKED_LAYERS = ("Dependencies", "Retrieval", "Pdf")


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of all layers by the name of their construct, and of Lambda's own packages."""
    folder = tmp_path_factory.mktemp("layers")
    for name in LOCKED_LAYERS:
        lock = ROOT / "layers" / name.lower() / "requirements.txt"
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*command, "--target", str(folder / name), "-r", str(lock)], check=True)
    site_packages = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    (folder / "Runtime").mkdir()
    for name in RUNTIME:
        (folder / "Runtime" / name).symlink_to(site_packages / name)
    found = {name: folder / name for name in (*LOCKED_LAYERS, "Runtime")}
    return found | {"Documind": ROOT / "layers" / "documind" / "python"}


def handlers(stack: Stack) -> list[tuple[str, list[str]]]:
    """Each handler with the names of its layers' constructs."""
    named = [
        (handler, [layer["Ref"].removeprefix("Platform").rstrip("0123456789ABCDEF") for layer in function["Layers"]])
        for handler, function in stack.functions().items()
    ]
    assert len(named) >= 8
    return named


def test_every_handler_can_be_imported(local: Stack, layers: dict[str, Path], tmp_path: Path) -> None:
    for handler, names in handlers(local):
        package = tmp_path / handler
        package.mkdir()
        folder = handler.partition(".")[0]
        (package / folder).symlink_to(ROOT / "functions" / folder)
        found = [layer for name in names for layer in layers if name.startswith(layer)]
        assert len(found) == len(names), (names, found)
        path = [str(package), *(str(layers[name]) for name in found), str(layers["Runtime"])]
        module, _, function = handler.rpartition(".")
        program = f"import sys; sys.path += {path!r}; from {module} import {function}"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, f"{handler}: {done.stderr.splitlines()[-1]}"
    assert HOST.python == f"{sys.version_info.major}.{sys.version_info.minor}"
