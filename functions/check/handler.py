"""The operator's check: tests key, models and search with this stage's role and settings."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from documind import logs
from documind.clients.bedrock import BedrockEmbeddings
from documind.clients.model_check import Finding, check_bedrock_embedding, check_chat, check_embedding
from documind.clients.model_server import chat_server_of
from documind.clients.models import embeddings_of
from documind.clients.search import SearchIndex
from documind.clients.search_check import check_search
from documind.errors import DocumindError
from documind.settings import CheckSettings, load


@logs.entry_point
def handler(_event: dict[str, Any], _context: object) -> list[dict[str, str]]:
    """Return the findings, each as a dict of `kind`, `subject` and `detail`."""
    return [asdict(finding) for finding in _findings(load(CheckSettings))]


def _findings(settings: CheckSettings) -> Iterator[Finding]:
    """Yield findings about the chat model, the embedding model and the search; creates a missing index."""
    try:
        chat = chat_server_of(settings)
        yield check_chat(chat.client(), settings.chat_model)
        embeddings = embeddings_of(settings, chat)
        if isinstance(embeddings, BedrockEmbeddings):
            yield check_bedrock_embedding(embeddings, settings.embedding_dimensions)
        else:
            client, dimensions = embeddings.server.client(), settings.embedding_dimensions
            asks = settings.asks_for_dimensions
            yield check_embedding(client, settings.embedding_model, dimensions, asks=asks)[0]
    except DocumindError:
        yield Finding("key_missing")
    yield check_search(SearchIndex.from_settings(settings))
