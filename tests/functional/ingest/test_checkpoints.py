"""Runs that yield, crash or lose a response: in the end a document has exactly its chunks, each once."""

import json
import random
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from documind.clients.objects import Objects, pages_of
from documind.errors import Code, UnavailableError
from documind.stores.documents import DocumentStore
from ingest import index, reading
from ingest.lease import LEASE_S
from ingest.reader.read import Page, read_pages
from tests.functional.ingest.stand_ins import CountedModels, ListedSearch
from tests.functional.ingest.surroundings import ROOM, KilledError, World, run, world
from tests.plain_pdf import plain_pdf, written
from tests.sizes import size

__all__ = ["world"]

PAGES = 5
LONG_PDF = plain_pdf(
    [
        "\n".join(f"In the year {number * 100 + n} a pound of tea cost {n} shillings and {n} pence." for n in range(20))
        for number in range(1, PAGES + 1)
    ]
)
CHUNKS = PAGES * 3
STEPS = [
    (DocumentStore, ["claim", "keep_charge", "progress", "commit", "ready", "pause"]),
    (Objects, ["read_upload", "write_pages"]),
    (CountedModels, ["embed"]),
    (ListedSearch, ["ensure", "write", "count", "delete_overtaken"]),
]
NEXT_RUN_AFTER_S = LEASE_S + 2


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    """Return the pages that a child process reads, once for all tests."""
    return list(read_pages(written(tmp_path_factory.mktemp("pages"), LONG_PDF)))


@pytest.fixture(autouse=True)
def first_pages(monkeypatch: pytest.MonkeyPatch, pages: list[Page]) -> list[int]:
    """Make a checkpoint after every page; return a list to which each run adds its first page."""
    began_at: list[int] = []

    def read_from(
        _path: Path, first: int, *, killed_by: tuple[int, ...], pictures: bool
    ) -> Generator[Page, None, None]:
        assert (killed_by, pictures) == ((), False)
        began_at.append(first)
        yield from pages[first - 1 :]

    monkeypatch.setattr(reading, "read_pages", read_from)
    monkeypatch.setattr(reading, "CHECKPOINT_S", 0.0)
    monkeypatch.setattr(index, "BATCH", 2)
    return began_at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list with one number: the seconds by which the clock is ahead."""
    ahead = [0.0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    return ahead


@contextmanager
def killed_at(step: int, *, before: bool) -> Iterator[None]:
    """Kill the process at the step with this number (from 1), before or after the step's effect."""
    counted = [0]
    with pytest.MonkeyPatch.context() as patch:
        for owner, names in STEPS:
            for name in names:
                patch.setattr(owner, name, _dying(getattr(owner, name), counted, step, before=before))
        yield


def _dying(real: Any, counted: list[int], step: int, *, before: bool) -> Any:
    def call(*arguments: Any, **keywords: Any) -> Any:
        counted[0] += 1
        dies = counted[0] >= step  # later steps have no effect either, as in a process that was killed
        if dies and (before or counted[0] > step):
            raise KilledError
        done = real(*arguments, **keywords)
        if dies:
            raise KilledError
        return done

    return call


def run_to_the_end(world: World, event: dict[str, Any]) -> int:
    """Run the message and its continuations; return the number of runs."""
    sent, runs = len(world.queue.sent), 1
    assert run(event)
    while len(world.queue.sent) > sent:
        message = {"receiptHandle": "receipt", "eventSource": "aws:sqs", "body": json.dumps(world.queue.sent[sent])}
        sent, runs = sent + 1, runs + 1
        assert run({"Records": [message]}, message_id=f"m{runs}")
    return runs


def check_exactly_its_chunks(world: World, document_id: str) -> None:
    document = world.documents.get(ROOM, document_id)
    assert document
    assert document.status == "ready"
    assert {chunk.ingest_id for chunk in world.search.chunks} == set(document.searched_ids)
    spans = [(chunk.page, chunk.start) for chunk in world.search.chunks]
    assert len(spans) == len(set(spans)) == document.chunks == CHUNKS
    for chunk in world.search.chunks:
        page = world.objects.read_pages(document, chunk.page)[chunk.page]
        assert page.text[chunk.start : chunk.end] == chunk.text
    assert world.pages_counted() == [PAGES, PAGES]


@pytest.mark.parametrize("seed", range(size(15, 300)))
def test_a_document_killed_at_any_step_ends_with_exactly_its_chunks(
    world: World, clock: list[float], seed: int
) -> None:
    chosen = random.Random(seed)  # noqa: S311
    document, uploaded = world.upload(LONG_PDF)
    for received in range(1, chosen.randint(1, 5) + 1):
        with (
            killed_at(chosen.randint(1, 60), before=chosen.random() < 0.5),
            pytest.raises((KilledError, AssertionError)),
        ):
            assert not run(uploaded, received=received)
        clock[0] += NEXT_RUN_AFTER_S
    run_to_the_end(world, uploaded)
    check_exactly_its_chunks(world, document.document_id)


def test_a_run_yields_to_waiting_ones_and_the_next_continues_at_the_checkpoint(
    world: World, first_pages: list[int]
) -> None:
    document, uploaded = world.upload(LONG_PDF)
    world.queue.others = 1
    assert run_to_the_end(world, uploaded) == PAGES
    assert first_pages == list(range(1, PAGES + 1))
    check_exactly_its_chunks(world, document.document_id)
    done = [told.pages_done for told in world.told if told.status == "reading"]
    assert done == sorted(done)


def test_pages_between_two_checkpoints_share_objects_that_the_checkpoint_names(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHECKPOINT_S", 60.0)
    monkeypatch.setattr(reading, "PAGES_IN_OBJECT", 2)
    document, uploaded = world.upload(LONG_PDF)
    run_to_the_end(world, uploaded)
    check_exactly_its_chunks(world, document.document_id)
    ready = world.now(document)
    assert ready.checkpoint.groups == ((1, 2), (3, 4), (5, 5))
    assert [sorted(world.objects.read_pages(ready, page)) for page in (1, 4, 5)] == [[1, 2], [3, 4], [5]]
    assert world.objects.delete_all(pages_of(ready.ingest_id or "")) == PAGES


def test_a_long_run_yields_although_none_wait_and_another_one_finishes(
    world: World, first_pages: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_RUN_S", 0.0)
    document, uploaded = world.upload(LONG_PDF)
    assert run_to_the_end(world, uploaded) == PAGES + 1
    assert first_pages == list(range(1, PAGES + 1))
    check_exactly_its_chunks(world, document.document_id)


def test_a_bulk_request_whose_answer_is_lost_is_written_again_under_another_attempt_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, uploaded = world.upload(LONG_PDF)
    write, lost = world.search.write, [True, False, True]

    def losing(*arguments: Any) -> None:
        write(*arguments)
        if lost and lost.pop():
            raise UnavailableError(Code.SEARCH_UNAVAILABLE)

    monkeypatch.setattr(world.search, "write", losing)
    assert run_to_the_end(world, uploaded) == 1
    assert world.now(document).failures == 0
    check_exactly_its_chunks(world, document.document_id)


def test_a_document_that_kills_every_run_fails_with_the_number_of_the_page(world: World, clock: list[float]) -> None:
    document, uploaded = world.upload(LONG_PDF)
    for _ in range(12):
        with killed_at(5, before=True), pytest.raises(KilledError):
            run(uploaded)
        clock[0] += NEXT_RUN_AFTER_S
    assert run(uploaded)
    failed = world.now(document)
    assert (failed.status, failed.reason, failed.reason_page) == ("failed", Code.INGEST_FAILED, 1)


def test_a_run_whose_document_was_taken_writes_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document, uploaded = world.upload(LONG_PDF)
    embed = world.models.embed

    def deleted_meanwhile(texts: Any) -> Any:
        world.documents.begin_deletion(ROOM, document.document_id)
        return embed(texts)

    monkeypatch.setattr(world.models, "embed", deleted_meanwhile)
    assert run(uploaded)
    assert world.now(document).status == "deleting"
    assert world.now(document).lease_until <= time.time()
