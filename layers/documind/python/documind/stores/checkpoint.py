"""The checkpoint of a document's ingest: what is durable, and where the next run continues."""

from documind.stores.items import Stored
from documind.wire import PageWithoutText, WhyWithoutText

MAX_NAMED_PAGES = 20  # further pages without text are only counted


class UnreadPages(Stored):
    """How many pages have no text, by reason, and the numbers of the first 20 of them.

    `from_pictures`: the first 20 ranges of pages, as (first, last), whose text the chat model read from pictures.
    """

    pages_empty: int = 0
    pages_lost: int = 0
    pages_garbled: int = 0
    without_text: tuple[PageWithoutText, ...] = ()
    from_pictures: tuple[tuple[int, int], ...] = ()

    def with_page(self, page: int, why: WhyWithoutText) -> "UnreadPages":
        """Return a copy with one more page without text."""
        count = f"pages_{why}"
        named = (*self.without_text, PageWithoutText(page=page, why=why))[:MAX_NAMED_PAGES]
        return self.model_copy(update={count: getattr(self, count) + 1, "without_text": named})

    def with_picture(self, page: int) -> "UnreadPages":
        """Return a copy with one more page whose text was read from its picture."""
        *others, (first, last) = self.from_pictures or ((page, page),)
        runs = [*others, (first, page)] if last >= page - 1 else [*self.from_pictures, (page, page)]
        return self.model_copy(update={"from_pictures": tuple(runs[:MAX_NAMED_PAGES])})


class Checkpoint(Stored):
    """Pages 1 to `pages` are read: their texts are in S3, and their chunks are in `index` under `attempt_ids`.

    `groups` are the first and the last page of each object with texts of pages; pages in none have each its own.
    Any other chunks of the document in the index come from runs that died or lost their lease; searches exclude them.
    `killed_by` are the pages that killed the reader's child process; some may lie behind `pages`, as it reads ahead.
    """

    pages: int = 0
    chunks: int = 0
    index: str = ""  # name of the OpenSearch index; empty without a chunk
    attempt_ids: tuple[str, ...] = ()
    killed_by: tuple[int, ...] = ()
    groups: tuple[tuple[int, int], ...] = ()
    unread: UnreadPages = UnreadPages()  # of its pages
