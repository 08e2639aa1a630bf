"""Erases a room or an account and waits until its receipt is complete."""

from documind.wire import AccountDelete, Receipt, ReceiptFrame, RoomDelete
from documind_cli.client import Client

ERASURE_TIMEOUT_S = 300.0


def erase(client: Client, frame: RoomDelete | AccountDelete) -> Receipt:
    """Request an erasure and return its receipt once it is complete.

    Raises RefusedError; TimeoutError after five minutes, while the erasure continues on the server.
    """
    receipt = client.request(frame, ReceiptFrame).receipt
    if receipt.erased_at is not None:
        return receipt

    def is_complete(found: ReceiptFrame) -> bool:
        return found.receipt.receipt_id == receipt.receipt_id and found.receipt.erased_at is not None

    return client.wait_for(ReceiptFrame, is_complete, ERASURE_TIMEOUT_S).receipt
