"""Erasing a room or an account, and waiting until its receipt says that nothing is left."""

from documind.wire import AccountDelete, Receipt, ReceiptFrame, RoomDelete
from documind_cli.client import Client

ERASURE_TIMEOUT_S = 300.0


def erase(client: Client, frame: RoomDelete | AccountDelete) -> Receipt:
    """Ask for an erasure and return its receipt once it is complete; on the way it comes with what is done so far.

    Raises RefusedError; TimeoutError after five minutes, when the erasure goes on without anybody watching.
    """
    receipt = client.request(frame, ReceiptFrame).receipt
    if receipt.erased_at is not None:
        return receipt

    def is_complete(found: ReceiptFrame) -> bool:
        return found.receipt.receipt_id == receipt.receipt_id and found.receipt.erased_at is not None

    return client.wait_for(ReceiptFrame, is_complete, ERASURE_TIMEOUT_S).receipt
