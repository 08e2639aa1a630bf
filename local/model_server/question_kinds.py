"""What kind of answer a question asks for: a figure, a figure with a unit, a person, a definition, or a title."""

import re

ASKS_FOR_FIGURE = re.compile(
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
_NUMERAL = "(?<![哪每這那])[\\d一二三四五六七八九十百千萬兩]"
_COUNTED = re.compile(
    r"\bhow many (?P<en>[a-z]{3,}?)s?\b|[幾几](?P<zh>[頁页天年月人次件份週周小分元名隻只種种本])", re.IGNORECASE
)
_WHO = re.compile(r"\b(?:who|whom|whose|wer|wem|qui|qui[ée]n|quem|chi)\b|[誰谁]|누가", re.IGNORECASE)
_PERSON = re.compile(
    r"[a-z,] (?:Dr|Mr|Mrs|Ms|[A-Z][a-z]+) [A-Z]|\b(?:anyone|everyone|whoever|only|members?|people|staff)\b"
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
# "How long ...?" asks for a length, and "How big ...?" for a size: the words of tables.
_MEASURED = (
    (re.compile(r"\bhow long\b|多[長长]", re.IGNORECASE), re.compile(r"\blength\b|[長长]度", re.IGNORECASE)),
    (re.compile(r"\bhow (?:large|big)\b|多大", re.IGNORECASE), re.compile(r"\bsize\b|大小", re.IGNORECASE)),
)
FIGURE_WEIGHT = 0.25  # question with "how much" or "when", text with a figure; "who", text with a person
UNIT_WEIGHT = 0.7  # question with "how many pages", text with a number of pages
DEFINITION_WEIGHT = 0.3  # question "what is X", text with a clause that begins with "X is"


class ExpectedAnswer:
    """The patterns that a text which answers a question probably matches, each with its weight."""

    def __init__(self, question: str) -> None:
        self._patterns = [(_FIGURE, FIGURE_WEIGHT)] if ASKS_FOR_FIGURE.search(question) else []
        self._patterns += [(named, FIGURE_WEIGHT) for asked, named in _MEASURED if asked.search(question)]
        if _WHO.search(question):
            self._patterns.append((_PERSON, FIGURE_WEIGHT))
        if counted := _COUNTED.search(question):
            unit = "[天日]" if counted["zh"] == "天" else counted["zh"]
            unit = rf"{_NUMERAL}\W?{unit}" if unit else rf"\d {counted['en']}|^{counted['en']}"
            self._patterns.append((re.compile(unit, re.IGNORECASE), UNIT_WEIGHT))
        what = _ASKS_WHAT_IS.search(question)
        self.is_definition = what is not None
        if what:
            definition = rf"{_THIS}{re.escape(what['it'] or what['zh'])}s?{_IS}"
            self._patterns.append((re.compile(definition, re.IGNORECASE), DEFINITION_WEIGHT))

    def likeness(self, text: str) -> float:
        """Return the sum of the weights of the patterns that the text matches."""
        return sum(weight for pattern, weight in self._patterns if pattern.search(text))
