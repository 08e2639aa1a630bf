"""Questions that have nothing to do with a room's documents, told by the search's score before a model is paid."""

from collections.abc import Sequence

from documind.clients.search import Hit

# Of the best hit, by embedding model; with any other, the chat model is always asked. On evals/golden.jsonl 10 of 20
# off-topic questions lie below it, and 2 of 150 that the documents answer.
LEAST_SCORES = {"universal-sentence-encoder-simplified": 0.1}


def is_off_topic(hits: Sequence[Hit], embedding_model: str) -> bool:
    """Tell whether no hit comes near the question."""
    return max(hit.score for hit in hits) < LEAST_SCORES.get(embedding_model, 0.0)
