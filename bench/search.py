"""How long a search takes in an index of many rooms, without embedding; checks that hits are of the right room."""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from opensearchpy import OpenSearch

from documind.clients.search import Chunk, RoomScope, SearchIndex
from documind.clients.vectors import ChunkVectors
from infra.stage import Stage
from ingest.index import wait_until_found
from local.ports import claimed_ports
from local.system import LocalSystem

ROOMS = int(os.environ.get("SEARCH_ROOMS", "1000"))
CHUNKS_A_ROOM = 100  # of a finished run; every tenth room has as many again of an unfinished run
QUESTIONS = int(os.environ.get("SEARCH_QUESTIONS", "10000"))
DIMENSIONS = 512
SENTENCES = 4
LIMIT = 5
ROOMS_A_WRITE = 5
WORDS = [f"w{number}" for number in range(5_000)]
WORDS_A_CHUNK, WORDS_A_QUESTION = 80, 8


def run() -> None:
    """Print p50 and p95; raises AssertionError for a hit of another room or run, or for fewer than LIMIT hits."""
    with tempfile.TemporaryDirectory() as folder, claimed_ports() as ports:
        system = LocalSystem(Path(folder), ports, say=lambda _line: None)
        try:
            system.start_search(jvm_options=())  # with a server's JVM options, which compile for speed
            client = OpenSearch(hosts=[f"http://127.0.0.1:{ports.search}"], timeout=120, max_retries=3)
            index = SearchIndex(
                client,
                embedding_model="random",
                dimensions=DIMENSIONS,
                kind="own",
                vector_weight=Stage.vector_weight,
            )
            _measure(index, random.Random(0))  # noqa: S311
        finally:
            system.stop()


def _measure(index: SearchIndex, dice: random.Random) -> None:
    vectors = [[dice.gauss() for _ in range(DIMENSIONS)] for _ in range(1_000)]
    index.ensure()
    started = time.monotonic()
    for first in range(0, ROOMS, ROOMS_A_WRITE):
        rooms = range(first, min(first + ROOMS_A_WRITE, ROOMS))
        chunks = [chunk for room in rooms for chunk in _chunks_of(room, dice)]
        index.write(chunks, [ChunkVectors(dice.choice(vectors), dice.choices(vectors, k=SENTENCES)) for _ in chunks])
    for room in range(ROOMS):
        wait_until_found(index, _scope(room), CHUNKS_A_ROOM)
    written_s = time.monotonic() - started
    times_ms = [_ask(index, dice.randrange(ROOMS), dice.choice(vectors), dice) for _ in range(QUESTIONS)]
    p50, p95 = statistics.median(times_ms), statistics.quantiles(times_ms, n=20)[-1]
    print("| ready chunks | rooms | questions | p50 ms | p95 ms | to write them, s |\n|---|---|---|---|---|---|")
    print(f"| {ROOMS * CHUNKS_A_ROOM:,} | {ROOMS:,} | {QUESTIONS:,} | {p50:.1f} | {p95:.1f} | {written_s:.0f} |")


def _ask(index: SearchIndex, room: int, vector: Sequence[float], dice: random.Random) -> float:
    question = " ".join(dice.choices(WORDS, k=WORDS_A_QUESTION))
    scope = _scope(room)
    started = time.perf_counter()
    hits = index.find(scope, question, vector, limit=LIMIT)
    took_ms = (time.perf_counter() - started) * 1_000
    if len(hits) != LIMIT or {(hit.chunk.chat_id, hit.chunk.ingest_id) for hit in hits} != {
        (scope.chat_id, scope.ready_ingest_ids[0])
    }:
        raise AssertionError(f"{len(hits)} hits in {scope.chat_id}, or one from elsewhere")
    return took_ms


def _scope(room: int) -> RoomScope:
    return RoomScope(f"room-{room}", (f"ready-{room}",))


def _chunks_of(room: int, dice: random.Random) -> list[Chunk]:
    runs = [f"ready-{room}", *([f"unfinished-{room}"] if room % 10 == 0 else [])]
    return [
        Chunk(f"document-{room}", run, f"room-{room}", page, 0, 400, " ".join(dice.choices(WORDS, k=WORDS_A_CHUNK)))
        for run in runs
        for page in range(1, CHUNKS_A_ROOM + 1)
    ]
