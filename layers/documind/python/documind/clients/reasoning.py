"""Removes the reasoning that some servers send between tags before the text of an answer.

Amazon Bedrock does so for gpt-oss, each piece in its own tags (https://github.com/CherryHQ/cherry-studio/issues/10225);
self-hosted servers do so when they have no parser for the model's reasoning.
"""

import re
from collections.abc import Iterable, Iterator

_TAGS = ("<reasoning>", "<think>")
_THOUGHTS = re.compile(r"\s*<(reasoning|think)>.*?</\1>", re.DOTALL)


def without_reasoning(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of an answer without the tagged reasoning at its beginning."""
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
