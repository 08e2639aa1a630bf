"""Documents with known paragraphs of invented sentences: HTML that a browser prints, and its paragraphs.

`python -m bench.documents` prints the PDFs of the tests to tests/data/printed; bench/reading.py prints longer ones.
"""

import html
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

TEST_DATA = Path(__file__).parents[1] / "tests" / "data" / "printed"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
Language = Literal["en", "zh-TW", "ja"]
Style = Literal["paper", "thesis", "report"]

WORDS: dict[Language, str] = {
    "en": "the keeper of island harbour counts lamps every evening and writes their number into a book whose pages "
    "smell salt because nobody closes windows when storms arrive from north while boats return with nets full silver "
    "herring that market women sell before sunrise to bakers teachers and travellers who efficiently cross office "
    "floors carrying afflicted flags for fifteen difficult waffles",
    "zh-TW": "港口 燈塔 每天 傍晚 記錄 人 數量 因為 風 來自 北方 之前 市場 三倍",
    "ja": "灯台は 毎晩 港の 船を 数えて しかし 風が 北から 来ると 人々は 急いで 魚を 売る",
}
FONT: dict[Language, str] = {
    "en": '"DejaVu Serif"',
    "zh-TW": '"Noto Sans CJK TC"',
    "ja": '"Noto Sans CJK JP"',
}
LABELS: dict[Language, tuple[str, str]] = {
    "en": ("Report of the harbour office", "Chapter"),
    "zh-TW": ("港務局年度報告", "章節"),
    "ja": ("港湾局年次報告", "項目"),
}
CSS: dict[Style, str] = {
    "paper": "p { text-align: justify; margin: 0; text-indent: 1em; font-size: 9.5pt; line-height: 1.25 }"
    " .columns { columns: 2; column-gap: 8mm }",
    "thesis": "p { text-align: justify; margin: 0; text-indent: 2em; font-size: 12pt; line-height: 2 }",
    "report": "p { margin: 0 0 3mm; font-size: 11pt; line-height: 1.6 }",
}
PAGE = (
    "@page {{ size: A4; margin: 25mm 22mm;"
    ' @top-left {{ content: "{header}"; font: 8.5pt {font} }}'
    " @bottom-center {{ content: counter(page); font: 9pt {font} }} }}"
    " body {{ margin: 0; font-family: {font} }} pre {{ font: 9pt/1.4 'DejaVu Sans Mono' }}"
    " h1 {{ font-size: 20pt }} h2 {{ font-size: 14pt }} table {{ width: 100%; font-size: 10pt }}"
    " td, th {{ text-align: left; font-weight: normal; padding: 1mm 3mm }} sup {{ font-size: 65%; line-height: 0 }}"
    " .contents {{ display: flex; font-size: 11pt; line-height: 1.6 }}"
    " .contents span {{ flex: 1; overflow: hidden; white-space: nowrap }}"
)


@dataclass
class Printed:
    """A document: its HTML, and its paragraphs in reading order as (tag, text)."""

    markup: str
    paragraphs: list[tuple[str, str]] = field(default_factory=list)
    header: str = ""


class _Writer:
    """Invents sentences; the same seed gives the same document."""

    def __init__(self, language: Language, seed: int) -> None:
        self._language = language
        self._words = WORDS[language].split()
        self._dice = random.Random(seed)  # noqa: S311
        self.parts: list[str] = []
        self.paragraphs: list[tuple[str, str]] = []

    def sentence(self) -> str:
        words = self._dice.choices(self._words, k=self._dice.randint(7, 19))
        if self._language == "en":
            return f"{words[0].capitalize()} {' '.join(words[1:])}."
        half = len(words) // 2
        return f"{''.join(words[:half])}{'，' if self._language == 'zh-TW' else '、'}{''.join(words[half:])}。"

    def prose(self, sentences: int) -> str:
        return (" " if self._language == "en" else "").join(self.sentence() for _ in range(sentences))

    def add(self, tag: str, text: str, *, noted: bool = False) -> None:
        shown = html.escape(text)
        if noted:
            note = str(self._dice.randint(1, 40))
            middle = shown.find(" ", len(shown) // 2) if self._language == "en" else len(shown) // 2
            shown = f"{shown[:middle]}<sup>{note}</sup>{shown[middle:]}"
            text = f"{text[:middle]}{note}{text[middle:]}"
        self.paragraphs.append((tag, text))
        self.parts.append(f"<{tag}>{shown}</{tag}>")

    def rows(self, tag: str, texts: list[str]) -> None:
        """Add texts that have a line of their own each: `pre`, `li`, `tr` or `contents`."""
        self.paragraphs += [(tag, text) for text in texts]
        if tag == "pre":
            self.parts.append(f"<pre>{html.escape(chr(10).join(texts))}</pre>")
        elif tag == "tr":
            cells = ("".join(f"<td>{cell}</td>" for cell in text.split("\t")) for text in texts)
            self.parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
        elif tag == "contents":
            lines = (text.split("\t") for text in texts)
            entry = '<div class="contents">{}<span>{}</span>{}</div>'
            self.parts += [entry.format(title, " ." * 200, page) for title, page in lines]
        else:
            self.parts.append(f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>")


def document(language: Language, style: Style, *, chapters: int, seed: int = 1) -> Printed:
    """Return a document with about one page per chapter."""
    header, chapter = LABELS[language]
    writer = _Writer(language, seed)
    writer.add("h1", header)
    writer.rows("contents", [f"{chapter} {number}\t{number * 3}" for number in range(1, 7)])
    if style == "paper":
        writer.add("p", writer.prose(4))
        writer.parts.append('<div class="columns">')
    for number in range(1, chapters + 1):
        writer.add("h2", f"{chapter} {number}")
        for index in range(5):
            writer.add("p", writer.prose(4), noted=index == 1)
        if number % 3 == 1:
            writer.rows("tr", [f"{writer.sentence()[:9]}\t{number * 37 + row}\t{row * 1.5}" for row in range(5)])
        elif number % 3:
            writer.rows("li", [writer.prose(1 + index % 2) for index in range(4)])
        else:
            writer.rows(
                "pre",
                [
                    "def count(lamps):",
                    "    total = 0",
                    "    for lamp in lamps:",
                    "        total += 1",
                    "    return total",
                ],
            )
    if style == "paper":
        writer.parts.append("</div>")
    font = FONT[language]
    sheet = PAGE.format(header=header, font=font) + CSS[style]
    head = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><style>{sheet}</style>'
    return Printed(f"{head}<body>{''.join(writer.parts)}</body></html>", writer.paragraphs, header)


def print_pdf(markup: str, target: Path) -> None:
    """Print HTML with a browser. Raises FileNotFoundError if there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise FileNotFoundError(f"none of these browsers: {', '.join(BROWSERS)}")
    source = target.with_suffix(".html")
    source.write_text(markup)
    options = ["--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
    subprocess.run([browser, *options, source.as_uri()], check=True, capture_output=True, timeout=180)
    source.unlink()


def printed_for_tests() -> Iterator[tuple[str, Printed]]:
    """Yield the documents in tests/data/printed with their names."""
    yield "paper-en", document("en", "paper", chapters=3)
    yield "thesis-zh-TW", document("zh-TW", "thesis", chapters=3)
    yield "report-ja", document("ja", "report", chapters=3)


def main() -> None:
    for name, printed in printed_for_tests():
        target = TEST_DATA / f"{name}.pdf"
        print_pdf(printed.markup, target)
        sys.stdout.write(f"{target.name}: {target.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    main()
