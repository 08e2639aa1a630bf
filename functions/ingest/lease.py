"""The lease of a run on its document: a heartbeat renews it, so it ends soon after the run has died."""

import logging
import threading
import time
from dataclasses import dataclass
from types import TracebackType

from documind.clients.queue import Queue
from documind.stores.documents import DocumentStore, StoredDocument

HEARTBEAT_S = 4.0
LEASE_S = 12.0
VISIBILITY_TIMEOUT_S = 15  # longer than the lease, which has thus ended when the message is delivered again

logger = logging.getLogger(__name__)


class OvertakenError(Exception):
    """The document is being deleted, or another run has claimed it: this one must write nothing more."""


@dataclass(frozen=True)
class Delivery:
    """A message as it was received: its own id, the handle of this receipt, and how often it has been received."""

    message_id: str
    receipt_handle: str
    received: int


class Lease:
    """Renews the lease and the message's visibility timeout in a thread; `check` raises once the lease is lost."""

    def __init__(self, documents: DocumentStore, queue: Queue, document: StoredDocument, delivery: Delivery) -> None:
        self._documents = documents
        self._queue = queue
        self._document = document
        self._delivery = delivery
        # The time left of the lease in the table: some seconds may have passed since the claim.
        self._until = time.monotonic() + document.lease_until - time.time()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def check(self) -> None:
        """Raise OvertakenError unless this run may still write."""
        if time.monotonic() > self._until:
            raise OvertakenError

    def _renew(self) -> None:
        while not self._ended.wait(HEARTBEAT_S):
            until = time.monotonic() + LEASE_S
            try:
                if self._documents.renew(self._document, lease_s=LEASE_S) is None:
                    self._until = 0.0
                    return
                self._until = until
                self._queue.change_visibility_timeout(self._delivery.receipt_handle, VISIBILITY_TIMEOUT_S)
            except Exception:  # the next beat may succeed; otherwise the lease runs out
                logger.exception("a heartbeat failed")
