"""The offline model's small tasks: follow-ups by a rule on words, summaries of the sentences nearest to the others."""

import json
import re

from documind.languages import language_of
from local.model_server.question_kinds import ASKS_FOR_TITLE
from local.model_server.quoting import ABSTRACT, Task, without_title
from local.model_server.vectors import embed

# Words with which a follow-up begins, or pronouns for something said before. A question without any of them is not
# changed, even if it leaves something out.
_REFERS = re.compile(
    r"^\W*(?:and|what about|how about|or|but|which one|same for)\b|^\W*why\W*$"
    r"|^\W*(?:\w+\W+){0,4}"  # a later pronoun refers to something in the question itself
    r"(?:it|its|they|them|their|he|she|his|her|these|those|the (?:other|same|second|next|last)(?: one)?)\b"
    r"|^\W*(?:那|還有|另外|其他|第[一二三四五六七八九十]+[個項種])|呢[？?\s]*$"
    r"|[它牠他她]|這個|那個|這些|那些|兩者|前者|後者",
    re.IGNORECASE,
)
_SENTENCES, _OPENING, _QUESTIONS = 3, 2, 3  # at most, of a summary; _OPENING of them by their place or words
_TELLING_BYTES = range(50, 1_000)  # of a sentence (17 ideographs): a shorter one says little without its context
# A whole sentence, judged by its ends and characters: no table row, formula, list of authors or second half.
_WHOLE = re.compile(r"[“‘「『\"(（]?(?![a-zß-ÿ])\w[^∗†‡@={}|☐☑☒]*[.!。！][”’」』\")）]?")
_ABOUT_ITSELF = re.compile(
    r"\b(?<!about )(?:this|the present) (?:[\w®™]+ ){0,2}(?:paper|book|report|document|manual|guide|article|thesis"
    r"|booklet|study|proposal|publication|handbook|leaflet|brochure)\b"
    r"|\bdieses? (?:Skript|Buch|Bericht|Dokument)\b|\bce (?:rapport|document|livre|guide)\b"
    r"|本(?:文|書|報告|論文|手冊|指南|研究)",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"^\W*((?=.*(?:\b(?:what|how|who|when|where|which|why)\b|什麼|多少|如何|怎[麼樣]|哪|誰|幾|為何))"
    r"(?!那|而|但|(?:and|but) )\S[^?？\n]{5,80}[?？])\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_OF_ALL = {"en": "What are the main points of this document?", "zh-TW": "這份文件的重點是什麼？"}


def standalone(task: Task) -> str:
    """Return the question as JSON, after the previous question if a word in it refers to that.

    The previous question loses its question mark, so that the two are not answered as separate questions. A question
    about title or authors is skipped: it names no topic.
    """
    question = task.question
    topics = [turn.question for turn in task.turns if not ASKS_FOR_TITLE.search(turn.question)]
    if topics and _REFERS.search(question):
        question = f"{topics[-1].rstrip('?？ ')}\n{question}"
    return json.dumps({"question": question}, ensure_ascii=False)


def summary(task: Task) -> str:
    """Return a summary of whole sentences and suggested questions, as JSON.

    Its sentences are first of the abstract, else about the document itself, else of its beginning. The questions are
    those in the document, then a general one that the summary answers.
    """
    whole = [(quote, one.number) for one in task.passages for quote in without_title(one) if len(quote.lines) == 1]
    telling = [each for each in whole if len(each[0].text.encode()) in _TELLING_BYTES]
    quotes = [each for each in telling if _WHOLE.fullmatch(each[0].text)] or telling or whole
    vectors = embed([quote.text for quote, _ in quotes])
    nearness = vectors @ vectors.sum(axis=0)
    ranked = sorted(range(len(quotes)), key=lambda index: -float(nearness[index]))
    abstract = [index for index in ranked if ABSTRACT.fullmatch(quotes[index][0].heading)]
    itself = [index for index in ranked if _ABOUT_ITSELF.search(quotes[index][0].text)]
    opening = (abstract or itself or [index for index in ranked if quotes[index][1] == quotes[0][1]])[:_OPENING]
    best = list(dict.fromkeys([*opening, *ranked]))[:_SENTENCES]
    text = "\n".join(f"{quotes[index][0].text} [{quotes[index][1]}]" for index in sorted(best))
    asked = [found for one in task.passages for found in _QUESTION.findall(one.text)]
    questions = dict.fromkeys([*asked, _OF_ALL[language_of(text)]])
    return json.dumps({"summary": text, "questions": list(questions)[:_QUESTIONS] if text else []}, ensure_ascii=False)
