"""How far the reading of a document has come for good: what a run leaves to the next one."""

from pydantic import BaseModel, ConfigDict

from documind.wire import PageWithoutText, WhyWithoutText

MAX_NAMED_PAGES = 20  # of those without text; the others are counted


class Checkpoint(BaseModel):
    """Pages 1 to `pages` are read: their texts are kept, and their chunks stand in `index` under `attempt_ids`.

    What else the index holds of the document is of attempts that were overtaken or have died; it is never found.
    The pages `killed_by` have ended the reader, some of them perhaps as the next ones that it looked at.
    """

    model_config = ConfigDict(frozen=True)

    pages: int = 0
    chunks: int = 0
    index: str = ""  # its name, once there is a chunk
    attempt_ids: tuple[str, ...] = ()
    killed_by: tuple[int, ...] = ()


class UnreadPages(BaseModel):
    """How many pages have no text for which reason, and which are the first of them.

    `from_pictures`: the first runs of pages, each from its first to its last, whose text a model read from pictures.
    """

    model_config = ConfigDict(frozen=True)

    pages_empty: int = 0
    pages_lost: int = 0
    pages_garbled: int = 0
    without_text: tuple[PageWithoutText, ...] = ()
    from_pictures: tuple[tuple[int, int], ...] = ()

    def with_page(self, page: int, why: WhyWithoutText) -> "UnreadPages":
        """Return these and one more."""
        count = f"pages_{why}"
        named = (*self.without_text, PageWithoutText(page=page, why=why))[:MAX_NAMED_PAGES]
        return self.model_copy(update={count: getattr(self, count) + 1, "without_text": named})

    def with_picture(self, page: int) -> "UnreadPages":
        """Return these and one more that was read from its picture."""
        *others, (first, last) = self.from_pictures or ((page, page),)
        runs = [*others, (first, page)] if last >= page - 1 else [*self.from_pictures, (page, page)]
        return self.model_copy(update={"from_pictures": tuple(runs[:MAX_NAMED_PAGES])})
