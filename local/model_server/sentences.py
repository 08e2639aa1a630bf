"""Cutting a passage into sentences that can be quoted: word for word, with only line breaks taken out."""

import re
from collections.abc import Iterator

from local.model_server.terms import CJK

MAX_CHARS = 300
_SHORT_LINE = 0.6
_WIDE = rf"{CJK}\u3000-\u303f\uff00-\uffef"
_BREAK_INSIDE_CJK = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n[ \t]*(?=[{_WIDE}])")
_SENTENCE_END = re.compile(
    r"""(?<=[。！？])(?![。！？」』”’）)])    # CJK marks need no space after them
      | (?<=[。！？][」』”’）])
      | (?<=[.!?;；])\s+(?=[^a-z\s])       # a small letter after a full stop: an abbreviation
      | (?<=[.!?][")”’])\s+
    """,
    re.VERBOSE,
)
_CLAUSE_END = re.compile(r"(?<=[，、；：,;])|(?<=\s)(?=[-•–])")
# Numbers in brackets would read as a citation of our own: they end the quotation.
_FOREIGN_CITATION = re.compile(r"\s*\[\d+(?:\s*[,、]\s*\d+)*\]")


def sentences(text: str) -> list[str]:
    """Return the sentences in order, each at most MAX_CHARS code points long and free of `[1]`.

    Each stands in `text` character for character once white space is left out of both.
    """
    found: list[str] = []
    for paragraph in _paragraphs(text):
        for sentence in _SENTENCE_END.split(paragraph):
            for part in _FOREIGN_CITATION.split(sentence):
                found += _shortened(part.strip())
    return [sentence for sentence in found if any(character.isalnum() for character in sentence)]


def _paragraphs(text: str) -> Iterator[str]:
    """Join lines that were only wrapped; a line much shorter than the longest is a heading or ends its paragraph."""
    lines = [line.strip() for line in text.splitlines()]
    full = max(map(len, lines), default=0) * _SHORT_LINE
    paragraph: list[str] = []
    for line in lines:
        if line:
            paragraph.append(line)
        if len(line) < full and paragraph:
            yield _joined(paragraph)
            paragraph = []
    if paragraph:
        yield _joined(paragraph)


def _joined(lines: list[str]) -> str:
    return _BREAK_INSIDE_CJK.sub("", "\n".join(lines)).replace("\n", " ")


def _shortened(sentence: str) -> list[str]:
    """Cut a sentence that is too long to quote after its clauses, else wherever it is full."""
    if len(sentence) <= MAX_CHARS:
        return [sentence]
    parts = [""]
    for clause in _CLAUSE_END.split(sentence):
        if len(parts[-1]) + len(clause) > MAX_CHARS:
            parts.append("")
        parts[-1] += clause
    return [part[at : at + MAX_CHARS].strip() for part in parts for at in range(0, len(part), MAX_CHARS)]
