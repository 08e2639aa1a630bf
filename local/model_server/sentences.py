"""What of a passage can be quoted, word for word: its sentences, its lists, the rows of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from documind.sentences import sentences
from documind.terms import IS_CJK

MAX_CHARS = 300
_CLAUSE_END = re.compile(r"(?<=[，、；：,;])|(?<=\s)")
_ENDS = tuple(".!。！；;」”）)")
LEADS = (":", "：")
_ASKS = ("?", "？")
_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}[.)、]|（\d{1,2}）|[-•–*·▪]|[一二三四五六七八九十]+、)\s*")
_CITATION = re.compile(r"\s*\[\d+(?:\s*[,、]\s*\d+)*\]")  # would read as one of our own
_CODE = re.compile(
    r"^\s*(?:[#$>@}\])]|//|[a-z_$]+:(?: |$)|import |from \S+ import |return |class \w|def |\[\w+\]$|https?://|[\"'](?:.*[\"'],?|[\w.]+)$)"
    r"|[({\[]$|[\[{][\]}]$|[\w\])\"]\s*[-+*|]?=\s*\S|\w\(.*\)[:;,]?$|\":|^\.{3},?$|https?://\S+$|\([\w ]+\):$"
)
# What a sentence begins with that cannot be understood without the one before it.
_REFERS = re.compile(
    r"(?:it|its|they|their|them|he|she|his|her|this|these|those|but|however|so|then|otherwise)\b"
    r"|[它其此該並]|這(?:時|樣|些|個)|但|因此|所以|否則|然而",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"#|這邊來|而我們則|接著|接下來|我們來|那我們|let us\b|let's\b", re.IGNORECASE)
_MIN_CHARS = 20  # of a line that is a single word, a wide character counted as two; a shorter one is a heading
_MIN_WIDE, _MIN_WORDS = 9, 6  # the same of any other line without a full stop
_MAX_BARE_LEAD = 12  # characters, up to which the line above a list needs its heading
_MAX_ITEMS = 6  # of a list that is quoted whole


@dataclass(frozen=True)
class Quotable:
    """Words that can be quoted, in lines, with the heading that they stand under."""

    lines: tuple[str, ...]
    heading: str = ""
    is_whole: bool = True  # ends like a sentence, or is a list or a row

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class _Reader:
    """Takes a passage line by line; what belongs together waits until it is complete."""

    found: list[Quotable] = field(default_factory=list)
    heading: str = ""
    header: list[str] = field(default_factory=list)  # of a table
    lead: str = ""  # the line that ends with a colon, and what stands below it
    items: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > 1:
            self.end_list()
            self.row(cells)
            return
        self.header = []
        short = _is_short(line)
        if line.endswith(LEADS):
            self.end_list()
            self.lead = line
        elif self.lead and not (self.items and short) and self._is_item(line):
            self.items.append(line)
        elif short:
            self.end_list()
            self.heading = line
        else:
            self.end_list()
            self.found += [Quotable((each,), self.heading, each.endswith(_ENDS)) for each in _sentences(line)]

    def _is_item(self, line: str) -> bool:
        """Tell a line of a list from a paragraph, and a lead-in from a prompt or code between Chinese lines."""
        return len(sentences(line)) == 1 and (IS_CJK.search(self.lead) is not None or not IS_CJK.search(line))

    def row(self, cells: list[str]) -> None:
        """Quote a row with the names of its columns: the first cell says what it is about."""
        if self.header:
            names = [*self.header[1:], *[""] * len(cells)]
            values = [f"{name} {cell}".strip() for name, cell in zip(names, cells[1:], strict=False) if cell]
            colon = "：" if IS_CJK.search(cells[0]) else ": "
            self.found.append(Quotable((f"{cells[0]}{colon}{'; '.join(values)}",), self.heading))
        self.header = self.header or cells

    def end_list(self) -> None:
        """Quote a short list whole, and of a long one each item with the line above it."""
        is_list = len(self.items) > 1 or IS_CJK.search(self.lead) is not None
        whole = is_list and len(self.items) <= _MAX_ITEMS and sum(map(len, self.items)) <= MAX_CHARS
        if self.items and whole:
            lead = f"{self.heading} {self.lead}".strip() if len(self.lead) < _MAX_BARE_LEAD else self.lead
            self.found.append(Quotable((lead, *(f"- {item}" for item in self.items)), self.heading))
        else:
            heading = f"{self.heading} {self.lead}"
            self.found += [Quotable((each,), heading) for item in self.items for each in _shortened(item)]
        self.lead, self.items = "", []


def quotable(text: str) -> list[Quotable]:
    """Return what can be quoted, in order: neither headings, nor code, nor questions, nor what is cut off."""
    reader = _Reader()
    for line in _lines(text):
        reader.take(line)
    reader.end_list()
    whole = [each for each in reader.found if each.is_whole]
    return whole if 2 * len(whole) > len(reader.found) else reader.found  # some documents have no full stops


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        bare = _ITEM.sub("", _CITATION.sub("", line)).strip()
        if any(map(str.isalnum, bare)) and not _CODE.search(bare):
            yield bare


def _is_short(line: str) -> bool:
    """Tell whether a line is too short for a sentence or an item without a full stop."""
    wide = sum(character > "\u2e80" for character in line)
    words = len(line.split())
    is_short = wide < _MIN_WIDE and words < _MIN_WORDS and (words > 1 or len(line) + wide < _MIN_CHARS)
    return is_short and not line.endswith((*_ENDS, *_ASKS))


def _sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a paragraph; one that refers to the one before stands together with it."""
    kept = ""
    for span in sentences(line):
        sentence = span.of(line)
        if kept and (kept[-1] in ";；" or _REFERS.match(sentence)) and len(kept) + len(sentence) < MAX_CHARS:
            kept = f"{kept}{'' if kept[-1] > '⺀' else ' '}{sentence}"
            continue
        yield from _shortened(kept)
        kept = "" if sentence.endswith(_ASKS) or _ANNOUNCES.match(sentence) else sentence
    yield from _shortened(kept)


def _shortened(sentence: str) -> list[str]:
    """Cut a sentence that is too long to quote after its clauses, else wherever it is full."""
    parts = [""]
    for clause in _CLAUSE_END.split(sentence):
        if parts[-1] and len(parts[-1]) + len(clause) > MAX_CHARS:
            parts.append("")
        parts[-1] += clause
    cut = [part[at : at + MAX_CHARS].strip() for part in parts for at in range(0, len(part), MAX_CHARS)]
    return [part for part in cut if any(map(str.isalnum, part))]
