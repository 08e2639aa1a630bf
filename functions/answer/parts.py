"""Splits a text that asks several questions, by a rule, so that each is searched for."""

import re
from collections.abc import Sequence
from itertools import chain, zip_longest

from documind.clients.search import Chunk, Hit

MOST = 3
MAX_CHARACTERS = 1_000  # a longer text asks for one thing; with its parts it would exceed the frame `why`
_BETWEEN = re.compile(
    r"(?<=[?？])\s*(?=\S)|\s*[,;]\s*(?:and |also |or )*|\s+and\s+(?:also\s+)?"
    r"|[，；、]\s*(?:還有|以及|另外|而且|並且|那麼?)?"
)
_ASKS = re.compile(
    r"^(?:and |also |then )*(?:what|how|when (?:is|are|do|does|did|can|may|must|will|should)|where|who|whom|whose"
    r"|which|why|is|are|was|were|can|could|may|must|do|does|did|will|would|should|has|have)\b"
    r"|什麼|甚麼|多[少久大長高遠]|幾|誰|哪|怎|嗎|呢|為何|如何|是否|能不能|可不可以|有沒有|是不是",
    re.IGNORECASE,
)


def parts_of(question: str) -> list[str]:
    """Return the questions of a text that asks two or three; empty for one question and for lists of other things."""
    if len(question) > MAX_CHARACTERS:
        return []
    parts = [part.strip() for part in _BETWEEN.split(question) if part and part.strip(" ?？。.!！")]
    joined = [parts[0]] if parts else []
    for part in parts[1:]:
        if _ASKS.search(part) and _ASKS.search(joined[-1]):
            joined.append(part)
        else:
            return []
    return joined if 1 < len(joined) <= MOST else []


def in_turns(found: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return the first hit of each list, then the second ones, each chunk once."""
    hits: dict[Chunk, Hit] = {}
    for hit in filter(None, chain.from_iterable(zip_longest(*found))):
        hits.setdefault(hit.chunk, hit)
    return list(hits.values())
