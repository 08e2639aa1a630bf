"""The tutorial's worker: reads a whole document, then splits it, then embeds all, then indexes all.

It has the file locally and is warm: no upload, queue or start of a process is counted.
"""

from pathlib import Path

from openai import OpenAI
from opensearchpy import OpenSearch, helpers

from bench.peer.reading import read, split
from local.models import OFFLINE_DIMENSIONS, OFFLINE_EMBEDDING_MODEL

# LangChain's default number of texts per request:
# https://reference.langchain.com/python/integrations/langchain_openai/OpenAIEmbeddings/
EMBEDDING_BATCH = 1000
BULK = 500  # records per bulk request
MAPPING = {
    "settings": {"index": {"knn": True}},
    "mappings": {
        "properties": {
            "vector_field": {
                "type": "knn_vector",
                "dimension": OFFLINE_DIMENSIONS,
                "method": {"name": "hnsw", "engine": "lucene", "space_type": "l2"},
            }
        }
    },
}


class Worker:
    """Ingests files one after the other into a new index."""

    def __init__(self, models_url: str, search_url: str, index: str) -> None:
        self._models = OpenAI(api_key="none", base_url=f"{models_url}/v1")
        self._search = OpenSearch(hosts=[search_url], timeout=60)
        self._index = index
        self._search.indices.create(index=index, body=MAPPING)

    def ingest(self, path: Path) -> int:
        """Ingest a PDF and return its number of pages, once a search finds its passages."""
        pages = read(path)
        texts = [text for page in pages for text in split(page)]
        vectors: list[list[float]] = []
        for first in range(0, len(texts), EMBEDDING_BATCH):
            batch = texts[first : first + EMBEDDING_BATCH]
            vectors += [
                each.embedding
                for each in self._models.embeddings.create(model=OFFLINE_EMBEDDING_MODEL, input=batch).data
            ]
        records = (
            {"_index": self._index, "text": text, "vector_field": vector}
            for text, vector in zip(texts, vectors, strict=True)
        )
        helpers.bulk(self._search, records, chunk_size=BULK)
        self._search.indices.refresh(index=self._index)
        return len(pages)
