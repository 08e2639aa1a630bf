"""The offline model's summary: the sentences nearest to the middle of a document, and questions from its headings."""

import json
import re

from pydantic import BaseModel

from documind.languages import language_of
from local.model_server.quoting import Passage
from local.model_server.sentences import quotable
from local.model_server.vectors import embed

_SENTENCES = 3
_QUESTIONS = 3
_QUESTION = re.compile(r"^\W*((?!那|而|但|(?:and|but) )\S[^?？\n]{5,80}[?？])\s*$", re.MULTILINE | re.IGNORECASE)
_ABOUT = {"en": "What does it say about “{}”?", "zh-TW": "關於「{}」，文件裡怎麼說？"}


class SummaryTask(BaseModel):
    """The content of the user's message, as JSON: passages of one document, in their order."""

    passages: list[Passage]


def summary(task: SummaryTask) -> str:
    """Return the JSON of a summary, in whole sentences of the document with their numbers, and of questions.

    The questions are those that stand in the document; else they name its headings.
    """
    quotes = [(quote, one.number) for one in task.passages for quote in quotable(one.text) if len(quote.lines) == 1]
    vectors = embed([quote.text for quote, _ in quotes])
    nearness = vectors @ vectors.sum(axis=0)
    best = sorted(range(len(quotes)), key=lambda index: -float(nearness[index]))[:_SENTENCES]
    chosen = [quotes[index] for index in sorted(best)]
    text = "\n".join(dict.fromkeys(f"{quote.text} [{number}]" for quote, number in chosen))
    asked = [found for one in task.passages for found in _QUESTION.findall(one.text)]
    headings = [_ABOUT[language_of(text)].format(quote.heading) for quote, _ in quotes if quote.heading]
    questions = list(dict.fromkeys([*asked, *headings]))[:_QUESTIONS]
    return json.dumps({"summary": text, "questions": questions}, ensure_ascii=False)
