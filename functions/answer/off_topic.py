"""Questions that have nothing to do with a room's documents, told by the search's score before a model is paid."""

from collections.abc import Sequence

from documind.clients.search import Hit
from documind.languages import language_of

# Of the best hit, by embedding model; with any other, the chat model is always asked. On evals/golden.jsonl 10 of 20
# off-topic questions lie below it, and 2 of 150 that the documents answer.
LEAST_SCORES = {"universal-sentence-encoder-simplified": 0.12}
OTHER_LANGUAGE = 0.04  # what a passage in another language than the question lacks, for they share no words


def is_off_topic(question: str, hits: Sequence[Hit], embedding_model: str) -> bool:
    """Tell whether no hit comes near the question."""
    asked_in = language_of(question)
    scores = [hit.score + (OTHER_LANGUAGE if language_of(hit.chunk.text) != asked_in else 0.0) for hit in hits]
    return max(scores) < LEAST_SCORES.get(embedding_model, 0.0)
