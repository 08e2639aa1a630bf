"""Recognises questions about whole documents by a rule, and answers them from the stored summaries."""

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import PurePath

from answer.citations import NUMBER, without_marks
from answer.marked import pages_if_readable
from answer.passages import Passage, Retrieved
from answer.services import Services
from documind.errors import Ending
from documind.languages import language_of
from documind.stores.documents import StoredDocument, Summary
from documind.terms import folded
from documind.wire import Citation

MAX_QUESTION_CHARACTERS = 300  # including names of documents; a longer question asks for more than a summary
MAX_DOCUMENTS = 5  # that are summed up in one answer
NAME = "\0"
MIN_NAME_CHARACTERS = 3  # a document with a shorter name is not recognised in a question

_IT = (
    r"(?:(?:all of |the whole |the |this |that |these |those |my |our |all |each |every |uploaded |entire )*"
    r"(?:documents?|files?|pdfs?|papers?|reports?|articles?|texts?|books?|booklets?|brochures?|leaflets?|manuals?"
    r"|handbooks?|guides?|contracts?|presentations?|slides|publications?|stud(?:y|ies)|thes[ei]s)"
    r"|it|this|that|them|they|everything)"
)
_POINTS = r"(?:(?:main|key|most|important|central) )+(?:points?|ideas?|topics?|messages?|takeaways?|contents?)"
_SUMMARY = rf"(?:summary|overview|gist|tl;?dr|{_POINTS})(?: (?:of|from|in|about) {_IT})?"
_ASK = r"(?:(?:please|you|can|could|would|will|i|want|need|give me|write|make|show me|tell me|briefly) )*"
_HOW = r"(?: for me| briefly| please| in \w+ (?:words|sentences?))*"
_ENGLISH = (
    rf"{_ASK}(?:summari[sz]e|sum up|outline|sum) {_IT}(?: and {_IT})*(?: up)?{_HOW}"
    rf"|{_ASK}(?:an? |the |short |brief |quick )*{_SUMMARY}{_HOW}"
    rf"|what(?:'s| is| are) (?:the |its |their )*{_SUMMARY}"
    rf"|what (?:is|are|does|do) {_IT} (?:all )?(?:about|say|cover|contain|deal with|tell (?:me|us))|what's {_IT} about"
)
_IT_ZH = (
    r"(?:[這那此該本整全每][一]?|所有的?|全部的?|我的)*(?:份|篇|個|些|本|上傳的?)*"
    r"(?:文件|檔案|PDF(?:檔案?|文件)?|文章|報告|簡報|投影片|講義|論文|手冊|小冊子|說明書|合約|書|資料|內容|它)"
)
_POINTS_ZH = r"(?:重點|要點|大意|主旨|摘要|大綱|結論|主要內容|核心內容|最?重要的(?:內容|地方|事))"
_CHINESE = (
    rf"(?:請|你|幫我|幫忙|麻煩|可以|可不可以|能不能|能否|給我|我想要?|想要)*(?:簡短|簡單|簡要|大致|快速)?地?"
    rf"(?:(?:摘要|總結|概述|歸納|整理|列出|說明|介紹)(?:一下|出)?{_IT_ZH}(?:的?{_POINTS_ZH})?|(?:摘要|總結|概述)(?:一下)?)"
    rf"|(?:{_IT_ZH}的?)?{_POINTS_ZH}(?:是|有|為)?(?:什麼|哪些|何)?"
    rf"|{_IT_ZH}(?:的?內容)?(?:主要|大概|大致|到底|究竟|都|是)*在?(?:說|講|談|寫|討論|介紹|關於)(?:了|的是)?(?:些)?(?:什麼|啥)"
)
_PARTICLES = "呢啊呀吧"


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{folded(_ENGLISH)}|{folded(_CHINESE)})")


def documents_meant(question: str, documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return the documents whose summary a question asks for: those it names, else all; empty for other questions."""
    if len(question) > MAX_QUESTION_CHARACTERS:
        return []
    asked, named = folded(question), []
    for document in sorted(documents, key=lambda each: -len(each.name)):
        stem = folded(PurePath(document.name).stem)
        name = re.compile(rf"(?<![a-z0-9]){re.escape(stem)}(?:\.pdf)?(?![a-z0-9])")
        if len(stem) >= MIN_NAME_CHARACTERS and name.search(asked):
            named.append(document)
            asked = name.sub(NAME, asked)
    is_chinese = language_of(asked) == "zh-TW"
    asked = asked.replace(NAME, folded("這份文件") if is_chinese else " this file ")
    asked = ("" if is_chinese else " ").join(re.findall(r"[\w'’;]+", asked)).rstrip(_PARTICLES)
    return (named or list(documents)) if _pattern().fullmatch(asked) else []


def from_summaries(services: Services, documents: Sequence[StoredDocument]) -> Retrieved | None:
    """Return the summaries as one answer; None if one of them is missing or there are too many."""
    summaries = [document.summary for document in documents]
    if not summaries or None in summaries or len(summaries) > MAX_DOCUMENTS:
        return None
    texts: list[str] = []
    citations: list[Citation] = []
    for document, summary in zip(documents, filter(None, summaries), strict=True):
        text, sources = _from_summary(services, document, summary, after=len(citations))
        texts.append(text if len(documents) == 1 else f"**{without_marks(document.name)}**\n\n{text}")
        citations += sources
    return Retrieved(ending=Ending.ANSWER, text="\n\n".join(texts), citations=citations)


def _from_summary(
    services: Services, document: StoredDocument, summary: Summary, *, after: int
) -> tuple[str, list[Citation]]:
    """Return the text of a summary and its citations, numbered from `after` + 1."""
    numbers = {source.number: after + count for count, source in enumerate(summary.sources, start=1)}
    citations = []
    read = partial(pages_if_readable, services.objects, document)
    pages = services.executor.map(read, [source.page for source in summary.sources])
    for source, texts in zip(summary.sources, pages, strict=True):
        span, number = source.model_dump(exclude={"number"}), numbers[source.number]
        citation = Citation(**span, number=number, document_id=document.document_id, score=1.0)
        if page := texts.get(source.page):
            passage = Passage(source.number, document, source.page, page.text[source.start : source.end], source.start)
            citation = passage.citation(number, page)
        citations.append(citation)
    return NUMBER.sub(lambda mark: f"[{numbers[int(mark[1])]}]", summary.text), citations
