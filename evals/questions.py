"""A set of questions: JSON lines, and where their answers stand."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

HERE = Path(__file__).parent
GOLDEN_QUESTIONS = HERE / "golden.jsonl"
GOLDEN_DOCUMENTS = HERE / "documents"

Kind = Literal["answerable", "across", "follow_up", "off_topic", "unanswered", "injection"]


class Turn(BaseModel):
    """What was asked and answered before a follow-up."""

    model_config = ConfigDict(frozen=True)

    question: str
    answer: str


class GoldenQuestion(BaseModel):
    """One question in a room, the page where its answer stands, and words that the answer holds (any of them).

    `doc` names a PDF without its ending; none: nothing in the room answers it. `across`: the document is in another
    language. `forbidden`: what an answer must not hold, because only an instruction inside the PDF asks for it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind = "answerable"
    lang: str
    room: str
    question: str
    answers: tuple[str, ...] = ()
    doc: str | None = None
    pages: tuple[int, ...] = ()
    before: tuple[Turn, ...] = ()
    forbidden: tuple[str, ...] = ()


class BadSetError(Exception):
    """A set of questions cannot be used; the message says where and why."""


def read_questions(path: Path) -> list[GoldenQuestion]:
    """Return the questions of a file, a JSON object a line.

    Raises BadSetError that names the first line that is none.
    """
    questions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            try:
                questions.append(GoldenQuestion.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                reason = " ".join([*map(str, first["loc"]), first["msg"]])
                raise BadSetError(f"{path}, line {number}: {reason}") from None
    if not questions:
        raise BadSetError(f"{path} holds no question")
    return questions
