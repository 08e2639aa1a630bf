"""What was found for a question, as it travels from `retrieve` to `generate`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Passage(BaseModel):
    """Code points `start` to `end` of a page's text (pages count from 1), numbered for the model."""

    model_config = ConfigDict(frozen=True)

    number: int
    document_id: str
    ingest_id: str  # under which the texts of the document's pages are kept
    document: str  # its name
    page: int
    start: int
    end: int
    text: str
    score: float


class Retrieved(BaseModel):
    """The passages that a question is answered from; `ended`: there was nothing to answer with.

    `question` is the one that was searched for and is answered: a follow-up put so that it stands alone, which has
    used `tokens` of the chat model.
    """

    state: Literal["found", "ended"] = "ended"
    question: str = ""
    tokens: int = 0
    passages: list[Passage] = []
