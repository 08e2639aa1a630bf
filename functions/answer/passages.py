"""What was found for a question, as it travels from `retrieve` to `generate`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from documind.errors import Ending
from documind.wire import Citation

if TYPE_CHECKING:
    from documind.clients.search import Hit


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

    @classmethod
    def from_hit(cls, number: int, hit: "Hit", *, document: str, ingest_id: str) -> "Passage":
        """Return a chunk that was found, with the name of its document and where the texts of its pages are kept."""
        chunk = hit.chunk
        return cls(
            number=number,
            document_id=chunk.document_id,
            ingest_id=ingest_id,
            document=document,
            page=chunk.page,
            start=chunk.start,
            end=chunk.end,
            text=chunk.text,
            score=hit.score,
        )


@dataclass(frozen=True)
class Retrieved:
    """The passages that a question is answered from; or its `ending`, where no answer is to be written.

    `question` is the one that was searched for and is answered: a follow-up put so that it stands alone, which has
    used `tokens` of the chat model.
    """

    ending: Ending | None = None
    question: str = ""
    tokens: int = 0
    found_at: float = 0.0  # seconds since 1970
    passages: Sequence[Passage] = ()
    text: str = ""  # with an ending: the answer, where there is one already, and what it cites
    citations: Sequence[Citation] = ()
