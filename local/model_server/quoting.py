"""The offline model's answer: the sentences that come nearest to the question, quoted with their passages' numbers."""

import re
import textwrap
from statistics import fmean

from pydantic import BaseModel

from documind.clients.fusion import is_mostly_cjk, shares_of_terms
from documind.sentences import sentences
from documind.terms import IS_CJK
from local.model_server.sentences import LEADS, Quotable, quotable
from local.model_server.vectors import embed

MAX_QUOTES = 3
MAX_TITLE_LINES, MAX_TITLE_BYTES, MAX_TITLE_PAGE = 4, 120, 3
NO_ANSWER = "NO_ANSWER"  # what the instructions ask for where the passages hold no answer
_ASKS_FOR_FIGURE = re.compile(
    r"\bhow (?:many|much|long|large|big|often|old|far|wide|high|tall|fast|heavy|deep|soon|quickly)\b"
    r"|\b(?:size|when|costs?|wann|wie ?viele?|quand|combien|cu[áa]ndo|cu[áa]nt[oa]s?|quando|quant[eio]s?|wanneer)\b"
    r"|いつ|いくつ|何[人時日年月個枚円]|언제|몇|얼마|多[少久長大高重遠寬深快]|[幾几]|何[時时]|什[麼么][時时]候|哪一?[天年月日支]",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d|[二三四五六七八九十百千萬兩半]|一(?!個(?!月)|[份下邊種些般起定樣直段位項])"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundred|thousand|half)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\bhow many (?P<en>[a-z]{3,}?)s?\b|[幾几](?P<zh>[頁页天年月人次件份週周小分元名隻只種种本])", re.IGNORECASE
)
_WHO = re.compile(r"\b(?:who|whom|whose|wer|wem|qui|qui[ée]n|quem|chi)\b|[誰谁]|누가", re.IGNORECASE)
_PERSON = re.compile(
    r"[a-z,] (?:Dr|Mr|Mrs|Ms|[A-Z][a-z]+) [A-Z]|\b(?:anyone|everyone|whoever|nobody|only|members?|people|staff)\b"
    r"|人|[會人委成隊職]員|[讀學使]者|主任|只有",
)
_ASKS_WHAT_IS = re.compile(
    r"^\W*(?:what(?:['’]s| is| are| was| were)|was (?:ist|sind)|qu['’]est-ce (?:que |qu['’])|wat is|什[麼么]是|甚麼是)"
    r"\s*(?:(?:an?|the|ein|eine|une?|la|le|het) |l['’])*(?P<it>.+?)[\s?？]*$|^(?P<zh>.+?)(?:是什[麼么]|とは何)",
    re.IGNORECASE,
)
_THIS = r"(?:^|[^\w\s]|\bterm)\W*(?:(?:an?|the|ein|eine|une?|la|le) )?"
_IS = r"\W{0,3}(?:\([^)]*\)\W*)?(?:\b(?:is|are|was|were|means?|refers?|ist|sind|est|sont)\b|[-–:：是指為为は]|とは)"
ASKS_FOR_TITLE = re.compile(
    r"^\W*(?:who (?:wrote|edited|published|(?:is|are) the (?:author|editor))|what(?:['’]s| is) the title of"
    r"|when was (?:it|this|th(?:e|is) (?:article|book|document|guide|paper|report)) (?:written|published|issued)"
    r"|wer ist der autor|qui est l['’]auteur)\b"
    r"|作者是|是[誰谁][寫写]|[誰谁]是.{0,6}作者|[標标][題题]是|[何][時时](?:出版|[發发][布表])",
    re.IGNORECASE,
)
_CUT_OFF = 0.2  # less for what begins or ends within a sentence, which is quoted only where it comes first
_DEFINITION_WEIGHT = 0.3  # of a clause that begins with what is asked for and says what it is
_COUNTED_WEIGHT = 0.7  # of a figure with the unit that is asked for
_FIGURE_WEIGHT = 0.25  # of a figure where a quantity or a time is asked for, or a person where one is
_FIRST_WEIGHT = 0.25  # of the first sentence under a heading that holds the question's terms: it says what that is
_RANK_WEIGHT = 0.1  # less for each passage that the search preferred
# The thresholds below were measured on evals/golden.jsonl, and on questions of other sets put to its documents.
_ENOUGH = 0.52  # of how much the passages have to do with the question; below it there is no answer
_OTHER_LANGUAGE = 0.12  # what passages in another language lack, for they share no words
_SURE = 0.2  # how far a second quote of a passage may lie behind the best one
_UNSURE = 0.35  # the same, of the first quote of another passage: the right one is not always the first


class Passage(BaseModel):
    """A numbered excerpt of a document, as the answering step sends it."""

    number: int
    text: str
    page: int = 1


class Turn(BaseModel):
    """A question that was answered."""

    question: str


class Task(BaseModel):
    """The content of the user's message, as JSON: what the tasks are given, each its own part of it."""

    question: str = ""
    parts: list[str] = []  # the questions that it asks at once
    turns: list[Turn] = []  # the last ones of a conversation, oldest first
    passages: list[Passage] = []  # that a question may be answered from, or of one document, in their order


def answer(task: Task) -> str:
    """Return at most three quotes, best first, each sentence followed by ` [n]`; NO_ANSWER where none comes near."""
    if ASKS_FOR_TITLE.search(task.question) and task.passages and task.passages[0].page <= MAX_TITLE_PAGE:
        return _title(task.passages[0]) or NO_ANSWER
    chosen = [each for part in task.parts for each in _nearest(part, task.passages)[:1]]
    chosen = chosen or _nearest(task.question, task.passages)
    quoted = [_quoted(quote, number) for quote, number in dict.fromkeys(chosen)]
    return ("\n\n" if any("\n" in each for each in quoted) else "\n").join(quoted) or NO_ANSWER


def _title(passage: Passage) -> str:
    """Return the lines before the first paragraph of a document, which tell title, authors and date."""
    lines = [line.replace("\t", " ").strip() for line in passage.text.splitlines() if line.strip()]
    is_prose = (len(line.encode()) > MAX_TITLE_BYTES and (line.endswith(".") or "。" in line) for line in lines)
    count = max(next((at for at, prose in enumerate(is_prose) if prose), MAX_TITLE_LINES), 1)
    return "\n".join(f"{line} [{passage.number}]" for line in lines[: min(count, MAX_TITLE_LINES)])


def _quoted(quote: Quotable, number: int) -> str:
    """Return the lines with the passage's number, and the code that the last one leads to."""
    leads = LEADS if not quote.code else ()
    lines = [line if line.endswith(leads) else _cited(line, number) for line in quote.lines]
    code = textwrap.dedent("\n".join(quote.code)).splitlines()
    return "\n".join([*lines, *(["```", *code, "```"] if code else [])])


def _cited(line: str, number: int) -> str:
    return " ".join(f"{span.of(line).strip()} [{number}]" for span in sentences(line))


def _nearest(question: str, passages: list[Passage]) -> list[tuple[Quotable, int]]:
    """Return what comes nearest to the question, best first, with the numbers of its passages."""
    quotes = [(one, rank) for rank, passage in enumerate(passages) for one in without_title(passage)]
    scores = _scores(question, passages, quotes) if quotes else []
    chosen: list[tuple[Quotable, int]] = []
    ranked = sorted(zip(scores, quotes, strict=bool(scores)), key=lambda each: -each[0])
    for score, (one, rank) in ranked:
        behind = ranked[0][0] - score
        number = passages[rank].number
        if behind > _UNSURE or len(chosen) == MAX_QUOTES:
            break
        if (chosen and one.is_cut) or (behind > _SURE and any(number == other for _, other in chosen)):
            continue
        if not any(one.text in kept.text or kept.text in one.text for kept, _ in chosen):  # passages overlap
            chosen.append((one, number))
    return chosen


def without_title(passage: Passage) -> list[Quotable]:
    """Return what can be quoted, but the title on a first page: a line without a full stop or a comma."""
    quotes = quotable(passage.text)
    has_title = len(quotes) > 1 and passage.page == 1 and not quotes[0].is_whole and not {*",，"} & {*quotes[0].text}
    return quotes[has_title:]


def _scores(question: str, passages: list[Passage], quotes: list[tuple[Quotable, int]]) -> list[float]:
    """Return how well each quote, with its passage's rank, answers; none where nothing has to do with the question."""
    # A follow-up stands behind the question before it, and weighs more.
    said = [question, *[span.of(question) for span in sentences(question)][1:][-1:]]
    asked = embed(said).sum(axis=0) / len(said)
    texts = [f"{one.heading}\n{one.text}" for one, _ in quotes]
    near = (embed(texts) + embed([one.text for one, _ in quotes])) @ asked / 2  # with its heading, and without
    is_bare = not _ASKS_FOR_FIGURE.sub(" ", question).strip()  # "How large, and ...?"
    worded = [f"{text}\n" + "\n".join(one.code) for text, (one, _) in zip(texts, quotes, strict=True)]
    shares = [shares_of_terms(_ASKS_FOR_FIGURE.sub(" ", each), worded) for each in said]
    words = [fmean(own) for own in zip(*shares, strict=True)]
    around = embed([passage.text for passage in passages]) @ asked
    asked_in_cjk = IS_CJK.search(question) is not None
    is_foreign = (IS_CJK.search(passages[0].text) is not None) != asked_in_cjk
    if not is_bare and max(near) + max(around) + max(words) ** 1.5 + is_foreign * _OTHER_LANGUAGE < _ENOUGH:
        return []
    asked_for = [holds for asks, holds in ((_ASKS_FOR_FIGURE, _FIGURE), (_WHO, _PERSON)) if asks.search(question)]
    counted = _COUNTED.search(question)
    unit = counted and (rf"\d\W?{counted['zh']}" if counted["zh"] else rf"\d {counted['en']}|^{counted['en']}")
    what = _ASKS_WHAT_IS.search(question)
    defines = re.compile(rf"{_THIS}{re.escape(what['it'] or what['zh'])}s?{_IS}", re.IGNORECASE) if what else None
    above = ["", *(one.heading for one, _ in quotes)]
    first = [one.heading * (one.heading != above[at] or len(one.lines) > 1) for at, (one, _) in enumerate(quotes)]
    leading = shares_of_terms(question, first)
    in_passage = shares_of_terms(question, [passage.text for passage in passages])
    return [
        2 * float(near[at])
        + words[at]
        + in_passage[rank]
        + float(around[rank]) / 2
        + _FIGURE_WEIGHT * any(holds.search(one.text) for holds in asked_for)
        + _COUNTED_WEIGHT * bool(unit and re.search(unit, one.text, re.IGNORECASE))
        + _DEFINITION_WEIGHT * bool(defines and defines.search(one.text))
        + _FIRST_WEIGHT * leading[at]
        - _CUT_OFF * one.is_cut
        + _OTHER_LANGUAGE * (is_mostly_cjk(one.text) != asked_in_cjk)
        - _RANK_WEIGHT * rank
        for at, (one, rank) in enumerate(quotes)
    ]
