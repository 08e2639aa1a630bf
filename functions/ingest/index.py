"""Indexing chunks: embeddings in batches, bulk writes, and the proof that a search finds all of them."""

import time

from documind.clients.models import EMBEDDING_BATCH, Models
from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.errors import Code, UnavailableError

BATCH = EMBEDDING_BATCH  # chunks: one request for embeddings, and one bulk request of about 2 MB
VISIBLE_TIMEOUT_S = 60.0  # a serverless search refreshes every 10 s, and a new index settles in about 15 s
POLL_S = 0.25


class ChunkWriter:
    """Writes the chunks of one ingest, a batch at a time."""

    def __init__(self, models: Models, search: SearchIndex) -> None:
        self._models = models
        self._search = search
        self._waiting: list[Chunk] = []
        self.written = 0

    def add(self, chunks: list[Chunk]) -> None:
        """Take chunks, and write whatever makes full batches."""
        self._waiting += chunks
        while len(self._waiting) >= BATCH:
            self._write(BATCH)

    def finish(self) -> None:
        """Write the rest."""
        if self._waiting:
            self._write(len(self._waiting))

    def _write(self, count: int) -> None:
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        if not self.written:
            self._search.ensure()
        self._search.write(batch, self._models.embed([chunk.text for chunk in batch]))
        self.written += count


def wait_until_found(search: SearchIndex, chat_id: str, ingest_id: str, expected: int) -> None:
    """Return once a search finds exactly the chunks that were written.

    Raises UnavailableError(SEARCH_UNAVAILABLE) when it does not in time, or finds more: a request was carried out
    twice, and a new ingest starts clean.
    """
    scope = RoomScope(chat_id, (ingest_id,))
    deadline = time.monotonic() + VISIBLE_TIMEOUT_S
    while (found := search.count(scope)) != expected:
        if found > expected or time.monotonic() > deadline:
            raise UnavailableError(Code.SEARCH_UNAVAILABLE)
        time.sleep(POLL_S)
