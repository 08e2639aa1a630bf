"""The life of a question: accepted, streaming, ended exactly once.

Every step is a conditional write, so that of two runs, retries or readers only one takes effect. A question carries a
deadline that each save extends; a reader of a question past its deadline ends it, so no crash leaves one open.
"""

import time
from typing import TYPE_CHECKING, Any

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
from documind.stores.conversation.messages import to_item
from documind.stores.conversation.question import Question
from documind.stores.items import (
    VERSION,
    Item,
    delete,
    get_item,
    get_items,
    put_if_absent,
    query_items,
    room_is_active,
    transact,
    update,
    update_part,
)
from documind.stores.members import may_write
from documind.wire import Citation, Message, Reasons, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

KEPT_S = 24 * 3600  # after its end; one that has not ended has no TTL, for a reader must find it to end it
SILENCE_S = 30  # the lease: the run of a streaming question that is not saved for so long is dead


class QuestionStore:
    """Questions in the table `rooms` and the messages they put into the table `messages`.

    `ROOM#c/OPEN#id` stands beside `ROOM#c/Q#id` until that has ended: opening a room reads no ended one.
    """

    def __init__(self, rooms: "Table", messages: "Table") -> None:
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
        charge: "tuple[Charge, Sequence[TransactWriteItemTypeDef]] | None" = None,
    ) -> tuple[Question, bool] | None:
        """Keep a question and its message, and charge for it, all in one transaction that checks who may ask.

        Return it and whether it is new; one that is not is not charged for. None: the budgets refuse the charge.

        Raises DocumindError: ROOM_NOT_FOUND for who is no member, or if the room is being deleted, READ_ONLY,
        QUESTION_ID_TAKEN if the id already stands for something else.
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
            "version": VERSION,
        }
        question = Question.from_item(chat_id, item)
        rights = [room_is_active(self._rooms, chat_id), may_write(self._rooms, chat_id, user.user_id)]
        kept = [self._put_message(chat_id, question.message), self._list_open(chat_id, item)]
        refused = transact(self._rooms, *rights, put_if_absent(self._rooms, item), *kept, *counted)
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
        """Read a question."""
        item = get_item(self._rooms, **_key(chat_id, question_id))
        return Question.from_item(chat_id, item) if item else None

    def open_in(self, chat_id: str) -> list[Question]:
        """Return the questions of a room that have not ended, oldest first."""
        listed = query_items(self._rooms, KeyConditionExpression=keys.OPEN_QUESTION.all_of(chat_id=chat_id))
        wanted = [_key(chat_id, keys.OPEN_QUESTION.ids_in(entry)["question_id"]) for entry in listed]
        items = get_items(self._rooms, wanted)
        questions = [Question.from_item(chat_id, item) for item in items if item["state"] != "ended"]
        return sorted(questions, key=lambda question: question.message_id)

    def claim(self, chat_id: str, question_id: str, run: str) -> Question | None:
        """Take a question for one run of the workflow, before the model is paid; a retry of the run may take it again.

        None: another run has it, it has ended, or its time is up.
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
        """Keep the answer so far, which also shows that its run lives; None: the run has been overtaken."""
        moved = ", deadline = :deadline" if text else ""  # no text yet: the apology's time stands
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
        """Ask the run of a question to stop; None: it has ended."""
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
        """End a question in one transaction with its answer's message, whose default `text` is the ending's sentence.

        `tokens` are those its run has used, which replace the reservation in the same transaction; a dead run has
        reported none, and its reservation is given back. `reasons` are kept as long as the question.

        None: it had ended before, a run has claimed it since it was read, its time was not up where it had to be, or
        the room is being deleted.
        """
        message = Message(
            message_id=new_ulid(after=question.message_id),
            kind="answer",
            question_id=question.question_id,
            sender=None,
            text=text or ENDING_SENTENCES[ending].in_language(language_of(question.asked)),
            citations=citations or [],
            unverified=unverified or [],
            ending=ending,
        )
        now = int(time.time())
        condition = "attribute_exists(pk) AND #state <> :ended AND epoch = :epoch"
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
            self._put_message(question.chat_id, message),
            update_part(self._rooms, key, change, condition, **values),
            delete(self._rooms, **listed),
        ]
        settled = settlement(self._rooms, question.charge, tokens or 0) if question.charge else []
        refused = transact(self._rooms, *parts, *settled)
        if refused and min(refused) >= len(parts):  # that day's budgets have expired: a question may wait for long
            refused = transact(self._rooms, *parts)
        if refused:
            return None
        metrics.emit(metrics.QUESTIONS_ENDED, of=ending.value)
        return message

    def end_overdue(self, question: Question) -> Message | None:
        """End a question past its deadline: as `timeout`, or as `error` where a part of the answer was shown."""
        if question.state == "ended" or question.deadline > time.time():
            return None
        ending = Ending.ERROR if question.text else Ending.TIMEOUT
        return self.end(question, ending, text=question.text, only_overdue=True)

    def _list_open(self, chat_id: str, item: Item) -> "TransactWriteItemTypeDef":
        entry: Item = {**keys.OPEN_QUESTION(chat_id=chat_id, question_id=item["question_id"]), "version": VERSION}
        return {"Put": {"TableName": self._rooms.name, "Item": entry}}

    def _update(self, chat_id: str, question_id: str, change: str, condition: str, **values: Any) -> Question | None:
        key, condition = _key(chat_id, question_id), f"attribute_exists(pk) AND {condition}"
        item = update(self._rooms, key, change, condition, **values)
        return Question.from_item(chat_id, item) if item else None

    def _put_message(self, chat_id: str, message: Message) -> "TransactWriteItemTypeDef":
        return {"Put": {"TableName": self._messages.name, "Item": to_item(chat_id, message)}}

    def _why_not(self, chat_id: str, user: User) -> DocumindError:
        room, member = (
            get_item(self._rooms, **key)
            for key in (keys.ROOM(chat_id=chat_id), keys.MEMBER(chat_id=chat_id, user_id=user.user_id))
        )
        if member and room and room["state"] == "active":
            return NotAllowedError(Code.READ_ONLY)
        return NotFoundError(Code.ROOM_NOT_FOUND)


def _key(chat_id: str, question_id: str) -> keys.Key:
    return keys.QUESTION(chat_id=chat_id, question_id=question_id)
