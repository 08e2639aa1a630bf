"""Documents whose chunks stand in another index than that of the stage are read again, a few at a time."""

from collections.abc import Iterator
from time import sleep

from documind.clients.objects import upload_message
from documind.clients.queue import Queue
from documind.stores.documents import DocumentStore, StoredDocument
from documind_cli.admin.doctor import Line
from documind_cli.admin.stage import Stage

AT_ONCE = 4  # in the queue: no upload waits for more than these
POLL_S = 1.0


def reindex(stage: Stage, *, every: bool = False) -> Iterator[Line]:
    """Yield how far it is; with `every`, documents that stand in the index already are read again, too.

    Idempotent: stopped, it leaves what is in the queue to be read, and the next call goes on with the rest.
    """
    documents, index = DocumentStore(stage.table("RoomsTable")), stage.outputs["SearchIndex"]
    queue = Queue(stage.client("sqs"), stage.outputs["UploadsQueue"])

    def is_elsewhere(document: StoredDocument) -> bool:
        return document.status == "ready" and document.checkpoint.index != index

    def is_due(document: StoredDocument) -> bool:
        was_ready = document.status == "ready" or document.is_read_again
        return was_ready and (every or document.earlier is not None or is_elsewhere(document))

    def begin(document: StoredDocument) -> StoredDocument | None:
        """Queue a document; one that an earlier call has queued is sent once more, for that may have died before."""
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
