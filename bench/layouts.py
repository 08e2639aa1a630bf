"""Layouts with known paragraphs that the reader was not tuned on: columns, footnotes, clauses, slides, vertical text.

`python -m bench.layouts` prints the PDFs of the tests; bench/reading.py prints and measures them all.
"""

import html
import random
import sys
from collections.abc import Callable, Iterator

from bench.documents import TEST_DATA, Printed, print_pdf

WORDS = {
    "en": "committee reviews annual budget after supplier delivered railway platform timetable passengers complained "
    "about crowded carriages during summer although management promised additional trains before holiday season began",
    "zh-TW": "委員會 審查 年度預算 供應商 交貨 鐵路 月台 工程師 橋樑 時刻表 乘客 抱怨 夏季期間 雖然 承諾 因此 的",
    "ja": "委員会は 年度予算を 審査し 業者の 納品に ついて 鉄道 駅の ホームで 技師が 橋を 点検した 苦情が 増えた",
    "ko": "위원회는 연간 예산을 검토하고 공급업체의 계약에 대하여 철도 역의 기술자가 다리를 점검하였으며 여름",
}
FONT = {
    "en": '"DejaVu Serif"',
    "zh-TW": '"Noto Serif CJK TC"',
    "ja": '"Noto Serif CJK JP"',
    "ko": '"Noto Sans CJK KR"',
    "ar": '"DejaVu Sans"',
}
SPACED = {"en", "ko"}  # written with spaces between words
PAGE = (
    "@page {{ size: {size}; margin: 22mm 20mm; @top-center {{ content: '{header}'; font: 8pt {font} }}"
    " @bottom-right {{ content: counter(page); font: 8pt {font} }} }}"
    " body {{ font-family: {font}; margin: 0; font-size: 10.5pt; line-height: 1.5 }} p {{ margin: 0 0 2mm }} {css}"
)


class _Page:
    """Builds a document; the same seed gives the same words."""

    def __init__(self, language: str, seed: int) -> None:
        self._language, self._dice = language, random.Random(seed)  # noqa: S311
        self._between = " " if language in SPACED else ""
        self.markup = ""
        self.paragraphs: list[tuple[str, str]] = []

    def words(self, least: int, most: int) -> str:
        count = self._dice.randint(least, most)
        text = self._between.join(self._dice.choices(WORDS[self._language].split(), k=count))
        return text[0].upper() + text[1:]

    def prose(self, sentences: int) -> str:
        stop = "." if self._language in SPACED else "。"
        return self._between.join(self.words(8, 26) + stop for _ in range(sentences))

    def add(self, tag: str, text: str, style: str = "") -> None:
        self.paragraphs.append((tag, text))
        self.markup += f'<{tag} class="{style}">{html.escape(text)}</{tag}>'

    def section(self, tag: str, paragraphs: int) -> None:
        self.add(tag, self.words(2, 4))
        for number in range(paragraphs):
            self.add("p", self.prose(2 + number % 3))

    def printed(self, css: str, *, header: str = "", size: str = "A4") -> Printed:
        sheet = PAGE.format(size=size, header=header, font=FONT[self._language], css=css)
        head = f'<!doctype html><html lang="{self._language}"><meta charset="utf-8"><style>{sheet}</style>'
        return Printed(f"{head}<body>{self.markup}</body></html>", self.paragraphs, header)


def paper(page: _Page) -> Printed:
    """Two columns with figures, below a title and an abstract that span both."""
    page.section("h1", 1)
    page.markup += '<div class="columns">'
    for number in range(7):
        page.section("h3", 3)
        page.markup += '<div class="figure"></div>'
        page.add("p", f"{number} {page.prose(1)}", "caption")
    page.markup += "</div>"
    return page.printed(
        "p { text-align: justify; text-indent: 1.2em; margin: 0; font-size: 9pt; line-height: 1.22 }"
        " .columns { columns: 2; column-gap: 6mm } h3 { font-size: 10pt; margin: 2.5mm 0 1mm }"
        " .figure { border: 1px solid; height: 20mm } .caption { font-size: 8pt; text-indent: 0; margin: 1mm 0 3mm }"
    )


def thesis(page: _Page) -> Printed:
    """Chapters with wide lines, footnotes and a running header."""
    for _ in range(3):
        page.markup += "<section>"
        page.add("h1", page.words(2, 4))
        page.section("h2", 4)
        page.section("h2", 3)
        for note in range(1, 3):
            page.add("p", f"{note} {page.prose(1)}", "note")
        page.markup += "</section>"
    return page.printed(
        "section { break-after: page } p { text-align: justify; line-height: 1.9; text-indent: 2em; margin: 0 }"
        " .note { font-size: 8pt; line-height: 1.3; text-indent: 0 } h1 { text-align: center }",
        header="Dissertation 2026",
    )


def contract(page: _Page) -> Printed:
    """Numbered clauses with hanging indents, and lettered ones below them."""
    page.add("h1", page.words(2, 4))
    for clause in range(1, 9):
        page.add("h4", f"{clause}. {page.words(2, 4)}")
        for part in range(1, 4):
            page.add("p", f"{clause}.{part} {page.prose(part)}", "clause")
        for letter in "abc":
            page.add("p", f"({letter}) {page.words(8, 20)}", "sub")
    return page.printed(
        ".clause { padding-left: 9mm; text-indent: -9mm } .sub { padding-left: 16mm; text-indent: -6mm; margin: 0 }"
        " h4 { margin: 3mm 0 1mm }",
        header="CONFIDENTIAL 2026",
    )


def slides(page: _Page) -> Printed:
    """Slides of a few words in large print, as items without full stops."""
    for _ in range(8):
        page.markup += "<section>"
        page.add("h1", page.words(2, 4))
        page.markup += "<ul>"
        for number in range(4):
            page.add("li", page.words(4, 8) if number % 2 else page.words(10, 20))
        page.markup += "</ul></section>"
    css = "section { break-after: page } h1 { font-size: 28pt } li { font-size: 18pt; line-height: 1.4; margin: 4mm 0 }"
    return page.printed(css, size="254mm 143mm")


def leaflet(page: _Page) -> Printed:
    """Three narrow columns on a landscape sheet."""
    page.markup += '<div class="columns">'
    for _ in range(12):
        page.section("h3", 1)
    page.markup += "</div>"
    css = ".columns { columns: 3; column-gap: 5mm } p { font-size: 8.5pt; line-height: 1.4 } h3 { font-size: 10pt }"
    return page.printed(css, size="A4 landscape")


def sidebar(page: _Page) -> Printed:
    """A narrow column in small print beside a wide one."""
    for _ in range(3):
        page.markup += '<div class="row"><aside>'
        page.section("h4", 4)
        page.markup += "</aside><main>"
        page.section("h2", 4)
        page.markup += "</main></div>"
    css = ".row { display: flex; gap: 8mm; break-after: page } aside { width: 48mm; font-size: 8.5pt } main { flex: 1 }"
    return page.printed(css)


def vertical(page: _Page) -> Printed:
    """Lines from top to bottom, the first one at the right."""
    page.section("h2", 9)
    return page.printed("html { writing-mode: vertical-rl } p { text-indent: 1em; margin: 0; line-height: 1.8 }")


def letter_ar() -> Printed:
    """Arabic text that contains numbers and Latin letters, and Hebrew."""
    page = _Page("ar", 1)
    page.add("h1", "تقرير المكتبة")
    page.add(
        "p",
        "تأسست المكتبة عام 1887 على يد تاجر البذور، وتحتوي اليوم على 212,000 مجلد و38 كيلومترا من الرفوف. تفتح قاعة"
        " القراءة من الثلاثاء إلى السبت (PDF). لا يسمح بالطعام.",
    )
    page.add("h1", "דוח הספרייה")
    page.add("p", "הספרייה נוסדה בשנת 1887 ומכילה היום 212,000 כרכים. אולם הקריאה פתוח בין השעות 09:30 ל-18:00.")
    return page.printed("body { direction: rtl; font-size: 14pt }")


LAYOUTS: tuple[Callable[[_Page], Printed], ...] = (paper, thesis, contract, slides, leaflet, sidebar)


def layouts() -> Iterator[tuple[str, Printed]]:
    """Yield all layouts in all languages with their names."""
    for seed, layout in enumerate(LAYOUTS):
        for language in WORDS:
            yield f"{layout.__name__}-{language}", layout(_Page(language, seed))
    yield "vertical-ja", vertical(_Page("ja", len(LAYOUTS)))


def main() -> None:
    for name, printed in (("vertical-ja", vertical(_Page("ja", len(LAYOUTS)))), ("letter-ar", letter_ar())):
        print_pdf(printed.markup, TEST_DATA / f"{name}.pdf")
        sys.stdout.write(f"{name}.pdf\n")


if __name__ == "__main__":
    main()
