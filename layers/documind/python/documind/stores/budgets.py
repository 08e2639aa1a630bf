"""Daily budgets of a user and of a room: questions and pages are counted at once, tokens are reserved first.

`tokens` is the sum of used and reserved tokens, because a condition cannot add two attributes; `reserved_tokens` is the
reserved part. Both budgets are charged in the transaction that stores the question or starts the reading, so neither
happens without its charge. The charge adds no transaction conflicts between questions of one room: each of their
transactions already checks the room's `META` item.
"""

import time
from dataclasses import dataclass

from documind.errors import Code, LimitExceededError
from documind.stores import keys
from documind.stores.items import EXISTS, VERSION, ItemTable, Stored, Write, adding
from documind.stores.keys import Key

KEPT_S = 3 * 24 * 3600  # the pages of a failed document are given back to the day on which they were counted
BUSY_RETRY_AFTER_S = 10  # most answers end sooner, which releases their reserved tokens


@dataclass(frozen=True)
class Allowance:
    """The limits of one day's budget."""

    questions: int = 0
    tokens: int = 0  # of the chat model, read and written
    pages: int = 0  # of PDFs


class Charge(Stored):
    """The amounts counted in the budgets of a user and a room on one day (`yyyy-mm-dd`, UTC).

    It is stored with the question or document. `tokens` are reserved until the question is settled.
    """

    user_id: str
    chat_id: str
    day: str
    questions: int = 0
    tokens: int = 0
    pages: int = 0


class BudgetStore:
    """The items `BUDGET#USER#u / DAY#day` and `BUDGET#ROOM#c / DAY#day` of the rooms table."""

    def __init__(self, table: ItemTable, *, of_user: Allowance, of_room: Allowance) -> None:
        self._table = table
        self._of_user = of_user
        self._of_room = of_room

    def charge(
        self, user_id: str, chat_id: str, *, questions: int = 0, tokens: int = 0, pages: int = 0
    ) -> tuple[Charge, list[Write]]:
        """Return a charge against today's budgets, and the two conditional updates that count it, for a transaction."""
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time()))
        charge = Charge(user_id=user_id, chat_id=chat_id, day=day, questions=questions, tokens=tokens, pages=pages)
        return charge, [self._count(budget, charge, allowance) for budget, allowance in self._allowed(charge)]

    def reserve(self, user_id: str, chat_id: str, *, tokens: int) -> Charge | None:
        """Reserve tokens in both budgets of today; None if one of them has not enough left, and nothing is counted."""
        charge, counted = self.charge(user_id, chat_id, tokens=tokens)
        return None if self._table.transact(*counted) else charge

    def settle(self, charge: Charge, used_tokens: int) -> None:
        """Replace the reservation by the tokens that were used."""
        self._table.transact(*settlement(self._table, charge, used_tokens))

    def check_used_up(self, charge: Charge) -> None:
        """Raise LimitExceededError(BUSY) if a refused charge would fit once all reserved tokens were given back."""
        for budget, allowance in self._allowed(charge):
            counted = self._table.get(**budget) or {}
            used = counted | {"tokens": counted.get("tokens", 0) - counted.get("reserved_tokens", 0)}
            if any(used.get(name, 0) > most for name, most in _left(allowance, charge).items()):
                return
        raise LimitExceededError(Code.BUSY, retry_after_s=BUSY_RETRY_AFTER_S, seconds=BUSY_RETRY_AFTER_S)

    def _allowed(self, charge: Charge) -> list[tuple[Key, Allowance]]:
        return list(zip(_budgets(charge), (self._of_user, self._of_room), strict=True))

    def _count(self, budget: Key, charge: Charge, allowance: Allowance) -> Write:
        left = _left(allowance, charge)
        nothing_yet = {name: "" if most < 0 else f"attribute_not_exists(#{name}) OR " for name, most in left.items()}
        condition = " AND ".join(f"({nothing_yet[name]}#{name} <= :left_{name})" for name in left)
        change = f"SET expires_at = :expires_at, version = :version {adding(_counted(charge))}"
        values = {f"left_{name}": most for name, most in left.items()} | _counted(charge)
        expires_at = int(time.time()) + KEPT_S
        return self._table.update_part(budget, change, condition, **values, expires_at=expires_at, version=VERSION)


def give_back(table: ItemTable, charge: Charge) -> None:
    """Subtract the amounts of a charge from both budgets; pass a copy with the unused part to give back only that."""
    amounts = {name: -amount for name, amount in _counted(charge).items()}
    for budget in _budgets(charge) if amounts else ():
        table.update(budget, adding(amounts), EXISTS, **amounts)  # the item of an expired day is not made again


def settlement(table: ItemTable, charge: Charge, used_tokens: int) -> list[Write]:
    """Return the updates, for a transaction, that replace the reservation by the tokens that were used."""
    amounts = {"tokens": used_tokens - charge.tokens, "reserved_tokens": -charge.tokens}
    return [table.update_part(budget, adding(amounts), EXISTS, **amounts) for budget in _budgets(charge)]


def _budgets(charge: Charge) -> tuple[Key, Key]:
    """Return the keys of the user's and of the room's budget that a charge is counted in."""
    of_user = keys.USER_BUDGET(user_id=charge.user_id, day=charge.day)
    return of_user, keys.ROOM_BUDGET(chat_id=charge.chat_id, day=charge.day)


def _left(allowance: Allowance, charge: Charge) -> dict[str, int]:
    """Return for each amount the highest count at which the charge still fits; negative if it exceeds the allowance."""
    return {name: getattr(allowance, name) - amount for name, amount in _amounts(charge).items()}


def _amounts(charge: Charge) -> dict[str, int]:
    return {name: amount for name in ("questions", "tokens", "pages") if (amount := getattr(charge, name))}


def _counted(charge: Charge) -> dict[str, int]:
    return _amounts(charge) | ({"reserved_tokens": charge.tokens} if charge.tokens else {})
