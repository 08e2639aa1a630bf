"""Takes out what a model thought aloud before its answer: some servers send it as text between tags.

Amazon Bedrock does so for gpt-oss, each piece in tags of its own (https://github.com/CherryHQ/cherry-studio/issues/10225);
servers of one's own do without a parser for the model's reasoning.
"""

import re
from collections.abc import Iterable, Iterator

_TAGS = ("<reasoning>", "<think>")
_THOUGHTS = re.compile(r"\s*<(reasoning|think)>.*?</\1>", re.DOTALL)


def without_reasoning(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of an answer without what stands between such tags at its beginning."""
    held, answers = "", False
    for piece in pieces:
        held += piece
        if not answers:
            while thought := _THOUGHTS.match(held):
                held = held[thought.end() :]
            held = held.lstrip()
            answers = not _may_be_thought(held)
        if answers and held:
            yield held
            held = ""


def _may_be_thought(text: str) -> bool:
    return any(tag.startswith(text) or text.startswith(tag) for tag in _TAGS)
