"""Where an answer's passages stand on their pages; the pages are read while the model writes."""

import json
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import wait

from answer.passages import Passage
from answer.services import Services
from documind.clients.objects import Objects
from documind.pages import PageText, Rectangle, rectangles

MAX_RECTANGLES = 40  # of a passage: one for each line; only text positioned by single characters has more
MAX_MARKED_ANSWER_BYTES = 10_000  # as JSON; a longer one and all these rectangles may not fit a frame of 32 KB
TIMEOUT_S = 1.0  # after the model has finished; the pages are usually read long before

logger = logging.getLogger(__name__)


class MarkedPassages:
    """The rectangles of passages, from the texts of their pages, which are read in the background."""

    def __init__(self, services: Services, passages: Sequence[Passage]) -> None:
        self._pages: dict[tuple[str, int], PageText] = {}
        self._done = services.executor.submit(self._read, services.objects, {_page(passage) for passage in passages})

    def under(self, answer: str, cited: Sequence[Passage]) -> dict[int, list[Rectangle]]:
        """Return the rectangles of the passages by their numbers, where the page is read and the answer leaves room."""
        if len(json.dumps(answer, ensure_ascii=False).encode()) > MAX_MARKED_ANSWER_BYTES:
            return {}
        wait([self._done], TIMEOUT_S)
        pages = self._pages
        return {
            each.number: rectangles(pages[_page(each)], each.start, each.end)[:MAX_RECTANGLES]
            for each in cited
            if _page(each) in pages
        }

    def _read(self, objects: Objects, wanted: Iterable[tuple[str, int]]) -> None:
        for ingest_id, number in sorted(wanted):
            try:
                page = objects.read_page(ingest_id, number)
            except Exception:
                logger.exception("a passage is cited without its place")
                continue
            self._pages = self._pages | {(ingest_id, number): page}


def _page(passage: Passage) -> tuple[str, int]:
    return passage.ingest_id, passage.page
