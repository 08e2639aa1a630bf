"""What is sent to OpenSearch: the index with its analysers, and the two searches of a question."""

from collections.abc import Sequence
from typing import Any, Literal

MAPPING_VERSION = 1
CANDIDATES = 20  # of each of the two searches: what the fusion has to choose from

Engine = Literal["lucene", "faiss"]
Query = dict[str, Any]

KEYWORD = {"type": "keyword"}
NUMBER = {"type": "integer", "index": False}  # shown, never searched
MIX_FILTERS = ["cjk_width", "possessive", "lowercase", "cjk_bigram", "english_stop", "english_stemmer"]


def index_definition(dimensions: int, engine: Engine) -> dict[str, Any]:
    """Return settings and mapping of an index whose vectors have length one.

    `l2` then ranks as the cosine does, and unlike it exists for every engine of every version.
    """
    return {
        "settings": {
            "index": {"knn": True},
            "analysis": {
                "filter": {
                    "possessive": {"type": "stemmer", "language": "possessive_english"},
                    "english_stop": {"type": "stop", "stopwords": "_english_"},
                    "english_stemmer": {"type": "stemmer", "language": "english"},
                },
                "analyzer": {"mix": {"type": "custom", "tokenizer": "standard", "filter": MIX_FILTERS}},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "chat_id": KEYWORD,
                "document_id": KEYWORD,
                "ingest_id": KEYWORD,
                "page": NUMBER,
                "start": NUMBER,
                "end": NUMBER,
                "text": {
                    "type": "text",
                    "index": False,
                    "fields": {
                        "mix": {"type": "text", "analyzer": "mix"},
                        "english": {"type": "text", "analyzer": "english"},
                    },
                },
                "embedding": {
                    "type": "knn_vector",
                    "dimension": dimensions,
                    "method": {"name": "hnsw", "space_type": "l2", "engine": engine},
                },
            },
        },
    }


def allowed(chat_id: str, ingest_ids: Sequence[str] | None, document_ids: Sequence[str] | None = None) -> Query:
    """Return the query that lets through the chunks of one room, of these ingests, of these documents; None: of all."""
    clauses: list[Query] = [{"term": {"chat_id": chat_id}}]
    if ingest_ids is not None:
        clauses.append({"terms": {"ingest_id": list(ingest_ids)}})
    if document_ids is not None:
        clauses.append({"terms": {"document_id": list(document_ids)}})
    return {"bool": {"filter": clauses}}


def by_meaning(vector: Sequence[float], scope: Query) -> dict[str, Any]:
    """Return the k-NN search; the filter stands inside its clause, around it fewer than k could remain."""
    return _search({"knn": {"embedding": {"vector": vector, "k": CANDIDATES, "filter": scope}}})


def by_words(question: str, scope: Query) -> dict[str, Any]:
    """Return the BM25 search over both ways of taking words apart."""
    words = {"query": question, "type": "most_fields", "fields": ["text.mix", "text.english"]}
    return _search({"bool": {"filter": scope, "must": {"multi_match": words}}})


def _search(query: Query) -> dict[str, Any]:
    return {"size": CANDIDATES, "_source": {"excludes": ["embedding"]}, "query": query}
