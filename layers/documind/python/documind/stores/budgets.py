"""Budgets of a user and of a room for one day: questions and pages are counted at once, tokens are reserved first.

`tokens` counts what is used and what is reserved, for a condition cannot add two attributes; `reserved_tokens` is the
reserved part. Both budgets are charged or neither, in one transaction with what the charge is for: a question is kept,
and a document read, if and only if it is paid for. Questions asked in one room at the same moment conflict no more than
before: each of them checks the room's `META` item anyway.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from documind.errors import Code, LimitExceededError
from documind.stores import keys
from documind.stores.items import VERSION, get_item, transact, update, update_part
from documind.stores.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KEPT_S = 3 * 24 * 3600  # a document that fails is given back on the day it was counted on
IF_THERE = "attribute_exists(pk)"  # a day that has expired is not made anew
BUSY_RETRY_AFTER_S = 10  # most answers take less, and give back what they had reserved


@dataclass(frozen=True)
class Allowance:
    """How much of each a day has."""

    questions: int = 0
    tokens: int = 0  # of the chat model, read and written
    pages: int = 0  # of PDFs


class Charge(BaseModel):
    """What was counted, for whom, and on which day (`yyyy-mm-dd`, UTC); kept with the question or document.

    `tokens` are reserved until the question is settled.
    """

    model_config = ConfigDict(frozen=True)

    user_id: str
    chat_id: str
    day: str
    questions: int = 0
    tokens: int = 0
    pages: int = 0


class BudgetStore:
    """The items `BUDGET#USER#u / DAY#day` and `BUDGET#ROOM#c / DAY#day` of the rooms table."""

    def __init__(self, table: "Table", *, of_user: Allowance, of_room: Allowance) -> None:
        self._table = table
        self._of_user = of_user
        self._of_room = of_room

    def charge(
        self, user_id: str, chat_id: str, *, questions: int = 0, tokens: int = 0, pages: int = 0
    ) -> "tuple[Charge, list[TransactWriteItemTypeDef]]":
        """Return a charge against today's budgets, and the two parts of a transaction that count it if both allow."""
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time()))
        charge = Charge(user_id=user_id, chat_id=chat_id, day=day, questions=questions, tokens=tokens, pages=pages)
        return charge, [self._count(budget, charge, allowance) for budget, allowance in self._allowed(charge)]

    def reserve(self, user_id: str, chat_id: str, *, tokens: int) -> Charge | None:
        """Count these against today's budgets of both; None, and nothing is counted, if one of them is used up."""
        charge, counted = self.charge(user_id, chat_id, tokens=tokens)
        return None if transact(self._table, *counted) else charge

    def settle(self, charge: Charge, used_tokens: int) -> None:
        """Count the tokens that were used in place of the reservation."""
        transact(self._table, *settlement(self._table, charge, used_tokens))

    def check_used_up(self, charge: Charge) -> None:
        """Raise LimitExceededError(BUSY) if a charge that was refused would fit without what is reserved only."""
        for budget, allowance in self._allowed(charge):
            counted = get_item(self._table, **budget) or {}
            used = counted | {"tokens": counted.get("tokens", 0) - counted.get("reserved_tokens", 0)}
            if any(used.get(name, 0) > most for name, most in _left(allowance, charge).items()):
                return
        raise LimitExceededError(Code.BUSY, retry_after_s=BUSY_RETRY_AFTER_S, seconds=BUSY_RETRY_AFTER_S)

    def _allowed(self, charge: Charge) -> list[tuple[Key, Allowance]]:
        return list(zip(_budgets(charge), (self._of_user, self._of_room), strict=True))

    def _count(self, budget: Key, charge: Charge, allowance: Allowance) -> "TransactWriteItemTypeDef":
        left = _left(allowance, charge)
        nothing_yet = {name: "" if most < 0 else f"attribute_not_exists(#{name}) OR " for name, most in left.items()}
        condition = " AND ".join(f"({nothing_yet[name]}#{name} <= :left_{name})" for name in left)
        change = f"SET expires_at = :expires_at, version = :version {_addition(_counted(charge))}"
        values = {f"left_{name}": most for name, most in left.items()} | _counted(charge)
        expires_at = int(time.time()) + KEPT_S
        return update_part(self._table, budget, change, condition, **values, expires_at=expires_at, version=VERSION)


def give_back(table: "Table", charge: Charge) -> None:
    """Take back a charge, or a copy of it with the part that was not used."""
    amounts = {name: -amount for name, amount in _counted(charge).items()}
    for budget in _budgets(charge) if amounts else ():
        update(table, budget, _addition(amounts), IF_THERE, **amounts)


def settlement(table: "Table", charge: Charge, used_tokens: int) -> "list[TransactWriteItemTypeDef]":
    """Return the parts of a transaction that count the tokens that were used in place of the reservation."""
    amounts = {"tokens": used_tokens - charge.tokens, "reserved_tokens": -charge.tokens}
    return [update_part(table, budget, _addition(amounts), IF_THERE, **amounts) for budget in _budgets(charge)]


def _budgets(charge: Charge) -> tuple[Key, Key]:
    """Return the items that a charge is counted in: its user's and its room's."""
    of_user = keys.USER_BUDGET(user_id=charge.user_id, day=charge.day)
    return of_user, keys.ROOM_BUDGET(chat_id=charge.chat_id, day=charge.day)


def _left(allowance: Allowance, charge: Charge) -> dict[str, int]:
    """Return how much may have been counted before, so that the charge still fits; below zero: it never does."""
    return {name: getattr(allowance, name) - amount for name, amount in _amounts(charge).items()}


def _amounts(charge: Charge) -> dict[str, int]:
    return {name: amount for name in ("questions", "tokens", "pages") if (amount := getattr(charge, name))}


def _counted(charge: Charge) -> dict[str, int]:
    return _amounts(charge) | ({"reserved_tokens": charge.tokens} if charge.tokens else {})


def _addition(amounts: dict[str, int]) -> str:
    return "ADD " + ", ".join(f"#{name} :{name}" for name in amounts)
