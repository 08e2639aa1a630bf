"""The deployed ingest under kills, load, hostile files and deletions: each document ends once, in the right status."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from documind.clients.objects import pages_key
from documind.ids import new_random_id
from documind.stores.documents import StoredDocument
from documind.wire import DocumentDelete, ReceiptFrame
from documind_cli.uploading import send_file
from local.deployment import Deployment
from local.system import LocalSystem
from tests.deployed import Models, Person
from tests.e2e.rooms import HANDBOOK
from tests.faults.breaking import kill_function, orphaned_readers
from tests.faults.kept import Kept, places_in, wait_until
from tests.faults.tables import Tables
from tests.hostile_pdfs import GOOD, hostile_files
from tests.plain_pdf import plain_pdf, written
from tests.sizes import size

PAGES = 100
KILLS_IN_A_ROW = (1, 2, 3, 4, 5) * 2
SLOW_MODEL = {"delay_s": 0.5}  # of a request for embeddings, so that there is time to kill a run
ERASURES = size(2, 20)
ROOMS = size(3, 50)
LONG_ONES = (2_500, 1_500, 1_500)  # pages; each is uploaded by a new person, with a new budget
LINES_OF_LONG_ONES, LINES_A_PAGE = 10, size(10, 25)
SHORT_READY_WITHIN_S = 10
FUNCTION = "IngestionIngest"
RUN = re.compile(rf"^--- \S*{FUNCTION}\S* ([\d.]+) s (.*)$", re.MULTILINE)
SLOT_S = 60  # longest run: a document may not delay the others for longer


@pytest.fixture
def kept(tables: Tables) -> Kept:
    return Kept(tables)


@pytest.fixture
def runs(system: LocalSystem, deployed: Deployment) -> Callable[[], list[tuple[float, str]]]:  # noqa: ARG001
    """Return a function that gives the seconds and the outcome of each run since the beginning of the test."""
    log = system.folder / "logs" / "functions.log"
    before = len(log.read_text()) if log.exists() else 0
    return lambda: [(float(seconds), ending) for seconds, ending in RUN.findall(log.read_text()[before:])]


def numbered(pages: int, subject: str, lines: int = LINES_A_PAGE) -> bytes:
    """Return a PDF in which no two lines are the same."""
    said = "In the year {} of the {} a pound of tea cost {} shillings, and of coffee {}."
    return plain_pdf(
        ["\n".join(said.format(1000 + page, subject, n, page * n) for n in range(lines)) for page in range(pages)]
    )


@pytest.mark.long
def test_a_document_whose_runs_are_killed_repeatedly_ends_with_exactly_its_chunks(
    sign_up: Callable[[], Person], system: LocalSystem, offline_models: Models, kept: Kept, tmp_path: Path
) -> None:
    dice = random.Random()  # noqa: S311
    for number, kills in enumerate(KILLS_IN_A_ROW):
        content = numbered(PAGES, f"reign {number}")
        offline_models.fail(embeddings=SLOW_MODEL)
        chat_id, document_id = send(sign_up, content)
        killed_run: str | None = None
        for _ in range(kills):
            killed_run = run_after(kept, chat_id, document_id, killed_run)
            time.sleep(dice.uniform(0, 4))
            assert kill_function(system, FUNCTION) >= 1
        offline_models.fail()
        document = kept.ended(chat_id, document_id)
        assert (document.status, document.pages_total) == ("ready", PAGES)
        assert_exactly_its_chunks(kept, document, written(tmp_path, content))
    wait_until(lambda: kept.messages() == 0)
    wait_until(lambda: not orphaned_readers(system))


def run_after(kept: Kept, chat_id: str, document_id: str, before: str | None) -> str:
    """Wait for the next run of a document that is not ready; return its id."""

    def has_begun() -> bool:
        document = kept.document(chat_id, document_id)
        assert document.status in {"awaiting_upload", "queued", "reading"}, "it was too fast to be killed"
        return document.status == "reading" and document.run_id != before and document.lease_until > 0

    wait_until(has_begun)
    return kept.document(chat_id, document_id).run


def assert_exactly_its_chunks(kept: Kept, document: StoredDocument, path: Path) -> None:
    """Assert that the index has each passage once, the bucket each page, and no chunk of other attempts is left."""

    def attempts() -> set[str]:
        return {attempt_id for attempt_id, _ in kept.chunks(document.document_id)}

    wait_until(lambda: attempts() == set(document.searched_ids))  # others are deleted after the document is ready
    assert Counter(place for _, place in kept.chunks(document.document_id)) == places_in(path)
    assert len(document.ingest_ids) == 1
    groups = document.checkpoint.groups
    assert [page for first, last in groups for page in range(first, last + 1)] == [*range(1, document.pages_total + 1)]
    ingest_id = document.ingest_id or ""
    assert {pages_key(ingest_id, *group) for group in groups} <= kept.page_objects(ingest_id)


def test_a_document_deleted_while_it_is_read_leaves_nothing(
    person: Person, kept: Kept, runs: Callable[[], list[tuple[float, str]]]
) -> None:
    dice = random.Random()  # noqa: S311
    ingest_ids: dict[str, str] = {}
    for number in range(ERASURES):
        client = person.connect()  # an old one that is not read would block functions that post to it
        chat_id = client.open("Erased").chat_id
        document_id = send_file(client, "erased.pdf", numbered(PAGES, f"city {number}")).document.document_id
        ids = (chat_id, document_id)
        wait_until(lambda ids=ids: kept.document(*ids).run_id is not None)  # type: ignore[misc]
        ingest_ids[document_id] = kept.document(chat_id, document_id).ingest_id or ""
        time.sleep(dice.uniform(0, 3))
        delete = DocumentDelete(request_id=new_random_id(), chat_id=chat_id, document_id=document_id)
        client.request(delete, ReceiptFrame)
        person.close()
    for document_id, ingest_id in ingest_ids.items():
        wait_until(lambda one=document_id: kept.is_gone(chat_id, one))  # type: ignore[misc]
        assert_nothing_is_left(kept, chat_id, document_id, ingest_id)
    wait_until(lambda: kept.messages() == 0)
    for document_id, ingest_id in ingest_ids.items():  # nothing is written later either
        assert_nothing_is_left(kept, chat_id, document_id, ingest_id)
    assert_no_slot_was_held_up(runs())


def assert_nothing_is_left(kept: Kept, chat_id: str, document_id: str, ingest_id: str) -> None:
    assert kept.chunks(document_id) == []
    assert (kept.page_objects(ingest_id), kept.uploads(chat_id, document_id)) == (set(), 0)


def test_two_documents_at_once_in_each_of_many_rooms_are_found_whole(
    person: Person, kept: Kept, tmp_path: Path
) -> None:
    client = person.connect()
    contents = (HANDBOOK.read_bytes(), numbered(3, "harbour"))
    expected = [places_in(written(tmp_path, content)) for content in contents]
    sent: dict[str, list[str]] = {}
    for number in range(ROOMS):
        chat_id = client.open(f"Room {number}").chat_id
        sent[chat_id] = [send_file(client, "both.pdf", content).document.document_id for content in contents]
    for chat_id, documents in sent.items():
        for document_id, places in zip(documents, expected, strict=True):
            document = kept.ended(chat_id, document_id)
            assert document.status == "ready"
            found = kept.chunks(document_id)
            assert Counter(place for _, place in found) == places
            assert {attempt_id for attempt_id, _ in found} == set(document.searched_ids)


@pytest.mark.long
def test_long_documents_end_ready_and_do_not_delay_a_short_one(
    sign_up: Callable[[], Person],
    kept: Kept,
    capsys: pytest.CaptureFixture[str],
    runs: Callable[[], list[tuple[float, str]]],
) -> None:
    began = time.monotonic()
    long_ones = [
        send(sign_up, numbered(pages, f"book {number}", LINES_OF_LONG_ONES)) for number, pages in enumerate(LONG_ONES)
    ]
    for ids in long_ones[:2]:  # until both slots are taken
        wait_until(lambda one=ids: kept.document(*one).pages_done > 0)  # type: ignore[misc]
    sent_at = time.monotonic()
    assert kept.ended(*send(sign_up, numbered(1, "day")), SHORT_READY_WITHIN_S).status == "ready"
    short_s = time.monotonic() - sent_at
    for ids, pages in zip(long_ones, LONG_ONES, strict=True):
        document = kept.ended(*ids)
        assert (document.status, document.pages_done) == ("ready", pages)
    with capsys.disabled():
        print(f"\n{LONG_ONES} pages: {time.monotonic() - began:.0f} s; a page meanwhile: {short_s:.1f} s")
        assert_no_slot_was_held_up(runs())


def send(sign_up: Callable[[], Person], content: bytes) -> tuple[str, str]:
    """Upload a file as a new person, who has a new budget of pages; return the ids of room and document."""
    person = sign_up()
    client = person.connect()
    chat_id = client.open("Uploads").chat_id
    document_id = send_file(client, "upload.pdf", content).document.document_id
    person.close()
    return chat_id, document_id


def test_hostile_files_end_with_their_reasons_and_the_next_good_one_is_read(
    sign_up: Callable[[], Person], kept: Kept, runs: Callable[[], list[tuple[float, str]]]
) -> None:
    files = hostile_files()[:: size(8, 1)]
    sent = [send(sign_up, file.content) for file in files]
    wrong = []
    for file, ids in zip(files, sent, strict=True):
        document = kept.ended(*ids)
        if (document.reason or document.status) not in file.endings:
            wrong.append((file.name, document.status, document.reason))
    assert not wrong
    assert kept.ended(*send(sign_up, GOOD)).status == "ready"
    wait_until(lambda: kept.messages() == 0)
    assert len(runs()) > len(files)
    assert_no_slot_was_held_up(runs())


def assert_no_slot_was_held_up(runs: list[tuple[float, str]]) -> None:
    assert [run for run in runs if run[1] != "ok" or run[0] > SLOT_S] == []
    print(f"{len(runs)} runs, the longest {max(runs)[0]:.1f} s")
