"""A stored question."""

from dataclasses import dataclass
from typing import Literal

from documind.stores.budgets import Charge
from documind.stores.items import Item
from documind.wire import Message, Reasons


@dataclass(frozen=True)
class Question:
    """A question. `text` is the answer so far and `seq` its length in code points; `epoch` counts the claims."""

    chat_id: str
    question_id: str
    message_id: str
    sender: str
    user_id: str  # of the sender
    asked: str
    document_ids: list[str] | None
    state: Literal["accepted", "streaming", "ended"]
    accepted_at: int
    deadline: int
    run: str | None  # execution of the workflow that has claimed it
    epoch: int
    seq: int
    text: str
    stop: bool
    answer_id: str | None  # id of the message that it ended with
    charge: Charge | None = None  # its reservation
    reasons: Reasons | None = None  # None if no passages were found

    @classmethod
    def from_item(cls, chat_id: str, item: Item) -> "Question":
        """Return the question of an item."""
        return cls(
            chat_id=chat_id,
            question_id=item["question_id"],
            message_id=item["message_id"],
            sender=item["sender"],
            user_id=item["user_id"],
            asked=item["asked"],
            document_ids=item["document_ids"],
            state=item["state"],
            accepted_at=int(item["accepted_at"]),
            deadline=int(item.get("deadline", 0)),
            run=item.get("run"),
            epoch=int(item["epoch"]),
            seq=int(item.get("seq", 0)),
            text=item.get("text", ""),
            stop=item.get("stop", False),
            answer_id=item.get("answer_id"),
            charge=Charge.model_validate(item["charge"]) if item.get("charge") else None,
            reasons=Reasons.model_validate_json(item["reasons"]) if item.get("reasons") else None,
        )

    @property
    def message(self) -> Message:
        """The message that shows the question in the room."""
        return Message(
            message_id=self.message_id,
            kind="question",
            question_id=self.question_id,
            sender=self.sender,
            text=self.asked,
        )
