"""One run of reading: from the last checkpoint to the next ones, and to `ready` where it reaches the end."""

import hashlib
import tempfile
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
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

CHECKPOINT_S = 4.0  # between two checkpoints: what a death costs, and how long another document waits for its turn
LONGEST_RUN_S = 20.0  # then it yields even if none wait: a page that hangs still ends below the function's time
PROGRESS_INTERVAL_S = 0.5
PAGES_IN_OBJECT = 16  # about 110 KB of an English report, which a citation of one of them reads as a whole
WRITES_AT_ONCE = 4


def read_document(
    services: Services, document: StoredDocument, lease: Lease, delivery: Delivery
) -> StoredDocument | None:
    """Return the document, which is ready; None: the run yields at a checkpoint, and another one is to go on.

    Raises UnreadableDocumentError, UnavailableError, DoubledChunksError, OvertakenError.
    """
    if document.checkpoint.pages and document.checkpoint.index != services.search.name:
        # Another model or mapping has been deployed since: chunks of one document stand in one index.
        document = _current(services.documents.start_over(document))
    checkpoint = document.checkpoint
    if checkpoint.pages and checkpoint.pages == document.pages_total:
        return _finish(services, document)
    with (
        tempfile.TemporaryDirectory() as folder,
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
    """What a run has read since its last checkpoint; `document` is as the last change has left it."""

    def __init__(
        self, services: Services, document: StoredDocument, lease: Lease, keeper: Executor, indexer: Executor
    ) -> None:
        self.document = document
        self._services = services
        self._keeper = keeper
        self._writer = ChunkWriter(services.models, services.search, indexer, lease.check)
        self._pages: list[Page] = []
        self._groups: dict[tuple[int, int], Future[None]] = {}
        self._unread = document.unread
        self._began_at = self._committed_at = time.monotonic()
        self._told_at = 0.0

    def take(self, page: Page) -> None:
        """Have a page kept and indexed in the background; waits while too many chunks are under way."""
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
        """True some seconds after the last one."""
        return time.monotonic() >= self._committed_at + CHECKPOINT_S

    def commit(self, page: Page) -> None:
        """Make what has been read up to this page stay, whatever becomes of this run."""
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
        )
        self._groups = {}
        documents = self._services.documents
        self.document = _current(documents.commit(self.document, checkpoint, self._unread, pages_total=page.total))
        self._committed_at = time.monotonic()

    def _keep(self) -> None:
        """Have the texts of the pages since the last object written as another one in the background."""
        first, texts = self._pages[0].number, [page.layout.content for page in self._pages]
        write, ingest_id = self._services.objects.write_pages, self.document.ingest_id or ""
        self._groups[first, self._pages[-1].number] = self._keeper.submit(write, ingest_id, first, texts)
        self._pages = []

    def is_long(self) -> bool:
        """True once what is left is to be done by another run, so that none comes near the time of the function."""
        return time.monotonic() > self._began_at + LONGEST_RUN_S

    def must_yield(self, delivery: Delivery) -> bool:
        """True where others wait, or its message has already come back from deaths.

        The queue counts those towards its limit; with a checkpoint they are made good, and a new message counts anew.
        """
        return delivery.received > 1 or self._services.queue.waiting() > 0

    def _tell_progress(self, page: Page) -> None:
        """Tell the room how many pages are read, twice a second at most, and never fewer than before."""
        if time.monotonic() < self._told_at + PROGRESS_INTERVAL_S:
            return
        self._told_at = time.monotonic()
        documents, pages_done = self._services.documents, max(page.number, self.document.pages_done)
        self.document = _current(documents.progress(self.document, pages_total=page.total, pages_done=pages_done))
        self._services.broadcast(self.document)

    def _reserve(self, page: Page) -> None:
        """Count the pages against the budgets of the day before any of them is paid, unless a run has ever done so.

        Raises UnreadableDocumentError(PAGES_BUDGET), OvertakenError.
        """
        document, services = self.document, self._services
        if document.charge or document.is_read_again:
            return
        charge, counted = services.budgets.charge(document.user_id, document.chat_id, pages=page.total)
        self.document = _current(services.documents.keep_charge(document, charge, counted))


def _current(document: StoredDocument | None) -> StoredDocument:
    """Return what a change has returned; raises OvertakenError when it has not been made."""
    if document is None:
        raise OvertakenError
    return document


def _finish(services: Services, document: StoredDocument) -> StoredDocument:
    """Make a document that has been read and indexed to its end visible, and remove what other attempts have left."""
    checkpoint, ids = document.checkpoint, (document.chat_id, document.document_id)
    if not checkpoint.chunks:
        raise UnreadableDocumentError(_why_nothing_was_read(document))
    wait_until_found(services.search, RoomScope(document.chat_id, checkpoint.attempt_ids), checkpoint.chunks)
    if not document.is_read_again:
        services.delete_overtaken(*ids, checkpoint.attempt_ids)
    total, chunks = document.pages_total, checkpoint.chunks
    ready = _current(services.documents.ready(document, pages_total=total, chunks=chunks))
    if document.is_read_again:  # what it was found by before goes only now: a search takes seconds to forget it
        services.delete_overtaken(*ids, checkpoint.attempt_ids)
        services.documents.forget_earlier(*ids)
    return ready


def _why_nothing_was_read(document: StoredDocument) -> Code:
    counts = {
        Code.PDF_WITHOUT_TEXT: document.pages_empty,
        Code.PDF_GARBLED: document.pages_garbled,
        Code.PDF_TOO_COMPLEX if document.checkpoint.killed_by else Code.PDF_INVALID: document.pages_lost,
    }
    return max(counts, key=lambda code: counts[code])


def _check_complete(path: Path, document: StoredDocument) -> None:
    """Raise UnreadableDocumentError(UPLOAD_INCOMPLETE) unless this is the file that was registered."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if (path.stat().st_size, sha256) != (document.size_bytes, document.sha256):
        raise UnreadableDocumentError(Code.UPLOAD_INCOMPLETE)


def chunks_of(document: StoredDocument, page: Page) -> list[Chunk]:
    """Return the passages of a page, ready to be indexed."""
    return [
        Chunk(
            document_id=document.document_id,
            ingest_id="",  # that of the attempt under which it is written
            chat_id=document.chat_id,
            page=page.number,
            start=span.start,
            end=span.end,
            text=page.text[span.start : span.end],
        )
        for span in split(page.layout)
    ]
