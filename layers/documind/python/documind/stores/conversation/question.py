"""A stored question."""

from typing import Literal

from pydantic import ConfigDict, Json

from documind.stores.budgets import Charge
from documind.stores.items import Stored
from documind.wire import Message, Reasons


class Question(Stored):
    """A question. `text` is the answer so far and `seq` its length in code points; `epoch` counts the claims."""

    model_config = ConfigDict(defer_build=True)

    chat_id: str
    question_id: str
    message_id: str
    sender: str
    user_id: str  # of the sender
    asked: str
    document_ids: list[str] | None
    state: Literal["accepted", "streaming", "ended"]
    accepted_at: int
    deadline: int = 0
    run: str | None = None  # execution of the workflow that has claimed it
    epoch: int
    seq: int = 0
    text: str = ""
    stop: bool = False
    answer_id: str | None = None  # id of the message that it ended with
    charge: Charge | None = None  # its reservation
    reasons: Json[Reasons] | None = None  # None if no passages were found

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
