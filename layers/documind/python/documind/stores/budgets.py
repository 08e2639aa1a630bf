"""What a user and a room may use up in a day: reserved before anything is paid, and given back where it was not used.

Each change is one conditional update of one counter and no transaction, so that those who ask in one room at the same
moment are not in each other's way. A death between two of them leaves too much reserved, never a cost that was not.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from documind.stores import keys
from documind.stores.items import VERSION, update
from documind.stores.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEPT_S = 3 * 24 * 3600  # a document that fails is given back on the day it was counted on


@dataclass(frozen=True)
class Allowance:
    """How much of each a day has."""

    questions: int = 0
    tokens: int = 0  # of the chat model, read and written
    pages: int = 0  # of PDFs


class Charge(BaseModel):
    """What was counted, for whom, and on which day (`yyyy-mm-dd`, UTC); kept with the question or document."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    chat_id: str
    day: str
    questions: int = 0
    tokens: int = 0
    pages: int = 0


class Budgets:
    """The items `BUDGET#USER#u / DAY#day` and `BUDGET#ROOM#c / DAY#day` of the rooms table."""

    def __init__(self, table: "Table", *, of_user: Allowance, of_room: Allowance) -> None:
        self._table = table
        self._of_user = of_user
        self._of_room = of_room

    def reserve(
        self, user_id: str, chat_id: str, *, questions: int = 0, tokens: int = 0, pages: int = 0
    ) -> Charge | None:
        """Count these against today's budgets of both; None, and nothing is counted, if one of them has not enough."""
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time()))
        charge = Charge(user_id=user_id, chat_id=chat_id, day=day, questions=questions, tokens=tokens, pages=pages)
        of_user, of_room = _budgets(charge)
        if not self._count(of_user, charge, self._of_user):
            return None
        if not self._count(of_room, charge, self._of_room):
            _uncount(self._table, of_user, charge)
            return None
        return charge

    def give_back(self, charge: Charge) -> None:
        """Take back a charge that nothing keeps."""
        give_back(self._table, charge)

    def _count(self, budget: Key, charge: Charge, allowance: Allowance) -> bool:
        left = {name: getattr(allowance, name) - amount for name, amount in _amounts(charge).items()}
        if min(left.values()) < 0:
            return False
        condition = " AND ".join(f"(attribute_not_exists(#{name}) OR #{name} <= :left_{name})" for name in left)
        change = f"SET expires_at = :expires_at, version = :version {_addition(charge)}"
        values = {f"left_{name}": most for name, most in left.items()} | _amounts(charge)
        expires_at = int(time.time()) + KEPT_S
        return bool(update(self._table, budget, change, condition, **values, expires_at=expires_at, version=VERSION))


def give_back(table: "Table", charge: Charge) -> None:
    """Take back a charge, or a copy of it with the part that was not used; below zero: what was used beyond it."""
    for budget in _budgets(charge):
        _uncount(table, budget, charge)


def _budgets(charge: Charge) -> tuple[Key, Key]:
    """Return the items that a charge is counted in: its user's and its room's."""
    of_user = keys.USER_BUDGET(user_id=charge.user_id, day=charge.day)
    return of_user, keys.ROOM_BUDGET(chat_id=charge.chat_id, day=charge.day)


def _uncount(table: "Table", budget: Key, charge: Charge) -> None:
    """Take back from one budget, if its item is still there."""
    amounts = {name: -amount for name, amount in _amounts(charge).items()}
    if amounts:
        update(table, budget, _addition(charge), "attribute_exists(pk)", **amounts)


def _amounts(charge: Charge) -> dict[str, int]:
    return {name: amount for name in ("questions", "tokens", "pages") if (amount := getattr(charge, name))}


def _addition(charge: Charge) -> str:
    return "ADD " + ", ".join(f"#{name} :{name}" for name in _amounts(charge))
