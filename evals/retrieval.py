"""Measures which pages are found: the product compared with its parts and the tutorial's pipeline, on equal vectors."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opensearchpy import OpenSearch

from answer import retrieve
from documind.clients.models import Models
from documind.clients.search import Hit, RoomScope, SearchIndex
from documind.clients.search_requests import allowed, by_words
from documind.settings import SearchKind
from evals.corpus import Rooms, index_rooms, scope_of
from evals.measures import DEPTH, Ranked, mean, rank_of
from evals.peer import Peer
from evals.questions import GoldenQuestion
from infra.stage import Stage

SHIPPED_WEIGHT = Stage.vector_weight
KIND: SearchKind = "own"

Found = Sequence[tuple[str, int]]  # (document, page) of each hit, best first
Find = Callable[[GoldenQuestion, Sequence[float]], Found]
FIGURES: tuple[Callable[[Ranked], float], ...] = (
    lambda one: one.at(1),
    lambda one: one.at(5),
    lambda one: one.reciprocal,
)


@dataclass(frozen=True)
class Index:
    """An index that contains every room, and the documents of the rooms."""

    client: OpenSearch
    model: str
    dimensions: int
    rooms: Rooms

    def search(self, vector_weight: float = SHIPPED_WEIGHT) -> SearchIndex:
        return SearchIndex(
            self.client,
            embedding_model=self.model,
            dimensions=self.dimensions,
            kind=KIND,
            vector_weight=vector_weight,
        )

    def scope(self, question: GoldenQuestion) -> RoomScope:
        return scope_of(question.room, self.rooms[question.room])

    def vectors(self, question: GoldenQuestion, vector: Sequence[float]) -> Found:
        """Return the hits of vectors alone."""
        return _pages(self.search(1.0).find(self.scope(question), question.question, vector, limit=DEPTH))

    def shipped(self, models: Models) -> Find:
        """Return the answering step's search; hits of the parts of a question and of the whole alternate."""
        search = self.search()

        def find(question: GoldenQuestion, _vector: Sequence[float]) -> Found:
            return _pages(retrieve.find(models, search, self.scope(question), question.question, limit=DEPTH))

        return find

    def words(self, question: GoldenQuestion, _vector: Sequence[float]) -> Found:
        """Return the hits of BM25 alone."""
        scope = self.scope(question)
        body = by_words(question.question, allowed(scope.chat_id, scope.ready_ingest_ids))
        hits = self.client.search(index=self.search().name, body=body)["hits"]["hits"]
        return [(hit["_source"]["document_id"], hit["_source"]["page"]) for hit in hits if hit["_score"]]


def _pages(hits: Sequence[Hit]) -> Found:
    return [(hit.chunk.document_id, hit.chunk.page) for hit in hits]


def pipelines(index: Index, models: Models, documents: Mapping[str, Path]) -> dict[str, Find]:
    """Index everything and return the compared pipelines by name; the product's is the last."""
    index_rooms(index.search(), models, index.rooms, documents)
    peer = Peer(models, index.rooms, documents)
    return {
        "tutorial's pipeline": lambda question, vector: peer.find(question.room, vector, DEPTH),
        "vectors only": index.vectors,
        "BM25 only": index.words,
        "as shipped": index.shipped(models),
    }


def compared(questions: Sequence[GoldenQuestion], models: Models, finds: Mapping[str, Find]) -> dict[str, list[Ranked]]:
    """Return for each pipeline the rank of the right page of each question."""
    vectors = models.embed([question.question for question in questions], questions=True)
    ranks: dict[str, list[Ranked]] = {name: [] for name in finds}
    for question, vector in zip(questions, vectors, strict=True):
        right = {(question.doc or "", page) for page in question.pages}
        for name, find in finds.items():
            ranks[name].append(rank_of(right, find(question, vector)))
    return ranks


def table(groups: Mapping[str, Sequence[int]], ranks: Mapping[str, Sequence[Ranked]]) -> str:
    """Return the measures as a Markdown table; each group lists the indices of its questions."""
    lines = ["| questions | pipeline | R@1 | R@5 | MRR@10 |", "|---|---|---|---|---|"]
    for group, positions in groups.items():
        for name, all_ranks in ranks.items():
            own = [all_ranks[position] for position in positions]
            figures = [str(mean(list(map(of, own)))) for of in FIGURES]
            lines.append(f"| {group} ({len(own)}) | {name} | " + " | ".join(figures) + " |")
    for name, all_ranks in ranks.items():
        own_groups = [[all_ranks[position] for position in positions] for positions in groups.values()]
        means = [statistics.fmean(statistics.fmean(map(of, group)) for group in own_groups) for of in FIGURES]
        lines.append(f"| mean of the groups | {name} | " + " | ".join(f"{value:.3f}" for value in means) + " |")
    return "\n".join(lines)


def grouped(questions: Sequence[GoldenQuestion]) -> dict[str, list[int]]:
    """Return the indices of the questions by kind; "answerable" ones, in the document's language, by language."""
    groups: dict[str, list[int]] = {}
    for position, question in enumerate(questions):
        name = question.lang if question.kind == "answerable" else question.kind.replace("_", "-")
        groups.setdefault(name, []).append(position)
    return groups
