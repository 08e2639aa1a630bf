"""What an operator wants to know before people come: whether key, models and search work as they are set."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from documind.clients.bedrock import BedrockEmbeddings
from documind.clients.model_check import Finding, check_bedrock_embedding, check_chat, check_embedding
from documind.clients.search_check import check_search
from documind.errors import DocumindError
from documind.settings import CheckSettings

if TYPE_CHECKING:
    from documind.clients.model_server import ChatServer
    from documind.clients.models import ServerEmbeddings
    from documind.clients.search import SearchIndex


def check(
    settings: CheckSettings,
    chat: "ChatServer",
    embeddings: "ServerEmbeddings | BedrockEmbeddings",
    index: "SearchIndex",
) -> Iterator[Finding]:
    """Yield a finding for the chat model, the embedding model and the search, whose index is made if it is missing."""
    try:
        yield from check_chat(chat.client(), settings.chat_model)
        model, dimensions = settings.embedding_model, settings.embedding_dimensions
        if isinstance(embeddings, BedrockEmbeddings):
            yield check_bedrock_embedding(embeddings, dimensions)
        else:
            client = embeddings.server.client()
            yield check_embedding(client, model, dimensions, asks=settings.asks_for_dimensions).finding
    except DocumindError:
        yield Finding("key_missing")
    yield check_search(index)
