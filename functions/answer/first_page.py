"""Recognises questions about author, date and title of a document, which its first page answers."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice

from answer.marked import pages_if_readable
from answer.passages import Passage
from documind.clients.objects import Objects
from documind.limits import CHUNK_CHARACTERS
from documind.stores.documents import StoredDocument
from documind.terms import folded

MAX_DOCUMENTS = 2
MAX_PAGES = 3  # read until one has text, because covers may be pictures

_ENGLISH = (
    r"\bwho (?:wrote|edited|published|prepared|compiled|issued)\b|\bby whom (?:is|was) (?:it|this)\b"
    r"|\b(?:who|what|list|name)\b[^?]{0,20}\bthe (?:author|publisher|editor)s?\b(?: of (?:it|this|that|the)\b|\W*$)"
    r"|\b(?:when|where|by whom) (?:was|were) (?:it|this|that|these|the \w+) (?:written|published|issued|released)\b"
    r"|\btitle of (?:it|this|that|the)\b|\bits title\b"
)
_OTHERS = (
    r"\bwer (?:ist|sind|hat)\b.{0,20}\b(?:autor(?:en)?|verfasser|geschrieben|verfasst)\b"
    r"|\bqui (?:est|sont|a)\b.{0,20}\b(?:auteurs?|ecrit)\b|\bquien(?:es)? (?:es|son)\b.{0,12}\bautor(?:es|a|as)?\b"
)
_CHINESE = (
    r"(?<![工創製合])作者(?:是|有|為)|誰是(?:它的|這\w{0,4}的?|本\w{0,2}的?)?作者|誰(?:所|撰|編)?[寫著編撰]"
    r"|何時(?:出版|發表|發布)|出版(?:社|者|日期|年份?)(?:是|為)"
    r"|(?:文件|論文|文章|書|報告)的?(?:標題|題目|名稱)"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(folded, (_ENGLISH, _OTHERS, _CHINESE))))


def asks_for_first_page(question: str) -> bool:
    """Return whether a first page probably answers; a search would not find it, as it shares no words with these."""
    return _pattern().search(folded(question)) is not None


def beginnings(objects: Objects, documents: Iterable[StoredDocument]) -> list[Passage]:
    """Return the beginnings of the first two documents as passages numbered from 1."""
    passages: list[Passage] = []
    for document in islice(documents, MAX_DOCUMENTS):
        if passage := _beginning(objects, document, number=len(passages) + 1):
            passages.append(passage)
    return passages


def _beginning(objects: Objects, document: StoredDocument, *, number: int) -> Passage | None:
    """Return the beginning of the first page with text, cut at the end of a line; None if there is none."""
    for page in range(1, min(MAX_PAGES, document.pages_total) + 1):
        page_text = pages_if_readable(objects, document, page).get(page)
        if page_text is None:
            return None
        text = page_text.text
        if text.strip():
            end = len(text) if len(text) <= CHUNK_CHARACTERS else text.rfind("\n", 1, CHUNK_CHARACTERS)
            return Passage(number, document, page, text[: end if end > 0 else CHUNK_CHARACTERS], page_text=page_text)
    return None
