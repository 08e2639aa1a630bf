"""What of a passage can be quoted, word for word: its sentences, the items of its lists, the rows of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CHARS = 300
_END = re.compile(
    r"""(?<=[。！？])(?![。！？」』”’）)])    # CJK marks need no space after them
      | (?<=[。！？][」』”’）])
      | (?<=[.!?;；])\s+(?=[^a-z\s])       # a small letter after a full stop: an abbreviation
      | (?<=[.!?][")”’])\s+
    """,
    re.VERBOSE,
)
_CLAUSE_END = re.compile(r"(?<=[，、；：,;])|(?<=\s)")
_ENDS = (".", "!", "。", "！", "；", ";", "」", "”", "）")
_ASKING = ("?", "？", ":", "：")  # what follows is the answer, or the list
_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}[.)、]|（\d{1,2}）|[-•–*·▪]|[一二三四五六七八九十]+、)\s*")
_CITATION = re.compile(r"\s*\[\d+(?:\s*[,、]\s*\d+)*\]")  # would read as one of our own
_CODE = re.compile(
    r"^\s*(?:[#$>@}\])]|//|import |from \S+ import |\[\w+\]$|https?://)|[({\[]$|[\w\])\"]\s*=\s*\S|\w\(.*\)[:;,]?$|\":"
)
_MIN_CHARS, _MIN_WORDS = 9, 6  # of an item without a full stop, in CJK and elsewhere: shorter ones are headings
_MIN_ROWS = 3  # of a table, with its header
_MAX_ROW_CHARS = 80


@dataclass(frozen=True)
class Sentence:
    """Words that can be quoted, the heading that they stand under, and whether they are the first ones there."""

    text: str
    heading: str
    is_first: bool = False


def quotable(text: str) -> list[Sentence]:
    """Return what can be quoted, in order: neither headings, nor code, nor questions, nor numbers of a list."""
    found: list[Sentence] = []
    heading = ""
    for block in _blocks(text):
        if table := _table(block):
            heading = block[0] if table[0] != block[0] else heading
            found += [Sentence(f"{table[0]}: {row}".replace("\t", " "), heading) for row in table[1:]]
            continue
        for line in block:
            if _is_heading(line):
                heading = line
            elif not line.endswith(_ASKING):
                is_first = bool(heading) and (not found or found[-1].heading != heading)
                found += [Sentence(part, heading, is_first) for part in _shortened(line)]
    return found


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield each whole sentence alone, and together the lines between that do not end like one."""
    lines: list[str] = []
    for line in text.splitlines():
        bare = _CITATION.sub("", line).strip()
        if _CODE.search(bare):
            continue
        for sentence in _END.split(_ITEM.sub("", bare)):
            if not any(character.isalnum() for character in sentence):
                continue
            if sentence.endswith(_ENDS + _ASKING):
                yield lines
                yield [sentence]
                lines = []
            else:
                lines.append(sentence)
    yield lines


def _table(block: list[str]) -> list[str]:
    """Return header and rows where the lines are those of a table: short ones, with numbers below the first."""
    lines = block[1:] if len(block) > _MIN_ROWS and len(block[0].split()) == 1 else block  # without its heading
    numbered = sum(any(character.isdigit() for character in row) for row in lines[1:])
    short = all(len(line) <= _MAX_ROW_CHARS for line in lines)
    return lines if len(lines) >= _MIN_ROWS and short and numbered * 2 > len(lines) - 1 else []


def _is_heading(line: str) -> bool:
    """Tell whether a line is too short for an item of a list without a full stop."""
    wide = sum(character > "\u2e80" for character in line)
    return not line.endswith(_ENDS + _ASKING) and wide < _MIN_CHARS and len(line.split()) < _MIN_WORDS


def _shortened(sentence: str) -> list[str]:
    """Cut a sentence that is too long to quote after its clauses, else wherever it is full."""
    parts = [""]
    for clause in _CLAUSE_END.split(sentence):
        if parts[-1] and len(parts[-1]) + len(clause) > MAX_CHARS:
            parts.append("")
        parts[-1] += clause
    return [part[at : at + MAX_CHARS].strip() for part in parts for at in range(0, len(part), MAX_CHARS)]
