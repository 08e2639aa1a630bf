"""The operator's check: asks models and search with this stage's own role and settings, and tells what it found."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from documind import logs
from documind.clients.model_server import chat_server_of
from documind.clients.models import embeddings_of
from documind.clients.search import SearchIndex
from documind.settings import CheckSettings, load
from ingest.check import check

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logs.entry_point
def handler(_event: dict[str, Any], _context: "LambdaContext") -> list[dict[str, str]]:
    """Return the findings, each as `kind`, `subject` and `detail`."""
    settings = load(CheckSettings)
    chat = chat_server_of(settings)
    findings = check(settings, chat, embeddings_of(settings, chat), SearchIndex.from_settings(settings))
    return [asdict(finding) for finding in findings]
