"""The result of `retrieve`, from which `generate` makes the answer."""

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
    page_text: PageText | None = None  # if it has been read

    @property
    def key(self) -> tuple[str, int]:
        """The key of its page's text: the id of the ingest that wrote it, and the number of the page."""
        return self.document.ingest_id or "", self.page

    def citation(self, number: int, page_text: PageText | None) -> Citation:
        """Return the citation with this number; it has rectangles if the page's text is given."""
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
    """The passages for the answer, or the `ending` if none is to be generated.

    `question` is the text that was searched for: a follow-up as rewritten by the chat model, which used `tokens`.
    """

    ending: Ending | None = None
    question: str = ""
    tokens: int = 0
    found_at: float = 0.0  # seconds since 1970
    passages: Sequence[Passage] = ()
    text: str = ""  # with the ending `answer`: the finished text and its citations
    citations: Sequence[Citation] = ()
