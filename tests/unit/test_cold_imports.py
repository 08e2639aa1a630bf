"""What a function pays for at its first call only if it needs it: clients of AWS, and most of the openai package."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from documind.clients import aws

ROOT = Path(__file__).parents[2]
IMPORTED = """
import sys
import documind.clients.models
assert "openai" not in sys.modules and "opensearchpy" not in sys.modules
"""


def test_a_client_of_aws_is_made_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, dict[str, object]]] = []

    def make(service: str, **options: object) -> SimpleNamespace:
        made.append((service, options))
        return SimpleNamespace(ask=lambda: "answer", exceptions=SimpleNamespace())

    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=make))
    client = aws.client("sqs", region_name="us-east-1")
    assert not made
    assert (client.ask(), client.ask(), client.exceptions and client.ask()) == ("answer",) * 3
    assert made == [("sqs", {"region_name": "us-east-1"})]


def test_openai_is_imported_by_what_asks_a_model_only() -> None:
    """In a process of its own: here everything has been imported already."""
    subprocess.run([sys.executable, "-c", IMPORTED], check=True)


@pytest.mark.parametrize("service", aws.SERVICES)
def test_every_service_that_is_used_is_known(service: str) -> None:
    made = aws.session().client(service, region_name="us-east-1")
    assert made.meta.service_model.service_name == service


def test_every_service_that_code_names_is_listed() -> None:
    code = [path.read_text() for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")]
    used = {name for text in code for name in re.findall(r'\bclient\("([a-z0-9-]+)"', text)}
    assert "lambda" in used
    assert used <= set(aws.SERVICES)
