"""The step of the workflow that answers a question, and the one that apologises; the input names it."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from answer.answering import answer
from answer.apologise import apologise
from answer.services import services
from documind import logs

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class QuestionReference(BaseModel):
    """Which question of which room."""

    chat_id: str
    question_id: str


class Step(BaseModel):
    """The input of one step; `execution` is the run of the workflow."""

    step: Literal["answer", "apologise"]
    execution: str
    question: QuestionReference
    error: str = ""


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Do one step; a failure is caught by the workflow, which then apologises."""
    step = Step.model_validate(event)
    chat_id, question_id = step.question.chat_id, step.question.question_id
    logs.append_keys(chat_id=chat_id, question_id=question_id, execution=step.execution, step=step.step)
    if step.step == "apologise":
        apologise(services(), chat_id, question_id, run=step.execution, error=step.error)
    else:
        answer(services(), chat_id, question_id, run=step.execution)
