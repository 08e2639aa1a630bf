"""What was found for a question, as it travels from `retrieve` to `generate`."""

from collections.abc import Sequence
from dataclasses import dataclass

from documind.errors import Ending
from documind.pages import PageText, rectangles
from documind.stores.documents import StoredDocument
from documind.wire import Citation

MAX_RECTANGLES = 40  # of a passage: one for each line; only text positioned by single characters has more


@dataclass(frozen=True)
class Passage:
    """A part of a page's text (pages count from 1), from code point `start` on, numbered for the model."""

    number: int
    document: StoredDocument
    page: int
    text: str
    start: int = 0
    score: float = 1.0
    page_text: PageText | None = None  # where it has been read already

    @property
    def key(self) -> tuple[str, int]:
        """Of the text of its page: the ingest that has written it, and the number of the page."""
        return self.document.ingest_id or "", self.page

    def citation(self, number: int, page_text: PageText | None) -> Citation:
        """Return a citation of it, with its rectangles where the text of its page is given."""
        end = self.start + len(self.text)
        return Citation(
            number=number,
            document_id=self.document.document_id,
            page=self.page,
            start=self.start,
            end=end,
            score=self.score,
            rects=rectangles(page_text, self.start, end)[:MAX_RECTANGLES] if page_text else [],
            quote=self.text,
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
