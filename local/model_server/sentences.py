"""Splits a passage into quotes: sentences, lists, rows of tables, and the code that follows one of them."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from documind.clients.fusion import is_mostly_cjk
from documind.limits import CHUNK_CHARACTERS
from documind.sentences import sentences
from documind.terms import CJK, IS_CJK

LEADS = (":", "：")
_ENDS = tuple(".!。！；;」”）)")
_ASKS = ("?", "？")
_NOTE = re.compile(r"(?<=[.!?])\d{1,2}(?:,\d{1,2})*$")  # numbers of notes behind the last sentence of a line
# The mark of a list item is a number, a letter or a sign, but no bracket, quotation mark or first character of code.
_ITEM = re.compile(
    r"^\s*(?:\(?\d{1,2}[.)、]|[A-Ea-e][.)]\s|（\d{1,2}）|[•·▪]|[^\w\s#$>@\"'“‘「『(\[{]\s|[一二三四五六七八九十]+、)\s*"
)
_CITATION = re.compile(r"\s*\[\d+(?:\s*[,、]\s*\d+)*\]")  # in the PDF; it would look like one of the answer's
_CODE = re.compile(
    r"^\s*(?:[#$>@}\])]|//|[a-z_$]+:(?: |$)|import |from \S+ import |return |class \w|def |\[\w+\]$|https?://|[\"'](?:.*[\"'],?|[\w.]+)$)"
    r"|[({\[]$|[\[{][\]}]$|[\w\])\"]\s*[-+*|]?=\s*\S|\w\(.*\)[:;,]?$|\":|^\.{3},?$|\([\w ]+\):$"
)
_COMMAND = re.compile(
    r"(?:sudo |python3? |pip3? |poetry |npm |npx |git |docker |curl |cd |django-admin )[-\w./]+(?: .*)?(?<![.,:;])$"
)
_OPENS = re.compile(r"[a-z].*:$")  # such as "if changed:"; code only below other code
_NOT_SHOWN = re.compile(r"```|(?<!\.)[.。]$")  # left out of code: ends the block, or is prose that looks like code
_LINK = re.compile(r"https?://\S+$")
# Beginnings of sentences that refer to the sentence before.
_REFERS = re.compile(
    r"(?:it|its|they|their|them|he|she|his|her|this|these|those|but|however|so|then|otherwise)\b"
    r"|[它其此該並]|這(?:時|樣|些|個)|但|因此|所以|否則|然而",
    re.IGNORECASE,
)
# Beginnings of sentences that only announce the next ones.
_ANNOUNCES = re.compile(r"這邊來|而我們則|接著|接下來|我們來|那我們|let us\b|let's\b", re.IGNORECASE)
_PAIR = re.compile(r"[^\d\t]+\t[^\t]*\d[^\t]*")  # a row with a name and a figure is no header
_SECOND_HALF = re.compile(r"[\"“(]?[a-zß-ÿ]")  # a small letter: the sentence began before it
_LEADERS = re.compile(r"(?:\s*[.…_]){4}")  # in a table of contents, or a blank of a form
_CAPTION = re.compile(
    r"(?:Fig(?:ure|ura)?|Table|Abb(?:ildung)?|Tab(?:elle|ela|leau)?|圖|图|表)\.?\s?\d[\d.-]*\s?[:：.]\s"
)
# Ends of a line in the middle of a sentence: a comma, a hyphen, a word of up to three letters ("of", "und", "que").
_BREAKS_OFF = re.compile(r"[,\-–]$|\s[a-zß-ÿ]{1,3}$")
_STOP = re.compile(r"[a-zß-ÿ][.!?][”\"]? [A-ZÀ-Þ]")  # between two sentences of a line
_KEPT_APART = re.compile(rf"[\t{CJK}]")  # rows of tables; Chinese lines, which the PDF reader has joined already
# Least size of a sentence without a full stop; a shorter line is a heading. Wide characters count as two characters.
_MIN_WIDE, _MIN_WORDS, _MIN_CHARS = 9, 6, 20
_FEW_WORDS = 2  # most words of a paragraph's first sentence that is its heading
_MAX_HEADING_CHARACTERS = 120
_MAX_HEADING = 4  # most words of a first sentence that is quoted with the next one
_MAX_JOINED = 300  # characters of sentences that are quoted together
_MAX_BARE_LEAD = 12  # most characters of a line above a list that is quoted with its heading


@dataclass(frozen=True)
class Quotable:
    """Consecutive lines of a passage that may be quoted, with the heading above them."""

    lines: tuple[str, ...]
    heading: str = ""
    is_whole: bool = True  # a whole sentence, list or row
    code: tuple[str, ...] = ()  # the lines of code that follow

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_cut(self) -> bool:
        """Whether this is part of a sentence; False for Chinese, whose lines often have no full stop."""
        return not self.is_whole and not is_mostly_cjk(self.text)


@dataclass(frozen=True)
class _Line:
    """A line without its mark, and the lines of code below it; `marked`: it had the mark of an item."""

    text: str
    marked: bool = False
    code: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    """Collects the quotes of a passage line by line; a list is complete when another line follows."""

    found: list[Quotable] = field(default_factory=list)
    heading: str = ""
    header: list[str] = field(default_factory=list)  # cells of the first row of a table
    lead: str = ""  # a line that ends with a colon; the items below it follow
    items: list[str] = field(default_factory=list)
    marked: bool = False  # whether the items begin with a mark
    is_asked: bool = False  # whether the last line was a question

    def take(self, line: _Line, *, is_heading: bool, is_in_tail: bool) -> None:
        """Add a line; one that is followed by code is quoted with the code.

        `is_in_tail`: it and all lines below are short, so below a lead they are its items and no headings.
        """
        text = line.text
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) > 1:
            self.end_list()
            self.row(cells)
            return
        self.header = []
        short = is_heading or _is_short(text)
        was_asked, self.is_asked = self.is_asked, text.endswith(_ASKS) and len(sentences(text)) == 1
        if self.is_asked and not line.code:
            self.end_list()
            self.heading = "" if was_asked else text  # several questions are a list without answers
            return
        goes_on = self.lead and not text.endswith(LEADS) and not (self.items and self.marked)
        in_list = goes_on and (is_in_tail or not (self.items and short)) and self._is_item(text)
        if line.code and (line.marked or not in_list):
            self.end_list()
            *before, last = [*_sentences(text, self.heading)] or [Quotable((text,), self.heading)]
            self.found += [*before, replace(last, code=tuple(line.code))]
            self.heading = text if short else self.heading
        elif text.endswith(LEADS):
            self.end_list()
            self.lead = text
        elif line.marked or in_list:
            self.marked = line.marked
            self.items += [text] * (not text.endswith(_ASKS))
        elif short:
            self.end_list()
            self.heading = text
        else:
            self.end_list()
            self.found += _sentences(text, self.heading)

    def _is_item(self, line: str) -> bool:
        """Return whether the line is an item: one sentence, in Chinese only below a lead in Chinese, not below code."""
        return len(sentences(line)) == 1 and (IS_CJK.search(self.lead) is not None or not IS_CJK.search(line))

    def row(self, cells: list[str]) -> None:
        """Quote a row as `first cell: column name and value / ...`."""
        if self.header or _PAIR.fullmatch("\t".join(cells)):
            names = self.header[1 - len(cells) :] if len(cells) - len(self.header) in {0, 1} else [""] * len(cells)
            values = [f"{name} {cell}".strip() for name, cell in zip(names, cells[1:], strict=False) if cell]
            colon = "：" if IS_CJK.search(cells[0]) else ": "
            self.found.append(Quotable((f"{cells[0].rstrip(':：')}{colon}{' / '.join(values)}",), self.heading))
        else:
            self.header = cells

    def end_list(self) -> None:
        """Quote the list as a whole, with the line or heading above it; below a heading also each item alone."""
        if len(self.items) == 1 and not self.lead and _is_short(self.items[0]):
            self.heading, self.items = self.items[0], []  # "2. Definitions"
        lead = self.lead if len(self.lead) >= _MAX_BARE_LEAD else f"{self.heading} {self.lead}".strip()
        is_one_sentence = self.items[:1] != [] and self.items[0].endswith((",", ";", "，", "；"))
        if self.items and (len(self.items) > 1 or IS_CJK.search(lead)) and (lead or is_one_sentence):
            colon = "" if lead.endswith(LEADS) else "：" if IS_CJK.search(lead) else ":"
            items = tuple(f"- {item}" for item in self.items)
            self.found.append(Quotable((lead + colon, *items) if lead else items, self.heading, is_whole=bool(lead)))
            alone = [] if self.lead or is_one_sentence else self.items
        else:
            alone = self.items
        self.found += [one for item in alone if not _is_short(item) for one in _sentences(item, lead)]
        self.lead, self.items = "", []


def quotable(text: str) -> list[Quotable]:
    """Return the quotes in order, without headings, questions and code alone; a few short lines are one quote."""
    reader, lines = _Reader(), _lines(text)
    longer = (at for at, line in enumerate(lines) if line.code or line.text.endswith(LEADS) or not _is_short(line.text))
    last_longer = max(longer, default=-1)
    for at, (line, below) in enumerate(pairwise([*lines, _Line("")])):
        reader.take(line, is_heading=_is_heading(line.text, below.text), is_in_tail=at > last_longer)
    reader.end_list()
    if len(reader.found) > 1 and _SECOND_HALF.match(text) and text.startswith(reader.found[0].text[:5]):
        del reader.found[0]  # the first half is in the previous passage
    as_one = " / ".join(" ".join(line.text.split()) for line in lines if not line.text.endswith(_ASKS))
    return reader.found or [Quotable((as_one,), is_whole=False)] * (" / " in as_one)


def _lines(text: str) -> list[_Line]:
    """Return the lines with the code below each; a sentence over several lines is one line."""
    lines: list[_Line] = []
    code: list[str] = []  # code above the first line is dropped
    for line in text.splitlines():
        bare, marked = _ITEM.sub("", _CITATION.sub("", line)).strip(), _ITEM.match(line) is not None
        is_prose = not bare.isdigit() and 2 * sum(map(str.isalnum, bare)) > len(bare)
        goes_on = code and (line[:1].isspace() or not is_prose or _OPENS.match(bare))
        if goes_on or _CODE.search(bare) or _COMMAND.match(bare):
            code += [line] * (_NOT_SHOWN.search(bare) is None)
            continue
        if not is_prose or _LEADERS.search(bare) or _LINK.search(bare) or _CAPTION.match(bare):
            continue
        if lines and not code and not marked and _goes_on(lines[-1].text, lines[-1].marked, bare):
            before = lines.pop()
            bare, marked = f"{before.text} {bare}", before.marked
        code = []
        lines.append(_Line(bare, marked, code))
    return lines


def _goes_on(line: str, marked: bool, following: str) -> bool:
    """Return whether the sentence of a line continues on the next line."""
    if line.endswith((*_ENDS, *_ASKS, *LEADS)) or _KEPT_APART.search(line + following) or " " not in line:
        return False
    is_prose = marked or _STOP.search(line) is not None  # a heading has no full stop
    breaks_off = not _is_short(line) and (is_prose or _BREAKS_OFF.search(line) is not None)
    is_rest = " " in following or following.endswith(_ENDS)  # and not a name in small letters
    return breaks_off or (is_rest and _SECOND_HALF.match(following) is not None)


def _is_heading(line: str, below: str) -> bool:
    """Return whether the line is a heading: it has no full stop, and a paragraph follows."""
    stops = len(sentences(below)) > 1 or below.endswith(_ENDS)
    return (
        stops
        and len(line) <= _MAX_HEADING_CHARACTERS
        and not _NOTE.sub("", line).endswith((*_ENDS, *_ASKS))
        and not _KEPT_APART.search(line + below)
        and not _STOP.search(line)
    )


def _is_short(line: str) -> bool:
    """Return whether a line without a full stop is too short to be a sentence or an item."""
    wide = sum(character > "\u2e80" for character in line)
    is_short = wide < _MIN_WIDE and len(line.split()) < _MIN_WORDS and (" " in line or len(line) + wide < _MIN_CHARS)
    return is_short and not line.endswith((*_ENDS, *_ASKS))


def _sentences(line: str, heading: str) -> Iterator[Quotable]:
    """Yield the sentences of a paragraph, joined with the previous one if they refer to it."""
    kept = ""
    said = [each for span in sentences(line) if any(map(str.isalnum, each := span.of(line).lstrip("# ")))]
    if len(said) > 1 and len(said[0].split()) <= _FEW_WORDS and not IS_CJK.search(said[0]):
        heading = f"{heading}\n{said.pop(0)}".strip()
    for sentence in [*said, ""]:
        is_heading = kept in said[:1] and len(kept.split()) <= _MAX_HEADING and not IS_CJK.search(kept)
        belongs = kept and (is_heading or kept[-1] in ";；" or _REFERS.match(sentence))
        if sentence and belongs and len(kept) + len(sentence) < _MAX_JOINED:
            kept = f"{kept}{'' if kept[-1] > '⺀' else ' '}{sentence}"
            continue
        is_whole = _NOTE.sub("", kept).endswith(_ENDS) and not _SECOND_HALF.match(kept)
        parts = [] if kept.endswith(_ASKS) or _ANNOUNCES.match(kept) else textwrap.wrap(kept, CHUNK_CHARACTERS)
        yield from (Quotable((part,), heading, is_whole) for part in parts)
        kept = sentence
