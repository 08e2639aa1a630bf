"""No file of the repository contains a secret: detect-secrets, with its detectors of known formats."""

import subprocess
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tests.infra.conftest import ROOT

# The other detectors match any random text, as in lock files and tests, or any value named password.
DETECTORS = ("AWSKeyDetector", "BasicAuthDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector",
             "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SlackDetector")  # fmt: skip
NOT_TEXT = {".pdf", ".png", ".ico", ".woff2"}


def found_in(*paths: Path) -> list[str]:
    secrets = SecretsCollection()
    with transient_settings({"plugins_used": [{"name": name} for name in DETECTORS]}):
        for path in paths:
            secrets.scan_file(str(path))
    return [f"{path}:{secret.line_number} {secret.type}" for path, secret in secrets]


def test_no_file_holds_a_secret() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    paths = [ROOT / name for name in listed.splitlines() if Path(name).suffix not in NOT_TEXT]
    assert found_in(*(path for path in paths if path.is_file())) == []


def test_a_secret_would_be_found(tmp_path: Path) -> None:
    leaked = tmp_path / "settings.py"
    leaked.write_text(f'KEY = "AKIA{"ABCDEFGH" * 2}"\nPEM = "-----BEGIN RSA {"PRIVATE KEY"}-----"\n')
    assert [line.rpartition(":")[2] for line in found_in(leaked)] == ["1 AWS Access Key", "2 Private Key"]
