"""Deleting rooms and accounts: they are closed at once, and a queue has them erased and their receipts completed."""

from documind.errors import Code, InvalidRequestError
from documind.ids import normalised_name
from documind.stores.erasures import AccountErasure
from documind.stores.receipts import new_receipt
from documind.wire import AccountDelete, ReceiptFrame, ReceiptList, Receipts, RoomDelete
from message.services import Caller, Services


def delete_room(services: Services, caller: Caller, frame: RoomDelete) -> None:
    """Close a room to everybody and enqueue its erasure; if the room is being deleted, only enqueue it again."""
    erasure = services.erasures.begin(frame.chat_id, caller.user.user_id, caller.connection_id, services.enqueue)
    services.close_connections(frame.chat_id, "deleted")
    receipt = services.receipts.get(erasure.owner_id, erasure.receipt_id)
    services.reply(caller, ReceiptFrame(receipt=receipt))


def delete_account(services: Services, caller: Caller, frame: AccountDelete) -> None:
    """Delete the user from the pool and enqueue the account's erasure; every step is idempotent."""
    user = caller.user
    if normalised_name(frame.name) != normalised_name(user.name):
        raise InvalidRequestError(Code.CONFIRMATION_WRONG)
    begun = new_receipt("account", user.name)
    receipt_id = services.accounts.close(user, begun.receipt_id)
    services.receipts.put(user.user_id, begun.model_copy(update={"receipt_id": receipt_id}), caller.connection_id)
    erasure = AccountErasure(user_id=user.user_id, receipt_id=receipt_id)
    services.erasure_queue.send(erasure.to_message())
    services.people.delete(user.name)
    receipt = services.receipts.get(user.user_id, receipt_id)
    services.reply(caller, ReceiptFrame(receipt=receipt))


def list_receipts(services: Services, caller: Caller, _frame: ReceiptList) -> None:
    """Answer with the newest receipts of the user."""
    services.reply(caller, Receipts(receipts=services.receipts.newest(caller.user.user_id)))
