"""Erases an account: enqueues the erasure of its own rooms and leaves all others; one receipt counts both."""

import logging
import time

from documind.stores.erasures import ERASED_AFTER_S, AccountErasure, Erasure
from documind.wire import ReceiptFrame, Removed
from erase.services import ErasureServices

LOOK_AGAIN_AFTER_S = 5  # delay before checking again whether the rooms, which are separate messages, are erased

logger = logging.getLogger(__name__)


def erase_account(services: ErasureServices, account: AccountErasure, *, within_s: float) -> None:
    """Close or leave the rooms of an account within `within_s`, and enqueue the message again until none is left.

    Each run posts the receipt to the connection that asked. The receipt is complete once the last room is erased.
    """
    _end_memberships(services, account, give_up_at=time.monotonic() + within_s)
    is_member = services.rooms.roles_of(account.user_id)
    receipt, connection_id, rooms_left = services.receipts.progress(account.user_id, account.receipt_id)
    if is_member or rooms_left:
        services.queue.send(account.to_message(), after_s=LOOK_AGAIN_AFTER_S)
        services.sockets.post(connection_id, ReceiptFrame(receipt=receipt))
        return
    services.members.forget(account.user_id)
    services.receipts.expire(account.user_id)
    services.complete_receipt(account.user_id, account.receipt_id)
    logger.info("an account was erased")


def _end_memberships(services: ErasureServices, account: AccountErasure, *, give_up_at: float) -> None:
    def enqueue(erasure: Erasure) -> None:
        services.queue.send(erasure.to_message(), after_s=ERASED_AFTER_S)

    ids = (account.user_id, account.receipt_id)
    closing, left = services.receipts.closing_room(*ids), services.receipts.counting(*ids, Removed(memberships=1))
    for room in services.rooms.of_user(account.user_id):
        if time.monotonic() > give_up_at:
            return
        if room.role == "owner":
            if services.erasures.begin_with_account(room.chat_id, account, enqueue, closing):
                services.close_connections(room.chat_id, "deleted")
        elif services.members.leave(room.chat_id, account.user_id, left):
            services.close_connections(room.chat_id, "removed", user_id=account.user_id)
            services.broadcast_members(room.chat_id)
