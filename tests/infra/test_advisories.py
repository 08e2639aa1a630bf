"""No locked package has a known vulnerability: pip-audit and `npm audit`, which ask the registries (make test-long)."""

import json
import subprocess
import sys

import pytest

from local.services import SEARCH_PATH
from tests.infra.conftest import ROOT

pytestmark = pytest.mark.long

LOCKS = sorted([*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/*/requirements.txt")])
OF_PYTHON = [path for path in LOCKS if "--hash" in path.read_text()]


@pytest.mark.parametrize("lock", OF_PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_python_package_has_a_known_vulnerability(lock: object) -> None:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    done = subprocess.run([*command, "--format", "json"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["dependencies"]
    if all("skip_reason" in each for each in found):
        pytest.skip("the package index of this machine tells no advisories")
    assert {each["name"]: each["vulns"] for each in found if each.get("vulns")} == {}


def test_no_package_of_the_page_has_a_known_vulnerability() -> None:
    command = [str(ROOT / ".venv" / "bin" / "npm"), "audit", "--json"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": SEARCH_PATH, "HOME": str(ROOT / ".state")},
    )
    told = json.loads(done.stdout)
    if "vulnerabilities" not in told:
        pytest.skip("the package registry of this machine tells no advisories")
    assert told["vulnerabilities"] == {}
