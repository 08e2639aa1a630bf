"""AWS clients and most of the openai package are imported only by functions that use them."""

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


def test_a_client_of_aws_is_made_once_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, dict[str, object]]] = []

    def make(service: str, **options: object) -> SimpleNamespace:
        made.append((service, options))
        return SimpleNamespace(ask=lambda: "answer", exceptions=SimpleNamespace())

    monkeypatch.setattr(aws, "session", lambda: SimpleNamespace(client=make))
    client = aws.client("sqs", region_name="us-east-1")
    assert not made
    assert (client.ask(), client.ask(), client.exceptions and client.ask()) == ("answer",) * 3
    assert made == [("sqs", {"config": aws.OF_HEARTBEATS["sqs"], "region_name": "us-east-1"})]


def test_openai_is_imported_by_model_requests_only() -> None:
    """In a new process, because everything has been imported in this one."""
    subprocess.run([sys.executable, "-c", IMPORTED], check=True)


@pytest.mark.parametrize("service", aws.SERVICES)
def test_every_service_in_use_is_listed(service: str) -> None:
    made = aws.session().client(service, region_name="us-east-1")
    assert made.meta.service_model.service_name == service


def test_every_service_that_code_names_is_listed() -> None:
    code = [path.read_text() for folder in ("functions", "layers") for path in (ROOT / folder).rglob("*.py")]
    used = {name for text in code for name in re.findall(r'\bclient\("([a-z0-9-]+)"', text)}
    assert "lambda" in used
    assert used <= set(aws.SERVICES)
