"""Answers a question, apologises for it, summarises a document, or warms up."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from answer.answering import answer
from answer.apologise import apologise
from answer.services import services
from answer.summarise import summarise
from documind import logs

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class QuestionReference(BaseModel):
    """Which question of which room."""

    chat_id: str
    question_id: str


class DocumentReference(BaseModel):
    """Which document of which room."""

    chat_id: str
    document_id: str


class Step(BaseModel):
    """The input of one step; `execution` is the run of the workflow."""

    step: Literal["answer", "apologise"]
    execution: str
    question: QuestionReference
    error: str = ""


class Summarise(BaseModel):
    """The input of the asynchronous invocation that summarises a document."""

    step: Literal["summarise"]
    document: DocumentReference


class Warm(BaseModel):
    """The input of the asynchronous invocation when a room is opened."""

    step: Literal["warm"]


INPUT: TypeAdapter[Step | Summarise | Warm] = TypeAdapter(
    Annotated[Step | Summarise | Warm, Field(discriminator="step")]
)


@logs.entry_point
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Run one step; after a failure the workflow apologises, and Lambda repeats an asynchronous invocation."""
    step = INPUT.validate_python(event)
    logs.append_keys(step=step.step)
    if isinstance(step, Warm):
        services().search.wake()
        return
    if isinstance(step, Summarise):
        logs.append_keys(**step.document.model_dump())
        summarise(services(), step.document.chat_id, step.document.document_id)
        return
    chat_id, question_id = step.question.chat_id, step.question.question_id
    logs.append_keys(chat_id=chat_id, question_id=question_id, execution=step.execution)
    if step.step == "apologise":
        apologise(services(), chat_id, question_id, run=step.execution, error=step.error)
    else:
        answer(services(), chat_id, question_id, run=step.execution)
