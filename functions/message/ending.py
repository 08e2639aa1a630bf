"""The end of rooms and accounts: closed at once, erased through the queue, proven by a receipt."""

import contextlib

from documind.errors import Code, InvalidRequestError, NotFoundError
from documind.ids import normalised_name
from documind.stores.erasures import ERASED_AFTER_S, Erasure
from documind.stores.receipts import new_receipt
from documind.wire import AccountDelete, ReceiptFrame, ReceiptList, Receipts, Removed, RoomDelete
from message.services import Caller, Services
from message.sharing import close_connections, tell_members


def delete_room(services: Services, caller: Caller, frame: RoomDelete) -> None:
    """Close a room to everybody and have it erased; sent again, an erasure that got stuck goes on."""
    erasure = _erase(services, caller, frame.chat_id)
    receipt = services.receipts.get(erasure.owner_id, erasure.receipt_id)
    services.sockets.post(caller.connection_id, ReceiptFrame(request_id=frame.request_id, receipt=receipt))


def delete_account(services: Services, caller: Caller, frame: AccountDelete) -> None:
    """Erase own rooms, leave all others, and let the user sign in no more; whatever fails, it can be sent again."""
    user = caller.user
    if normalised_name(frame.name) != normalised_name(user.name):
        raise InvalidRequestError(Code.CONFIRMATION_WRONG)
    services.accounts.close(user)
    roles = services.rooms.roles_of(user.user_id)
    for chat_id, role in roles.items():
        if role == "owner":
            with contextlib.suppress(NotFoundError):  # its erasure has just ended
                _erase(services, caller, chat_id)
        elif services.members.leave(chat_id, user.user_id):
            close_connections(services, chat_id, "removed", user_id=user.user_id)
            tell_members(services, chat_id)
    services.people.delete(user.name)
    own = list(roles.values()).count("owner")
    removed = Removed(rooms=own, memberships=len(roles) - own)
    begun = new_receipt("account", user.name)
    receipt = begun.model_copy(update={"removed": removed, "erased_at": begun.requested_at})
    services.receipts.put(user.user_id, receipt)
    services.sockets.post(caller.connection_id, ReceiptFrame(request_id=frame.request_id, receipt=receipt))


def list_receipts(services: Services, caller: Caller, frame: ReceiptList) -> None:
    """Answer with the newest receipts of the user."""
    receipts = services.receipts.newest(caller.user.user_id)
    services.sockets.post(caller.connection_id, Receipts(request_id=frame.request_id, receipts=receipts))


def _erase(services: Services, caller: Caller, chat_id: str) -> Erasure:
    def announce(erasure: Erasure) -> None:
        services.erasure_queue.send(erasure.to_message(), after_s=ERASED_AFTER_S)

    erasure = services.erasures.begin(chat_id, caller.user.user_id, caller.connection_id, announce)
    close_connections(services, chat_id, "deleted")
    return erasure
