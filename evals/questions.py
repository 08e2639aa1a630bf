"""Reads a set of questions, with the pages of their answers, from JSON lines."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

HERE = Path(__file__).parent
GOLDEN_QUESTIONS = HERE / "golden.jsonl"
GOLDEN_DOCUMENTS = HERE / "documents"

Kind = Literal["answerable", "across", "follow_up", "off_topic", "unanswered", "injection"]


class Turn(BaseModel):
    """A question before a follow-up, with its answer."""

    model_config = ConfigDict(frozen=True)

    question: str
    answer: str


class GoldenQuestion(BaseModel):
    """One question in a room, the pages with its answer, and `answers`: words of which an answer contains at least one.

    `doc` names a PDF without its extension; None: nothing in the room answers it. `across`: the document is in another
    language. `forbidden`: what an answer must not contain, because only an instruction inside the PDF asks for it.
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
    """Return the questions of a file with one JSON object per line.

    Raises BadSetError that names the first invalid line.
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
