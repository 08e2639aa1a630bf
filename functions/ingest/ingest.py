"""One document from its upload to `ready` or `failed`."""

import hashlib
import logging
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from documind import metrics
from documind.clients.objects import Objects
from documind.clients.search import Chunk
from documind.errors import Code, UnreadableDocumentError
from documind.stores.documents import StoredDocument
from ingest.blocks import Heading
from ingest.index import ChunkWriter, wait_until_found
from ingest.progress import OvertakenError, Progress, current
from ingest.read import Page, read_pages
from ingest.services import Services
from ingest.split import headings_after, split

PAGE_WRITES_AT_ONCE = 8

logger = logging.getLogger(__name__)


class StillBeingReadError(Exception):
    """The queue has delivered a message twice, and the run of its first delivery is alive: it must not be deleted."""


def ingest(services: Services, received: StoredDocument, *, message_id: str, lease_s: float) -> None:
    """Read a received document, unless that is done, not wanted any more, or the work of another message.

    `lease_s` is the time this run can live. Raises what another try may mend; the document then waits again.
    """
    document = services.documents.claim(received.chat_id, received.document_id, message_id=message_id, lease_s=lease_s)
    if document is None:
        _check_not_lost(services, received, message_id)
        return
    services.announce(document)
    try:
        ready = _read(services, document)
        _count(ready)
        services.announce(ready)
    except OvertakenError:
        logger.info("overtaken")
        services.documents.let_go(document.chat_id, document.document_id, document.run)
    except UnreadableDocumentError as error:
        logger.info("a document cannot be read", extra={"code": error.code.value})
        failed = services.documents.fail(document.chat_id, document.document_id, error.code, ingest_id=document.run)
        _tell(services, failed)
        if failed:
            metrics.emit(metrics.DOCUMENTS_FAILED, of=error.code.value)
    except Exception:
        _tell(services, services.documents.release(document.chat_id, document.document_id, document.run))
        raise


def _check_not_lost(services: Services, received: StoredDocument, message_id: str) -> None:
    """A repeated event is done with, for the message of the run that holds the document comes back if that dies."""
    document = services.documents.get(received.chat_id, received.document_id)
    if document and document.status == "reading" and document.queue_message_id == message_id:
        raise StillBeingReadError(document.document_id)


def _tell(services: Services, document: StoredDocument | None) -> None:
    if document:
        services.announce(document)


def _count(ready: StoredDocument) -> None:
    metrics.emit(metrics.DOCUMENTS_READY)
    metrics.emit(metrics.PAGES, ready.pages_total or 0)
    logger.info("a document is ready", extra={"pages": ready.pages_total, "chunks": ready.chunks})


def _read(services: Services, document: StoredDocument) -> StoredDocument:
    """Read, keep and index all pages, and return the document as it then is: ready."""
    writer = ChunkWriter(services.models, services.search)
    progress = Progress(services, document)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(PAGE_WRITES_AT_ONCE) as pool:
        path = Path(folder) / "upload.pdf"
        services.objects.read_upload(document.key or "", document.version_id, path)
        _check_complete(path, document)
        kept: list[Future[None]] = []
        with closing(read_pages(path)) as pages:
            above: tuple[Heading, ...] = ()
            for page in pages:
                if page.number == 1:
                    _reserve_pages(services, document, page.total)
                writer.add(chunks_of(document, page, above))
                above = headings_after(page.layout, above)
                kept.append(pool.submit(_keep, services.objects, document, page))
                progress.take(page)
        writer.finish()
        for write in kept:
            write.result()
    if not writer.written:
        raise UnreadableDocumentError(Code.PDF_WITHOUT_TEXT)
    wait_until_found(services.search, document.chat_id, document.run, writer.written)
    return progress.ready(chunks=writer.written)


def _reserve_pages(services: Services, document: StoredDocument, pages: int) -> None:
    """Count the pages against the budgets of the day before any of them is paid, unless an earlier run has done so.

    Raises UnreadableDocumentError(PAGES_BUDGET); OvertakenError, with nothing counted, when it has been overtaken.
    """
    if document.charge:
        return
    charge = services.budgets.reserve(document.user_id, document.chat_id, pages=pages)
    if charge is None:
        raise UnreadableDocumentError(Code.PAGES_BUDGET)
    kept = services.documents.keep_charge(document.chat_id, document.document_id, document.run, charge)
    if kept is None:
        services.budgets.give_back(charge)
    current(kept)


def _check_complete(path: Path, document: StoredDocument) -> None:
    """Raise UnreadableDocumentError(UPLOAD_INCOMPLETE) unless this is the file that was announced."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if (path.stat().st_size, sha256) != (document.size_bytes, document.sha256):
        raise UnreadableDocumentError(Code.UPLOAD_INCOMPLETE)


def _keep(objects: Objects, document: StoredDocument, page: Page) -> None:
    objects.write_page(document.run, page.number, page.layout.content)


def chunks_of(document: StoredDocument, page: Page, above: Sequence[Heading]) -> list[Chunk]:
    """Return the passages of a page, ready to be indexed; `above` are the headings in force where it begins."""
    return [
        Chunk(
            document_id=document.document_id,
            ingest_id=document.run,
            chat_id=document.chat_id,
            page=page.number,
            start=span.start,
            end=span.end,
            text=page.text[span.start : span.end],
        )
        for span in split(page.layout, above)
    ]
