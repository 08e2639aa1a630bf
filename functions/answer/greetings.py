"""Recognises greetings, thanks and farewells, which ask nothing."""

import re
from functools import cache

from documind.terms import folded

WORDS = (
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|night)|bye|goodbye)(?: (?:there|all|everyone|documind))?"
    r"|(?:many )?thanks(?: a lot)?|thank you(?: very much| so much)?|ok(?:ay)?|great"
    r"|你好|您好|大家好|哈囉|哈罗|嗨|早安|午安|晚安|早上好|謝謝(?:你|您|大家)?|感謝(?:你|您)?|多謝|再見|拜拜|好的?"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{folded(WORDS)})(?:\W+(?:{folded(WORDS)}))*\W*")


def is_greeting(text: str) -> bool:
    """Return whether a text is a greeting, thanks or a farewell, and nothing else."""
    return _pattern().fullmatch(folded(text)) is not None
