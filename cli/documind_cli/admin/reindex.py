"""Has documents read again whose chunks are in another index than the stage's, a few at a time."""

from collections.abc import Iterator
from time import sleep

from documind.clients.objects import upload_message
from documind.clients.queue import Queue
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.items import ItemTable
from documind_cli.admin.doctor import Line
from documind_cli.admin.stage import Stage

AT_ONCE = 4  # documents in the queue, so that an upload waits for four of them at most
POLL_S = 1.0


def reindex(stage: Stage, *, every: bool = False) -> Iterator[Line]:
    """Yield the progress; with `every`, documents whose chunks are already in the stage's index are read again too.

    Idempotent: if it is stopped, queued documents are still read, and the next call continues with the rest.
    """
    documents, index = DocumentStore(ItemTable(stage.table("RoomsTable"))), stage.outputs["SearchIndex"]
    queue = Queue(stage.client("sqs"), stage.outputs["UploadsQueue"])

    def is_elsewhere(document: StoredDocument) -> bool:
        return document.status == "ready" and document.checkpoint.index != index

    def is_due(document: StoredDocument) -> bool:
        was_ready = document.status == "ready" or document.is_read_again
        return was_ready and (every or document.earlier is not None or is_elsewhere(document))

    def begin(document: StoredDocument) -> StoredDocument | None:
        """Queue a document; one that is already queued is sent again, as an earlier call may have died before that."""
        ids, unless_in = (document.chat_id, document.document_id), index if is_elsewhere(document) else None
        queued = document if document.is_read_again else documents.read_again(*ids, unless_in=unless_in)
        if queued:
            queue.send(upload_message(queued.key or "", queued.version_id))
        return queued

    waiting = list(filter(is_due, documents.of_all_rooms()))
    total, failed, under_way = len(waiting), 0, list[StoredDocument]()
    while waiting or under_way:
        started, waiting = waiting[: AT_ONCE - len(under_way)], waiting[AT_ONCE - len(under_way) :]
        under_way += filter(None, map(begin, started))
        sleep(POLL_S)
        now = [documents.get(each.chat_id, each.document_id) for each in under_way]
        left = [each for each in now if each and each.is_read_again]
        failed += sum(is_elsewhere(each) for each in now if each)
        if len(left) < len(under_way) or started:
            yield Line(f"{total - len(waiting) - len(left)} of {total} documents are read again")
        under_way = left
    if failed:
        yield Line(
            f"{failed} documents could not be read again, and are still found by their words: the log of the function "
            f"{stage.outputs['IngestFunction']} says why; then repeat this.",
            is_fault=True,
        )
    elif not total:
        yield Line(f"all documents are in the index {index}")
