"""Java programs from Maven Central: locks their artifacts with hashes, and fetches exactly the locked ones.

`python -m local.jars lock` resolves requirements/NAME.in into requirements/NAME.txt for each program;
`python -m local.jars install NAME FOLDER` fetches what that file names into FOLDER/jars and FOLDER/plugins.
"""

import fcntl
import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import Artifact, Dependency, MavenContext

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
PROGRAMS = ("opensearch", "dynamodb")
DOWNLOAD_TIMEOUT_S = 60
DOWNLOADS_AT_ONCE = 8  # small files, whose round trips dominate


class JarError(Exception):
    """An artifact does not have the locked hash."""


def maven() -> MavenContext:
    """Return Maven Central, or the mirrors of the user's own jgo settings."""
    settings = GlobalSettings.load()
    return MavenContext(
        repo_cache=settings.repo_cache, remote_repos=settings.repositories or None, timeout=DOWNLOAD_TIMEOUT_S
    )


def lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]


def resolve(context: MavenContext, program: str) -> list[Artifact]:
    """Return all artifacts of a program, without those with a classifier (OpenSearch's natives for other platforms)."""
    alone: list[Dependency] = []
    with_dependencies: list[Dependency] = []
    for line in lines_of(REQUIREMENTS / f"{program}.in"):
        name, *flags = line.split()
        (alone if flags == ["~"] else with_dependencies).append(context.create_dependency(name))
    inputs, transitive = context.resolver.resolve(with_dependencies)
    dependencies = [*inputs, *alone, *(d for d in transitive if d.scope in {"compile", "runtime"})]
    return [dependency.artifact for dependency in dependencies if not dependency.classifier]


def fetch(artifact: Artifact, sha256: str | None = None) -> tuple[Path, str]:
    """Return the artifact's file and its SHA-256; a broken download in the cache is fetched once more."""
    for _ in range(2):
        path = Path(artifact.resolve())
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if sha256 in (None, found):
            return path, found
        path.unlink()
    raise JarError(f"{artifact} has SHA-256 {found}, locked is {sha256}")


def lock(program: str) -> None:
    artifacts = resolve(maven(), program)
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        hashes = [sha256 for _, sha256 in pool.map(fetch, artifacts)]
    lines = [f"{coordinate(artifact)} {sha256}\n" for artifact, sha256 in zip(artifacts, hashes, strict=True)]
    (REQUIREMENTS / f"{program}.txt").write_text("".join(sorted(lines)))


def coordinate(artifact: Artifact) -> str:
    """Return the coordinate in jgo's unambiguous form: group:artifact:version:classifier:packaging."""
    return f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}::{artifact.packaging}"


def install(program: str, folder: Path) -> None:
    """Put every locked jar and native library into FOLDER/jars, and the jars of a plugin's zip into FOLDER/plugins."""
    context = maven()
    locked = [line.split() for line in lines_of(REQUIREMENTS / f"{program}.txt")]
    artifacts = [context.create_dependency(name).artifact for name, _ in locked]
    with only_user_of(context.repo_cache), ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        paths = [path for path, _ in pool.map(fetch, artifacts, [sha256 for _, sha256 in locked])]
    shutil.rmtree(folder, ignore_errors=True)
    unfinished = folder / "unfinished"
    unfinished.mkdir(parents=True)
    for path in paths:
        if path.suffix == ".zip":
            unpack_jars(path, folder / "plugins")
        else:
            shutil.copy2(path, unfinished / path.name)
    unfinished.rename(folder / "jars")


@contextmanager
def only_user_of(cache: Path) -> Iterator[None]:
    """Lock jgo's cache, because jgo fails when two processes download the same jar at once."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "documind.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def unpack_jars(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    with zipfile.ZipFile(archive) as plugin:
        for name in plugin.namelist():
            if name.endswith(".jar"):
                (folder / Path(name).name).write_bytes(plugin.read(name))


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["lock"]:
                for program in PROGRAMS:
                    lock(program)
            case ["install", program, folder]:
                install(program, Path(folder))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (JarError, RuntimeError, OSError) as error:  # jgo raises RuntimeError for an artifact in no repository
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
