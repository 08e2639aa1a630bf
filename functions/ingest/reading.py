"""Reads a document from its last checkpoint on, with further checkpoints, and makes it ready at its end."""

import hashlib
import shutil
import tempfile
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

from documind.clients.search import Chunk, RoomScope
from documind.errors import Code, UnreadableDocumentError
from documind.stores.checkpoint import Checkpoint
from documind.stores.documents import StoredDocument
from ingest.index import BATCHES_AT_ONCE, ChunkWriter, wait_until_found
from ingest.lease import Delivery, Lease, OvertakenError
from ingest.reader.child import start_ahead
from ingest.reader.read import Page, read_pages
from ingest.services import Services
from ingest.split import split
from ingest.vision import read_picture

CHECKPOINT_S = 4.0  # between two checkpoints: what a killed run loses at most, and how long other documents wait
LONGEST_RUN_S = 20.0  # then a run yields in any case, so that a page that hangs reaches its deadline before the timeout
PROGRESS_INTERVAL_S = 0.5
PAGES_IN_OBJECT = 16  # about 110 KB of an English report; a citation of one page reads all of it
WRITES_AT_ONCE = 4
FOLDER = "documind-ingest-"  # prefix of the folder that holds the PDF
ABANDONED_AFTER_S = 120  # twice the function's timeout


def read_document(
    services: Services, document: StoredDocument, lease: Lease, delivery: Delivery
) -> StoredDocument | None:
    """Read a document to its end and return it as ready; None if the run yields at a checkpoint to another one.

    Raises UnreadableDocumentError, UnavailableError, DoubledChunksError, OvertakenError.
    """
    if document.checkpoint.pages and document.checkpoint.index != services.search.name:
        # Another model or mapping has been deployed since, and all chunks of a document must be in one index.
        document = _current(services.documents.start_over(document))
    checkpoint = document.checkpoint
    if checkpoint.pages and checkpoint.pages == document.pages_total:
        return _finish(services, document)
    _delete_abandoned()
    with (
        tempfile.TemporaryDirectory(prefix=FOLDER) as folder,
        ThreadPoolExecutor(WRITES_AT_ONCE) as keeper,
        ThreadPoolExecutor(BATCHES_AT_ONCE) as indexer,
    ):
        start_ahead()
        path = Path(folder) / "upload.pdf"
        services.objects.read_upload(document.key or "", document.version_id, path)
        _check_complete(path, document)
        run = _Run(services, document, lease, keeper, indexer)
        killed_by, pictures = checkpoint.killed_by, services.reads_pictures
        with closing(read_pages(path, checkpoint.pages + 1, killed_by=killed_by, pictures=pictures)) as pages:
            for page in pages:
                run.take(page)
                if page.number == page.total or run.checkpoint_is_due():
                    run.commit(page)
                    if run.is_long() or (page.number < page.total and run.must_yield(delivery)):
                        return None
    return _finish(services, run.document)


class _Run:
    """What a run has read since its last checkpoint; `document` is the result of its last write."""

    def __init__(
        self, services: Services, document: StoredDocument, lease: Lease, keeper: Executor, indexer: Executor
    ) -> None:
        self.document = document
        self._services = services
        self._keeper = keeper
        self._writer = ChunkWriter(services.models, services.search, indexer, lease.check)
        self._pages: list[Page] = []
        self._groups: dict[tuple[int, int], Future[None]] = {}
        self._unread = document.checkpoint.unread
        self._began_at = self._committed_at = time.monotonic()
        self._told_at = 0.0

    def take(self, page: Page) -> None:
        """Store and index a page in the background; waits while too many chunks are unfinished."""
        self._reserve(page)
        page = read_picture(self._services, self.document, page)
        self._pages.append(page)
        if page.number % PAGES_IN_OBJECT == 0:
            self._keep()
        self._writer.add(chunks_of(self.document, page))
        if page.loss:
            self._unread = self._unread.with_page(page.number, page.loss.value)
        elif page.from_picture:
            self._unread = self._unread.with_picture(page.number)
        self._tell_progress(page)

    def checkpoint_is_due(self) -> bool:
        """Return whether the last checkpoint is CHECKPOINT_S ago."""
        return time.monotonic() >= self._committed_at + CHECKPOINT_S

    def commit(self, page: Page) -> None:
        """Wait until all pages up to this one are stored and indexed, and commit the checkpoint."""
        if self._pages:
            self._keep()
        for write in self._groups.values():
            write.result()
        attempt_id, chunks = self._writer.commit()
        before = self.document.checkpoint
        checkpoint = Checkpoint(
            pages=page.number,
            chunks=before.chunks + chunks,
            index=self._services.search.name,
            attempt_ids=(*before.attempt_ids, attempt_id) if chunks else before.attempt_ids,
            killed_by=page.killed_by,
            groups=(*before.groups, *self._groups),
            unread=self._unread,
        )
        self._groups = {}
        documents = self._services.documents
        self.document = _current(documents.commit(self.document, checkpoint, pages_total=page.total))
        self._committed_at = time.monotonic()

    def _keep(self) -> None:
        """Write the texts of the pages since the last object as another object, in the background."""
        first, texts = self._pages[0].number, [page.layout.content for page in self._pages]
        write, ingest_id = self._services.objects.write_pages, self.document.ingest_id or ""
        self._groups[first, self._pages[-1].number] = self._keeper.submit(write, ingest_id, first, texts)
        self._pages = []

    def is_long(self) -> bool:
        """Return whether another run must continue, so that none comes near the function's timeout."""
        return time.monotonic() > self._began_at + LONGEST_RUN_S

    def must_yield(self, delivery: Delivery) -> bool:
        """Return whether other messages wait, or this message was delivered again because runs have been killed.

        These deliveries count towards the queue's limit, although there is a checkpoint; a new message counts from 1.
        """
        return delivery.received > 1 or self._services.queue.waiting() > 0

    def _tell_progress(self, page: Page) -> None:
        """Broadcast how many pages are read, at most twice a second, and never fewer than before."""
        if time.monotonic() < self._told_at + PROGRESS_INTERVAL_S:
            return
        self._told_at = time.monotonic()
        documents, pages_done = self._services.documents, max(page.number, self.document.pages_done)
        self.document = _current(documents.progress(self.document, pages_total=page.total, pages_done=pages_done))
        self._services.broadcast(self.document)

    def _reserve(self, page: Page) -> None:
        """Charge the pages to today's budgets before anything is paid for, unless an earlier run has done so.

        Raises UnreadableDocumentError(PAGES_BUDGET), OvertakenError.
        """
        document, services = self.document, self._services
        if document.charge or document.is_read_again:
            return
        charge, counted = services.budgets.charge(document.user_id, document.chat_id, pages=page.total)
        self.document = _current(services.documents.keep_charge(document, charge, counted))


def _delete_abandoned() -> None:
    """Delete the folders of killed runs: after a timeout Lambda restarts the process, but keeps `/tmp` (512 MB).

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - ABANDONED_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)


def _current(document: StoredDocument | None) -> StoredDocument:
    """Return the result of a conditional write; raises OvertakenError if it was refused."""
    if document is None:
        raise OvertakenError
    return document


def _finish(services: Services, document: StoredDocument) -> StoredDocument:
    """Make a document ready when a search finds all its chunks."""
    checkpoint = document.checkpoint
    if not checkpoint.chunks:
        raise UnreadableDocumentError(_why_nothing_was_read(document))
    wait_until_found(services.search, RoomScope(document.chat_id, checkpoint.attempt_ids), checkpoint.chunks)
    total, chunks = document.pages_total, checkpoint.chunks
    return _current(services.documents.ready(document, pages_total=total, chunks=chunks))


def _why_nothing_was_read(document: StoredDocument) -> Code:
    unread = document.checkpoint.unread
    counts = {
        Code.PDF_WITHOUT_TEXT: unread.pages_empty,
        Code.PDF_GARBLED: unread.pages_garbled,
        Code.PDF_TOO_COMPLEX if document.checkpoint.killed_by else Code.PDF_INVALID: unread.pages_lost,
    }
    return max(counts, key=lambda code: counts[code])


def _check_complete(path: Path, document: StoredDocument) -> None:
    """Raise UnreadableDocumentError(UPLOAD_INCOMPLETE) unless the file has the registered size and hash."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if (path.stat().st_size, sha256) != (document.size_bytes, document.sha256):
        raise UnreadableDocumentError(Code.UPLOAD_INCOMPLETE)


def chunks_of(document: StoredDocument, page: Page) -> list[Chunk]:
    """Return the chunks of a page, without their attempt id."""
    return [
        Chunk(
            document_id=document.document_id,
            ingest_id="",  # set when it is written
            chat_id=document.chat_id,
            page=page.number,
            start=span.start,
            end=span.end,
            text=page.text[span.start : span.end],
        )
        for span in split(page.layout)
    ]
