"""Reads the pages of an answer's passages while the model writes, for the rectangles of its citations."""

import json
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import wait

from answer.passages import Passage
from answer.services import Services
from documind.clients.objects import Objects
from documind.pages import PageText

MAX_MARKED_ANSWER_BYTES = 10_000  # as JSON; a longer one gets no rectangles: both may not fit 32 KB
TIMEOUT_S = 1.0  # after the model has finished; the pages are usually read long before

logger = logging.getLogger(__name__)


class PagesRead:
    """The texts of the passages' pages, as far as they have been read in the background."""

    def __init__(self, services: Services, passages: Sequence[Passage]) -> None:
        self._pages = {passage.key: passage.page_text for passage in passages if passage.page_text}
        self._done = services.executor.submit(self._read, services.objects, passages)

    def for_answer(self, answer: str) -> Mapping[tuple[str, int], PageText]:
        """Return the pages by ingest and number; none for an answer that leaves no room for rectangles."""
        if len(json.dumps(answer, ensure_ascii=False).encode()) > MAX_MARKED_ANSWER_BYTES:
            return {}
        wait([self._done], TIMEOUT_S)
        return self._pages

    def _read(self, objects: Objects, passages: Sequence[Passage]) -> None:
        for passage in passages:
            if passage.key not in self._pages:
                try:
                    read = objects.read_pages(passage.document, passage.page)
                except Exception:
                    logger.exception("the page of a passage could not be read, so its citation has no rectangles")
                    continue
                self._pages |= {(passage.key[0], number): text for number, text in read.items()}
