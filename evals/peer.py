"""The tutorial's retrieval, reduced, on our vectors: its reading and splitter, and the nearest chunks only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peer.reading import read, split
from documind.clients.models import Models
from evals.corpus import Rooms


@dataclass(frozen=True)
class PeerChunk:
    """The vector of a chunk, with its document and page."""

    document: str
    page: int
    vector: Sequence[float]


class Peer:
    """All chunks of all rooms in memory; a search compares the question with every chunk of its room."""

    def __init__(self, models: Models, rooms: Rooms, documents: Mapping[str, Path]) -> None:
        chunks = {
            name: [(page, text) for page, whole in enumerate(read(path), start=1) for text in split(whole)]
            for name, path in documents.items()
        }
        embedded = {
            name: [
                PeerChunk(name, page, vector)
                for (page, _), vector in zip(pieces, models.embed([text for _, text in pieces]), strict=True)
            ]
            for name, pieces in chunks.items()
            if pieces
        }
        self._rooms = {room: [one for name in names for one in embedded.get(name, [])] for room, names in rooms.items()}

    def find(self, room: str, vector: Sequence[float], limit: int) -> list[tuple[str, int]]:
        """Return (document, page) of the nearest chunks; all vectors have length 1."""
        ranked = sorted(self._rooms[room], key=lambda chunk: -sum(map(float.__mul__, vector, chunk.vector)))
        return [(chunk.document, chunk.page) for chunk in ranked[:limit]]
