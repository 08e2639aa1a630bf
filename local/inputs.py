"""The fingerprint of a deployment's inputs, by which an unchanged one is skipped."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

DEPLOYED = ("infra", "functions", "layers", "cdk.json", "package-lock.json", "requirements")
SKIPPED_FOLDERS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def files_below(root: Path, names: Iterable[str]) -> list[Path]:
    """Return every file of the named files and folders, sorted, without the caches of tools."""
    found = [path for name in names for path in ((root / name).rglob("*") if (root / name).is_dir() else [root / name])]
    return sorted(path for path in found if path.is_file() and not SKIPPED_FOLDERS.intersection(path.parts))


def fingerprint(root: Path, settings: Mapping[str, str], names: Iterable[str] = DEPLOYED) -> str:
    """Return a hash over the names and contents of the sources and over the settings of the deployment."""
    digest = hashlib.sha256()
    for path in files_below(root, names):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name, value in sorted(settings.items()):
        digest.update(f"{name}={value}\0".encode())
    return digest.hexdigest()
