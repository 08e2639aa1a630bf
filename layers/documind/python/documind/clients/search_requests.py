"""The bodies of requests to OpenSearch: the index with its analysers, and the two searches of a question."""

import json
import re
from collections.abc import Sequence
from typing import Any

from documind.clients.vectors import Numbers, as_json
from documind.settings import SearchKind
from documind.terms import CJK, variants

MAPPING_VERSION = 3
# Matches the indexes of every mapping and embedding model; without one nothing is found. A single pattern needs only
# permissions on these indexes (https://github.com/opensearch-project/security/issues/4230). Whether a serverless search
# accepts patterns has not been tried; its documentation lists `GET _resolve/index`:
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html
EVERY_INDEX = "chunks-v*"
CANDIDATES = 20  # hits of each of the two searches, which the fusion ranks
# A query may have 1,024 clauses, and each token makes one for each of two subfields:
# https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/search-settings/
MAX_TOKENS = 500
# What the standard tokenizer makes at most one token of: a CJK character, a word, any other sign.
_TOKEN = re.compile(rf"[{CJK}]|(?:(?![{CJK}])\w){{1,255}}|[^\w\s]")

SHOWN = ["chat_id", "document_id", "ingest_id", "page", "start", "end", "text", "vectors"]  # of a hit

Query = dict[str, Any]

KEYWORD = {"type": "keyword"}
NUMBER = {"type": "integer", "index": False}  # returned, never searched
MIX_FILTERS = ["cjk_width", "possessive", "lowercase", "cjk_bigram", "english_stop", "english_stemmer"]
ENGLISH_FILTERS = ["cjk_width", "possessive", "lowercase", "english_stop", "english_stemmer"]


# The graph of each kind of search. An own server may lack the native libraries of `faiss`. A NextGen serverless
# collection answers 400 to `engine` ("Field parameter 'engine' is not supported") and chooses it itself:
# https://github.com/opensearch-project/opensearch-agent-skills/pull/78
METHODS: dict[SearchKind, dict[str, Any]] = {
    "own": {"method": {"name": "hnsw", "engine": "lucene"}},
    "domain": {"method": {"name": "hnsw", "engine": "faiss"}},
    "serverless": {},
}


def index_name(embedding_model: str, dimensions: int) -> str:
    """Return the name of an index: with mapping version, model and dimensions, which make indexes incompatible."""
    model = re.sub(r"[^a-z0-9.]+", "-", embedding_model.lower()).strip("-.")
    return f"chunks-v{MAPPING_VERSION}-{model}-{dimensions}"


def index_definition(dimensions: int, kind: SearchKind) -> dict[str, Any]:
    """Return settings and mapping of an index whose vectors have length 1.

    For these `l2` ranks as the cosine does, and every engine of every version supports it. Vectors are not compressed:
    serverless, and servers from 3.7 on, compress them 32-fold by default, which saves nothing in rooms of a few
    thousand chunks (https://github.com/opensearch-project/k-NN/issues/3290; serverless accepts the level:
    AWS::OpenSearchServerless::Index PropertyMapping).
    """
    # One replica of each shard if there is a second node; on a single node it cannot be assigned, and the index would
    # stay yellow. A serverless collection manages its replicas itself.
    # https://docs.opensearch.org/latest/install-and-configure/configuring-opensearch/index-settings/
    replicas = {} if kind == "serverless" else {"auto_expand_replicas": "0-1"}
    return {
        "settings": {
            "index": {"knn": True, **replicas},
            "analysis": {
                "filter": {
                    "possessive": {"type": "stemmer", "language": "possessive_english"},
                    "english_stop": {"type": "stop", "stopwords": "_english_"},
                    "english_stemmer": {"type": "stemmer", "language": "english"},
                },
                "char_filter": {"han": {"type": "mapping", "mappings": [f"{a}=>{b}" for a, b in variants().items()]}},
                "analyzer": {"mix": _analyzer(MIX_FILTERS), "single": _analyzer(ENGLISH_FILTERS)},
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
                        "english": {"type": "text", "analyzer": "single"},
                    },
                },
                "vectors": {"type": "keyword", "index": False, "doc_values": False},
                "embedding": {
                    "type": "knn_vector",
                    "dimension": dimensions,
                    "space_type": "l2",
                    "compression_level": "1x",
                    **METHODS[kind],
                },
            },
        },
    }


def _analyzer(filters: list[str]) -> dict[str, Any]:
    return {"type": "custom", "char_filter": ["han"], "tokenizer": "standard", "filter": filters}


def allowed(chat_id: str, ingest_ids: Sequence[str] | None, document_id: str | None = None) -> Query:
    """Return the filter for the chunks of a room, of these ingests and of this document; None: of all."""
    clauses: list[Query] = [{"term": {"chat_id": chat_id}}]
    if ingest_ids is not None:
        clauses.append({"terms": {"ingest_id": list(ingest_ids)}})
    if document_id is not None:
        clauses.append({"term": {"document_id": document_id}})
    return {"bool": {"filter": clauses}}


def overtaken(chat_id: str, document_id: str, attempt_ids: Sequence[str]) -> Query:
    """Return the query for the chunks of a document except those of these attempts."""
    document: list[Query] = [{"term": {"chat_id": chat_id}}, {"term": {"document_id": document_id}}]
    return {"bool": {"filter": document, "must_not": {"terms": {"ingest_id": list(attempt_ids)}}}}


def by_meaning(vector: Numbers, scope: Query) -> str:
    """Return the k-NN search as JSON; with a filter outside of its clause fewer than k hits could remain."""
    search = json.dumps(_search({"knn": {"embedding": {"vector": None, "k": CANDIDATES, "filter": scope}}}))
    return search.replace('"vector": null', f'"vector": {as_json(vector)}', 1)


def by_words(question: str, scope: Query) -> dict[str, Any]:
    """Return the BM25 search over both analysers.

    Its total is that of all searched chunks, because those without any of the words are hits with a score of 0.
    """
    words = {"query": telling_part(question), "type": "most_fields", "fields": ["text.mix", "text.english"]}
    return _search({"bool": {"filter": scope, "should": {"multi_match": words}}})


def telling_part(question: str) -> str:
    """Return the question, or the beginning and the end of a longer text, where the question probably is."""
    tokens = list(_TOKEN.finditer(question))
    if len(tokens) <= MAX_TOKENS:
        return question
    half = MAX_TOKENS // 2
    return f"{question[: tokens[half - 1].end()]} {question[tokens[-half].start() :]}"


def _search(query: Query) -> dict[str, Any]:
    return {"size": CANDIDATES, "_source": SHOWN, "query": query}
