"""The states of a question: accepted, streaming, ended exactly once.

Every change of state is a conditional write, so of concurrent runs, retries and readers only one takes effect. A
question has a deadline, which each save extends. Whoever reads a question past its deadline ends it, so a crash leaves
no question open.
"""

import time
from collections.abc import Sequence
from typing import Any

from documind import metrics
from documind.errors import (
    ENDING_SENTENCES,
    Code,
    DocumindError,
    Ending,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
)
from documind.ids import new_ulid
from documind.languages import language_of
from documind.stores import keys
from documind.stores.budgets import Charge, settlement
from documind.stores.conversation.messages import sendable, to_item
from documind.stores.conversation.question import Question
from documind.stores.items import ABSENT, EXISTS, Item, ItemTable, Write, room_is_active
from documind.stores.members import may_write
from documind.wire import Citation, Message, Reasons, User

KEPT_S = 24 * 3600  # TTL from its end on; an open question has none, because a reader must find it to end it
SILENCE_S = 30  # the lease: a run that has not saved its answer for so long counts as dead


class QuestionStore:
    """Questions in the table `rooms`, and their messages in the table `messages`.

    The item `ROOM#c/OPEN#id` exists until the question `ROOM#c/Q#id` ends, so opening a room reads open questions only.
    """

    def __init__(self, rooms: ItemTable, messages: ItemTable) -> None:
        self._rooms = rooms
        self._messages = messages

    def accept(
        self,
        chat_id: str,
        question_id: str,
        *,
        user: User,
        text: str,
        document_ids: list[str] | None,
        within_s: int,
        charge: tuple[Charge, Sequence[Write]] | None = None,
    ) -> tuple[Question, bool] | None:
        """Store a question and its message and charge for it, in one transaction that checks the membership.

        Return the question and whether it is new; a repeated one is not charged again. None: a budget is used up.

        Raises DocumindError: ROOM_NOT_FOUND if the user is no member or the room is being deleted, READ_ONLY,
        QUESTION_ID_TAKEN if the id belongs to another user's question or another text.
        """
        now = int(time.time())
        charged, counted = charge or (None, ())
        item: Item = {
            **_key(chat_id, question_id),
            "question_id": question_id,
            "message_id": new_ulid(),
            "sender": user.name,
            "user_id": user.user_id,
            "asked": text,
            "document_ids": document_ids,
            "state": "accepted",
            "accepted_at": now,
            "deadline": now + within_s,
            "epoch": 0,
            "charge": charged and charged.model_dump(),
        }
        question = _question(chat_id, item)
        rights = [room_is_active(self._rooms, chat_id), may_write(self._rooms, chat_id, user.user_id)]
        entry = keys.OPEN_QUESTION(chat_id=chat_id, question_id=question_id)
        shown = self._messages.put_part(to_item(chat_id, question.message))
        refused = self._rooms.transact(
            *rights, self._rooms.put_part(item, ABSENT), shown, self._rooms.put_part(entry), *counted
        )
        if not refused:
            return question, True
        if min(refused) < len(rights):
            raise self._why_not(chat_id, user)
        if len(rights) not in refused:
            return None
        known = self.get(chat_id, question_id)
        if known is None or (known.user_id, known.asked) != (user.user_id, text):
            raise InvalidRequestError(Code.QUESTION_ID_TAKEN)
        return known, False

    def get(self, chat_id: str, question_id: str) -> Question | None:
        """Return a question; None if it does not exist."""
        item = self._rooms.get(**_key(chat_id, question_id))
        return _question(chat_id, item) if item else None

    def open_in(self, chat_id: str) -> list[Question]:
        """Return the questions of a room that have not ended, oldest first."""
        listed = self._rooms.query(keys.OPEN_QUESTION.all_of(chat_id=chat_id))
        wanted = [_key(chat_id, keys.OPEN_QUESTION.ids_in(entry)["question_id"]) for entry in listed]
        items = self._rooms.get_all(wanted)
        questions = [_question(chat_id, item) for item in items if item["state"] != "ended"]
        return sorted(questions, key=lambda question: question.message_id)

    def claim(self, chat_id: str, question_id: str, run: str) -> Question | None:
        """Claim a question for one run of the workflow and raise its epoch; a retry of that run may claim it again.

        None if another run has claimed it, it has ended, or its deadline has passed.
        """
        return self._update(
            chat_id,
            question_id,
            "SET #state = :streaming, #run = :run, epoch = epoch + :one, seq = :zero, #text = :empty",
            "(#state = :accepted OR (#state = :streaming AND #run = :run)) AND deadline > :now",
            accepted="accepted",
            streaming="streaming",
            run=run,
            one=1,
            zero=0,
            empty="",
            now=int(time.time()),
        )

    def save(self, question: Question, text: str) -> Question | None:
        """Save the answer so far and extend the deadline; None if the epoch is no longer that of the question."""
        moved = ", deadline = :deadline" if text else ""  # until the first text the time of the apology counts
        values: dict[str, Any] = {"deadline": int(time.time()) + SILENCE_S} if text else {}
        return self._update(
            question.chat_id,
            question.question_id,
            f"SET #text = :text, seq = :seq{moved}",
            "#state = :streaming AND epoch = :epoch",
            streaming="streaming",
            epoch=question.epoch,
            text=text,
            seq=len(text),
            **values,
        )

    def stop(self, chat_id: str, question_id: str) -> Question | None:
        """Set the flag that tells the run of a question to stop; None if the question has ended."""
        return self._update(chat_id, question_id, "SET #stop = :true", "#state <> :ended", true=True, ended="ended")

    def end(
        self,
        question: Question,
        ending: Ending,
        *,
        text: str = "",
        citations: list[Citation] | None = None,
        unverified: list[tuple[int, int]] | None = None,
        only_overdue: bool = False,
        tokens: int | None = None,
        reasons: Reasons | None = None,
    ) -> Message | None:
        """End a question and put its answer's message, in one transaction; `text` defaults to the ending's sentence.

        `tokens` are those that the run has used; they replace the reservation in the same transaction. None counts as
        0, for a run that died. `reasons` are stored with the question.

        Return None, and change nothing, if the question has already ended, its epoch has changed since it was read,
        `only_overdue` is set and its deadline has not passed, or the room is being deleted.
        """
        message = sendable(
            Message(
                message_id=new_ulid(after=question.message_id),
                kind="answer",
                question_id=question.question_id,
                sender=None,
                text=text or ENDING_SENTENCES[ending].in_language(language_of(question.asked)),
                citations=citations or [],
                unverified=unverified or [],
                ending=ending,
            )
        )
        now = int(time.time())
        condition = f"{EXISTS} AND #state <> :ended AND epoch = :epoch"
        values: dict[str, Any] = {"ended": "ended", "answer": message.message_id, "expires_at": now + KEPT_S}
        values |= {"epoch": question.epoch, "reasons": reasons and reasons.model_dump_json()}
        if only_overdue:
            condition += " AND deadline <= :now"
            values["now"] = now
        change = "SET #state = :ended, answer_id = :answer, expires_at = :expires_at, reasons = :reasons"
        change += " REMOVE #text, deadline"
        key = _key(question.chat_id, question.question_id)
        listed = keys.OPEN_QUESTION(chat_id=question.chat_id, question_id=question.question_id)
        parts = [
            room_is_active(self._rooms, question.chat_id),
            self._messages.put_part(to_item(question.chat_id, message)),
            self._rooms.update_part(key, change, condition, **values),
            self._rooms.delete_part(listed),
        ]
        settled = settlement(self._rooms, question.charge, tokens or 0) if question.charge else []
        refused = self._rooms.transact(*parts, *settled)
        if refused and min(refused) >= len(parts):  # the budgets of its day have expired
            refused = self._rooms.transact(*parts)
        if refused:
            return None
        metrics.emit(metrics.QUESTIONS_ENDED, of=ending.value)
        return message

    def end_overdue(self, question: Question) -> Message | None:
        """End a question past its deadline: as `timeout`, or as `error` if a part of the answer was shown."""
        if question.state == "ended" or question.deadline > time.time():
            return None
        ending = Ending.ERROR if question.text else Ending.TIMEOUT
        return self.end(question, ending, text=question.text, only_overdue=True)

    def _update(self, chat_id: str, question_id: str, change: str, condition: str, **values: Any) -> Question | None:
        key, condition = _key(chat_id, question_id), f"{EXISTS} AND {condition}"
        item = self._rooms.update(key, change, condition, **values)
        return _question(chat_id, item) if item else None

    def _why_not(self, chat_id: str, user: User) -> DocumindError:
        room, member = (
            self._rooms.get(**key)
            for key in (keys.ROOM(chat_id=chat_id), keys.MEMBER(chat_id=chat_id, user_id=user.user_id))
        )
        if member and room and room["state"] == "active":
            return NotAllowedError(Code.READ_ONLY)
        return NotFoundError(Code.ROOM_NOT_FOUND)


def _question(chat_id: str, item: Item) -> Question:
    return Question.model_validate(item | {"chat_id": chat_id}, extra="ignore")


def _key(chat_id: str, question_id: str) -> keys.Key:
    return keys.QUESTION(chat_id=chat_id, question_id=question_id)
