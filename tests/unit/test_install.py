"""When tools are installed again, and what is installed."""

import subprocess
from importlib.metadata import files
from pathlib import Path

import pytest

from local import aws, install

LOCK = """\
ulid==1 \\
    --hash=sha256:aa
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
wheel==2 \\
    --hash=sha256:dd
"""


def test_one_package_is_cut_out_of_a_lock_with_its_hashes() -> None:
    assert install.locked_requirement("uv", LOCK) == ("uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n")


def test_files_are_read_as_utf_8_in_every_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make run` under zh_TW.BIG5 could not read the page's sources."""
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("LC_ALL", "zh_TW.BIG5")
    told = "include Makefile\ntold: ; @$(PYTHON) -c 'import sys; print(sys.flags.utf8_mode)'\n"
    command = ["make", "--no-print-directory", "-f", "-", "told"]
    done = subprocess.run(command, cwd=install.ROOT, input=told, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
    assert not {"LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8"} & aws.server_environment("http://127.0.0.1", "").keys()


def test_an_edited_lock_is_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "STATE", tmp_path / ".state")
    lock, proof = tmp_path / "lock.txt", tmp_path / "proof"
    installed: list[Path] = []
    monkeypatch.setitem(install.SETS, "sample", install.ToolSet("Sample", ("lock.txt",), proof, installed.append))
    lock.write_text("one")
    proof.touch()

    install.install("sample")
    assert install.is_installed("sample")
    lock.write_text("two")
    assert not install.is_installed("sample")
    install.install("sample")
    proof.unlink()
    assert not install.is_installed("sample")


def test_a_failed_step_reports_its_name_its_reason_and_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "STATE", tmp_path / ".state")
    (tmp_path / "lock.txt").write_text("one")

    def fail(log: Path) -> None:
        install.run(["sh", "-c", "echo no route to the registry; exit 1"], log)

    monkeypatch.setitem(install.SETS, "sample", install.ToolSet("Sample", ("lock.txt",), tmp_path, fail))
    with pytest.raises(install.InstallError) as failure:
        install.install("sample")
    message = str(failure.value)
    assert "Sample" in message
    assert "no route to the registry" in message
    assert "install-sample.log" in message
    assert not install.is_installed("sample")


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        (("Linux", "x86_64", "2.36"), None),
        (("Linux", "aarch64", "2.28"), None),
        (("Darwin", "arm64", ""), None),
        (("Darwin", "x86_64", ""), "Apple silicon"),
        (("Linux", "x86_64", ""), "glibc"),
        (("Linux", "x86_64", "2.17"), "2.28 or newer"),
        (("Linux", "riscv64", "2.39"), "riscv64"),
        (("Windows", "AMD64", ""), "WSL"),
    ],
)
def test_a_machine_without_builds_of_the_packages_is_refused_with_a_sentence(
    machine: tuple[str, str, str], says: str | None
) -> None:
    found = install.refusal(*machine)
    assert found is None if says is None else says in (found or "")


def test_this_machine_is_not_refused() -> None:
    assert install.refusal_here() is None


def test_an_install_makes_the_two_packages_importable_and_nothing_else() -> None:
    (listed,) = [path for path in files("documind") or [] if path.suffix == ".pth"]
    folders = [Path(line) for line in listed.read_text().splitlines()]
    assert sorted(path.parent.name for folder in folders for path in folder.glob("*/__init__.py")) == [
        "documind",
        "documind_cli",
    ]
    assert not [path.name for folder in folders for path in folder.glob("*.py")]
