"""In-memory replacements of the models and the search that the ingest uses."""

from collections.abc import Sequence

from documind.clients.search import Chunk, RoomScope
from documind.clients.vectors import ChunkVectors
from documind.errors import Code, UnavailableError
from tests.fakes import UnservedModels, UnservedSearch


class CountedModels(UnservedModels):
    """Embeds every text as the same vector; the first `failures` calls fail."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> list[list[float]]:  # noqa: ARG002
        if self.failures:
            self.failures -= 1
            raise UnavailableError(Code.MODEL_UNAVAILABLE)
        return [[1.0]] * len(texts)


class ListedSearch(UnservedSearch):
    """Keeps chunks in a list; only the first count leaves out `hidden` of them."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "chunks-v1-model-1"
        self.chunks: list[Chunk] = []
        self.hidden = 0
        self.counts = 0

    def ensure(self) -> None:
        pass

    def refresh(self) -> None:
        pass

    def write(self, chunks: Sequence[Chunk], vectors: Sequence[ChunkVectors]) -> None:
        assert len(chunks) == len(vectors)
        self.chunks += chunks

    def delete_overtaken(self, chat_id: str, document_id: str, attempt_ids: Sequence[str]) -> int:
        """Delete the chunks of a document that other attempts left."""
        of_others = [
            chunk
            for chunk in self.chunks
            if (chunk.chat_id, chunk.document_id) == (chat_id, document_id) and chunk.ingest_id not in attempt_ids
        ]
        self.chunks = [chunk for chunk in self.chunks if chunk not in of_others]
        return len(of_others)

    def count(self, scope: RoomScope) -> int:
        self.counts += 1
        hidden, self.hidden = self.hidden, 0
        found = [c for c in self.chunks if c.chat_id == scope.chat_id and c.ingest_id in scope.ready_ingest_ids]
        return len(found) - hidden
