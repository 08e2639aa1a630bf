"""Indexes chunks while pages are read: embeddings and bulk writes in batches, and a check that a search finds all."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field, replace

from documind.clients.models import Models
from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.clients.vectors import ChunkVectors, chunk_vectors
from documind.errors import Code, UnavailableError
from documind.ids import new_ulid

BATCH = 16  # chunks; mostly one request for embeddings of their sentences, and one bulk request of 0.2 MB
BATCHES_AT_ONCE = 4
BATCHES_AHEAD = 6  # unfinished ones at most, then reading waits
ATTEMPTS = 3  # to index the chunks between two checkpoints
VISIBLE_TIMEOUT_S = 30.0  # a serverless search refreshes every 10 s, and a new index settles in about 15 s
POLL_S = 0.25

logger = logging.getLogger(__name__)


class DoubledChunksError(Exception):
    """A search finds more chunks than were written: a request was carried out twice."""


@dataclass
class Batch:
    """The chunks of one bulk request; `vectors` is empty until they have been embedded."""

    chunks: list[Chunk]
    vectors: list[ChunkVectors] = field(default_factory=list)


class ChunkWriter:
    """Writes the chunks between two checkpoints in the background, with one attempt id as their `ingest_id`.

    A bulk request whose response is lost may have been executed: all these chunks are then written again under a new
    attempt id, and those under the old one are never found. `check` is called before each request that writes, and
    raises if this run may no longer write.
    """

    def __init__(self, models: Models, search: SearchIndex, executor: Executor, check: Callable[[], None]) -> None:
        self._models = models
        self._search = search
        self._executor = executor
        self._check = check
        self._ensured = False
        self._attempt_id = new_ulid()
        self._waiting: list[Chunk] = []
        self._batches: list[Batch] = []
        self._writes: list[Future[None]] = []

    def add(self, chunks: list[Chunk]) -> None:
        """Add chunks, and submit full batches; waits while too many are unfinished."""
        self._waiting += chunks
        while len(self._waiting) >= BATCH:
            self._submit(BATCH)

    def commit(self) -> tuple[str, int]:
        """Wait until all chunks are written; return their attempt id and their number.

        Raises UnavailableError.
        """
        if self._waiting:
            self._submit(len(self._waiting))
        for _ in range(ATTEMPTS - 1):
            wait(self._writes)
            if not any(_may_be_written(write.exception()) for write in self._writes):
                break
            logger.warning("the chunks since the last checkpoint are written under another attempt id")
            self._attempt_id = new_ulid()
            self._writes = [self._executor.submit(self._write, batch, self._attempt_id) for batch in self._batches]
        for write in self._writes:
            write.result()
        written = self._attempt_id, sum(len(batch.chunks) for batch in self._batches)
        self._attempt_id, self._batches, self._writes = new_ulid(), [], []
        return written

    def _submit(self, count: int) -> None:
        if not self._ensured:
            self._search.ensure()
            self._ensured = True
        batch, self._waiting = Batch(self._waiting[:count]), self._waiting[count:]
        self._batches.append(batch)
        self._writes.append(self._executor.submit(self._write, batch, self._attempt_id))
        wait(self._writes[: len(self._writes) - BATCHES_AHEAD])

    def _write(self, batch: Batch, attempt_id: str) -> None:
        self._check()
        if not batch.vectors:
            batch.vectors = chunk_vectors(self._models.embed, [chunk.text for chunk in batch.chunks])
            self._check()
        self._search.write([replace(chunk, ingest_id=attempt_id) for chunk in batch.chunks], batch.vectors)


def _may_be_written(error: BaseException | None) -> bool:
    return isinstance(error, UnavailableError) and error.code is Code.SEARCH_UNAVAILABLE


def wait_until_found(search: SearchIndex, scope: RoomScope, expected: int) -> None:
    """Return once a search finds exactly the chunks that were written.

    Raises UnavailableError(SEARCH_UNAVAILABLE) when it does not in time, DoubledChunksError when it finds more.
    """
    deadline = time.monotonic() + VISIBLE_TIMEOUT_S
    search.refresh()
    while (found := search.count(scope)) != expected:
        if found > expected:
            raise DoubledChunksError
        if time.monotonic() > deadline:
            raise UnavailableError(Code.SEARCH_UNAVAILABLE)
        time.sleep(POLL_S)
