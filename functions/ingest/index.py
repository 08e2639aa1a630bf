"""Indexing chunks beside the reading: embeddings in batches, bulk writes, and the proof that a search finds them."""

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

BATCH = 16  # chunks: their sentences are mostly one request for embeddings, and they one bulk request of 0.2 MB
BATCHES_AT_ONCE = 4
BATCHES_AHEAD = 6  # under way or waiting; reading then waits for them, and so does a checkpoint
ATTEMPTS = 3  # to index what is between two checkpoints
VISIBLE_TIMEOUT_S = 30.0  # a serverless search refreshes every 10 s, and a new index settles in about 15 s
POLL_S = 0.25

logger = logging.getLogger(__name__)


class DoubledChunksError(Exception):
    """A search finds more chunks than were written: a request was carried out twice."""


@dataclass
class Batch:
    """Chunks that travel together; `vectors` once they are known."""

    chunks: list[Chunk]
    vectors: list[ChunkVectors] = field(default_factory=list)


class ChunkWriter:
    """Writes the chunks between two checkpoints in the background, under one attempt id, which their `ingest_id` is.

    A bulk request whose answer is lost may have been carried out: then all of them are written once more, under an
    attempt id of their own, and what stands under the first one is never found. `check` is called before each request
    that writes, and raises when this run may not write any more.
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
        """Take chunks, and hand on whatever makes full batches."""
        self._waiting += chunks
        while len(self._waiting) >= BATCH:
            self._submit(BATCH)

    def commit(self) -> tuple[str, int]:
        """Return once all is written: the attempt id under which it stands, and the number of chunks.

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
