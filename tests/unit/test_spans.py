"""Lines that pdfium splits or joins wrongly are corrected, and text drawn late is put at its place."""

from dataclasses import replace
from itertools import chain
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from ingest.reader.page_lines import Run, line_of_run
from ingest.reader.pdfium_page import PdfiumPage
from ingest.reader.read import read_pages
from ingest.reader.rows import from_top_to_bottom, rows_of
from ingest.reader.spans import spans_of_lines
from ingest.reader.visual_line import Box, Boxes, VisualLine
from tests.plain_pdf import pdf_of, placed_pdf, written

SIZE = 10.0


def lines_of(*rows: list[tuple[str, float, float]]) -> list[str]:
    """Return the lines of characters with these positions, with line breaks of pdfium between the rows."""
    text = "\r\n".join("".join(character for character, _, _ in row) for row in rows)
    ends = [("\r", 0.0, 0.0), ("\n", 0.0, 0.0)]
    placed = list(chain.from_iterable([*row, *ends] for row in rows))[:-2]
    boxes = Boxes.of(Box(x, y, x + SIZE, y + SIZE) for _, x, y in placed)
    found = (text[start:end] for start, end, _ in spans_of_lines(text, boxes))
    return ["".join(line.split("\r\n")) for line in found]


def test_ideographs_one_below_the_other_are_a_vertical_line() -> None:
    vertical = [[(character, 300.0, 50 + SIZE * row)] for row, character in enumerate("縱排的文字由上而下")]
    vertical[-1].append(("。", 300.0, vertical[-1][0][2] + SIZE / 2))
    assert lines_of(*vertical) == ["縱排的文字由上而下。"]


def test_short_lines_below_each_other_stay_lines() -> None:
    words = ["優等", "良好", "普通"]
    across = [[(word[at], 50 + SIZE * at, SIZE * row) for at in range(2)] for row, word in enumerate(words)]
    assert lines_of(*across) == words
    cells = [[(word[0], 50.0, 2 * SIZE * row)] for row, word in enumerate(words)]
    assert lines_of(*cells) == ["優", "良", "普"]


def test_joined_rows_are_split() -> None:
    row = "Outlays of the harbour 1,200 1,300 1,400 and of the lighthouse 500 600 700"
    run_together = [
        (character, 5.0 * at, 20.0 * number) for number in range(3) for at, character in enumerate(f"{row} ")
    ]
    assert [line.strip() for line in lines_of(run_together)] == [row] * 3


def test_a_line_that_begins_further_left_is_another_one() -> None:
    words = ["本期無證券投資。", "六、衍生品"]
    run_together = [(character, 50 + SIZE * at, 0.0) for at, character in enumerate(f"{words[0]} ")]
    run_together += [(character, 50 + SIZE * at, 20.0) for at, character in enumerate(words[1])]
    assert lines_of(run_together) == words


def test_vertical_lines_are_read_from_the_right_whatever_is_drawn_first() -> None:
    down = [vertical(300.0 - 20 * index, text) for index, text in enumerate(["一行目が右", "二行目は中", "三行目は左"])]
    assert [line.text for line in from_top_to_bottom(down[::-1])] == [line.text for line in down]


def test_a_line_that_is_spread_over_millions_of_points_is_sorted_too() -> None:
    far, above = across("far", 0.0), replace(across("above", 0.0), depth=0.0)
    lines = [replace(far, end=1e12), replace(far, begin=-1e12), above]
    assert [line.text for line in from_top_to_bottom(lines)] == ["above", "far", "far"]


def test_a_combining_mark_of_thai_belongs_to_the_letter_before_it() -> None:
    letters, marked = across("\u0e2a", 50.0), across("\u0e35\u0e48\u0e40\u0e2b", 54.0)
    assert [line.text for line in rows_of([letters, marked])] == ["\u0e2a\u0e35\u0e48\u0e40\u0e2b"]


def vertical(x: float, text: str) -> VisualLine:
    return made(text, [Box(x, 50 + SIZE * at, x + SIZE, 60 + SIZE * at) for at in range(len(text))])


def across(text: str, left: float) -> VisualLine:
    return made(text, [Box(left + SIZE * at, 50, left + SIZE * (at + 1), 60) for at in range(len(text))])


def made(text: str, boxes: list[Box]) -> VisualLine:
    line = line_of_run(Run(text, Boxes.of(boxes), boxes[0][:2], SIZE, bold=False, hyphenated=False))
    assert line
    return line


def test_text_drawn_last_is_read_at_its_place(tmp_path: Path) -> None:
    footer, late = (50, 60, "Printed for members only."), (50, 650, "Joined in: 1987")
    label, text = (50, 700, "Name: Ada Lovelace"), (50, 600, "Agreed to the rules of the house")
    beside = (400, 700, "Member 12")
    (page,) = read_pages(written(tmp_path, placed_pdf([footer, label, text, beside, late])))
    assert page.text.split("\n") == [label[2], beside[2], late[2], text[2], footer[2]]


def test_a_code_that_looks_like_pdfium_s_hyphen_breaks_no_line(tmp_path: Path) -> None:
    (page,) = read_pages(written(tmp_path, placed_pdf([(50, 700, "gives \x02 times the light")])))
    assert page.text == "gives times the light"


def test_a_glyph_without_a_unicode_mapping_breaks_no_line(tmp_path: Path) -> None:
    meanings = (
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <0000> endbfchar endcmap"
    )
    shown = b"BT /F 10 Tf 50 700 Td (gives A times the light) Tj ET"
    page = b"/Parent 2 0 R /Resources << /Font << /F 3 0 R >> >> /MediaBox [0 0 595 842] /Contents 5 0 R"
    content = pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            b"<< /Type /Page " + page + b" >>",
            *(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream) for stream in (shown, meanings)),
        ]
    )
    (read,) = read_pages(written(tmp_path, content))
    assert read.text == "gives times the light"


def test_an_inserted_space_does_not_affect_the_weight_of_its_line(tmp_path: Path) -> None:
    bold = placed_pdf([(50, 700, "Lending"), (92, 700, "library")]).replace(b"/Helvetica", b"/Helvetica-Bold")
    (line,) = PdfiumPage(pypdfium2.PdfDocument(written(tmp_path, bold)), 0).lines()
    assert (line.text, line.bold) == ("Lending library", True)
