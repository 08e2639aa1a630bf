"""Where the passages of an answer stand on their pages, found out while the model writes."""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import wait
from itertools import groupby

from answer.passages import Passage
from answer.services import Services
from documind.clients.objects import Objects
from documind.pages import Rectangle, rectangles

MAX_RECTANGLES = 40  # of a passage: one a line; more has only text set in single characters
MAX_MARKED_ANSWER_BYTES = 10_000  # as JSON; a longer one and all these rectangles may not fit a frame of 32 KB
TIMEOUT_S = 1.0  # past the model's last word: the pages are read long before

Found = dict[int, list[Rectangle]]

logger = logging.getLogger(__name__)


class MarkedPassages:
    """The rectangles of passages, read from the texts of their pages in the background."""

    def __init__(self, services: Services, passages: Sequence[Passage]) -> None:
        self._found: Found = {}
        self._done = services.executor.submit(self._find, services.objects, passages)

    def under(self, answer: str) -> Found:
        """Return the rectangles of each passage, by its number, as far as they are found and the answer leaves room."""
        if len(json.dumps(answer, ensure_ascii=False).encode()) > MAX_MARKED_ANSWER_BYTES:
            return {}
        wait([self._done], TIMEOUT_S)
        return self._found

    def _find(self, objects: Objects, passages: Sequence[Passage]) -> None:
        for (ingest_id, number), on_page in groupby(sorted(passages, key=_page), _page):
            try:
                page = objects.read_page(ingest_id, number)
            except Exception:
                logger.exception("a passage is cited without its place")
                continue
            here = {each.number: rectangles(page, each.start, each.end)[:MAX_RECTANGLES] for each in on_page}
            self._found = self._found | here


def _page(passage: Passage) -> tuple[str, int]:
    return passage.ingest_id, passage.page
