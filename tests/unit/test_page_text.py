"""The text of a page: broken lines joined, invisible characters removed, blocks classified, all else unchanged."""

from itertools import pairwise

import pytest

from ingest.reader.blocks import Kind, PageLayout
from ingest.reader.page_lines import Run, line_of_run
from ingest.reader.page_text import Style, page_layout
from ingest.reader.rows import rows_of
from ingest.reader.visual_line import Box, Boxes, VisualLine

LEFT, WIDTH = 60.0, 400.0
BODY = Style(12.0, is_bold=False)


def line(
    text: str,
    *,
    row: float,
    full: bool = False,
    left: float = LEFT,
    size: float = 12.0,
    letter: float = 0.0,
    bold: bool = False,
    hyphenated: bool = False,
) -> VisualLine:
    """Return a line of text; `full` ones end at the right edge, `letter` is the width of all their characters."""
    top = 40 + 18 * row
    widths = [letter or (size if ord(character) > 0x2E80 else size / 2 + ord(character) % 3) for character in text]
    stretch = (LEFT + WIDTH - left) / sum(widths) if full else 1.0
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width * stretch)
    boxes = Boxes.of(Box(start, top, end, top + size) for start, end in pairwise(edges))
    run = Run(text, boxes, (left, top + size * 0.8), size, bold, hyphenated)
    made = line_of_run(run)
    assert made
    return made


def layout(*lines: VisualLine) -> PageLayout:
    return page_layout(list(rows_of(lines)), set(), BODY)


def text_of(*lines: VisualLine) -> str:
    return layout(*lines).content.text


def kinds_of(*lines: VisualLine) -> list[tuple[Kind, str]]:
    page = layout(*lines)
    return [(block.kind, page.content.text[block.start : block.end]) for block in page.blocks]


def test_a_chinese_sentence_broken_by_the_width_becomes_one_line() -> None:
    lines = [line("資料庫遷移之前必須先備", row=0, full=True), line("份。", row=1), line("下一段", row=2)]
    assert text_of(*lines) == "資料庫遷移之前必須先備份。\n下一段"


def test_latin_words_keep_their_space() -> None:
    assert (
        text_of(line("the library opens", row=0, full=True), line("every day", row=1)) == "the library opens every day"
    )


@pytest.mark.parametrize(
    ("before", "after"), [("Es begann im 19.", "Jahrhundert"), ("as was found by the U.S.", "Census Bureau")]
)
def test_an_abbreviation_at_the_end_of_a_line_ends_no_sentence(before: str, after: str) -> None:
    assert text_of(line(before, row=0, full=True), line(after, row=1)) == f"{before} {after}"


def test_a_line_whose_end_had_space_for_the_next_word_ends_a_paragraph() -> None:
    lines = [line("短句", row=0), line("另一個很長的句子填滿了整行", row=1, full=True), line("到此", row=2)]
    assert text_of(*lines) == "短句\n另一個很長的句子填滿了整行到此"


def test_a_heading_is_not_joined_with_what_follows() -> None:
    lines = [line("很大的標題", row=0, size=30.0), line("內文從這裡開始", row=2)]
    assert kinds_of(*lines) == [(Kind.HEADING, "很大的標題"), (Kind.TEXT, "內文從這裡開始")]


def test_entries_with_space_between_them_are_not_joined() -> None:
    lines = [
        line("甲項填滿了這一行", row=0, full=True),
        line("乙項換了行而且很", row=1.4, full=True),
        line("長", row=2.4),
    ]
    assert text_of(*lines) == "甲項填滿了這一行\n乙項換了行而且很長"


def test_a_tight_footnote_does_not_affect_the_page() -> None:
    body = [line("the body of this page runs on", row=row, full=True) for row in range(4)]
    notes = [line("a note in small print that is", row=10 + row / 3, size=5.0, full=True) for row in range(3)]
    assert text_of(*body, *notes).count("\n") == 1


def test_a_title_over_two_columns_does_not_widen_them() -> None:
    def column(left: float) -> list[VisualLine]:
        return [line("narrow lines that are full here", row=2 + row, left=left) for row in range(5)]

    title = line("a title in the same size that spans both columns of the page", row=0)
    assert text_of(title, *column(60), *column(300)).count("\n") == 1  # the sentence continues in the second column


@pytest.mark.parametrize("spacing", [1.7, 2.2])
def test_double_spacing_is_a_paragraph_too(spacing: float) -> None:
    lines = [line("every line of a thesis stands far below", row=spacing * row, full=True) for row in range(5)]
    assert "\n" not in text_of(*lines)


def test_smaller_lines_above_a_paragraph_do_not_affect_its_line_spacing() -> None:
    authors = [line(f"Author {row}", row=0.75 * row, size=10.0) for row in range(3)]
    body = [line("Every line of it begins with a name", row=2.5 + row, full=True) for row in range(4)]
    assert text_of(*authors, *body).count("\n") == len(authors)


def test_a_larger_bold_line_does_not_continue_the_entry_above_it() -> None:
    entries = [line("Growth", row=0, size=13.0, bold=True), line("A full line of the study", row=1, full=True, size=11)]
    assert text_of(*entries, line("Puberty", row=2, size=13.0, bold=True)).endswith("\nPuberty")


def test_superscripts_belong_to_their_line() -> None:
    word = line("as shown", row=0)
    mark = line("12", row=0.05, size=6.0, left=word.end + 0.5)
    assert text_of(word, mark) == "as shown12"


@pytest.mark.parametrize("mark", ["•", "◼", "1.", "(a)", "一、", "（二）"])
def test_items_of_a_list_stay_apart_and_whole(mark: str) -> None:
    first, second = f"{mark} an entry that fills the line", f"{mark} another entry"
    lines = [line(first, row=0, full=True), line("up to here", row=1, left=80), line(second, row=2)]
    assert kinds_of(*lines) == [(Kind.ITEM, f"{first} up to here"), (Kind.ITEM, second)]


def test_hanging_numbers_before_paragraphs_make_items() -> None:
    paragraphs = [line_of_two(line(str(row), row=row), line("本法之規定", row=row, left=80)) for row in range(2)]
    assert kinds_of(*paragraphs) == [(Kind.ITEM, "0 本法之規定"), (Kind.ITEM, "1 本法之規定")]


def test_rows_of_a_table_are_not_joined() -> None:
    rows = [[line("Green card", row=row, left=60), line("free", row=row, left=400)] for row in range(3)]
    seen = [line_of_two(*cells) for cells in rows]
    assert kinds_of(*seen) == [(Kind.ROW, "Green card\tfree")] * 3


def line_of_two(left: VisualLine, right: VisualLine, *, bold: bool = False) -> VisualLine:
    """Return two cells as pdfium reports them: one line with a space as wide as the gap."""
    cells = [[cell.box(index) for index in range(len(cell.text))] for cell in (left, right)]
    gap = cells[0][-1]._replace(left=left.end)
    boxes = Boxes.of([*cells[0], gap, *cells[1]])
    made = line_of_run(
        Run(f"{left.text} {right.text}", boxes, (left.begin, left.depth), 12.0, bold=bold, hyphenated=False)
    )
    assert made
    return made


def test_code_keeps_its_lines_and_its_indentation() -> None:
    lines = [
        line("def total(prices):", row=0, letter=7.2),
        line("return sum(prices)", row=1, letter=7.2, left=LEFT + 4 * 7.2),
        line("}", row=2, letter=7.2),
    ]
    prose = [line("this is only a sentence in proportional letters", row=4 + row) for row in range(3)]
    assert kinds_of(*lines, *prose)[0] == (Kind.CODE, "def total(prices):\n    return sum(prices)\n}")


def test_a_section_s_number_may_be_far_before_its_heading() -> None:
    number, words = line("1.2", row=0, bold=True), line("Lending books", row=0, left=LEFT + 90, bold=True)
    (heading, _), *_ = kinds_of(line_of_two(number, words, bold=True), line("Books may be lent.", row=2))
    assert heading is Kind.HEADING


def test_a_sentence_in_larger_print_is_no_heading() -> None:
    lines = [line("Readers are asked to bring their card with them.", row=0, size=15.0), line("Small print.", row=2)]
    assert [kind for kind, _ in kinds_of(*lines)] == [Kind.TEXT, Kind.TEXT]


def test_a_ragged_line_is_continued_by_a_small_letter() -> None:
    widest = line("the longest line of this plain text was broken by hand", row=0)
    ragged = [line("where its author saw fit, and so were the others,", row=1), line("each of them", row=2)]
    assert text_of(widest, *ragged).count("\n") == 0
    short = [line("sugar", row=1), line("flour", row=2)]
    assert text_of(widest, *short).count("\n") == 1


def test_a_typewritten_page_has_paragraphs() -> None:
    widest = line("the longest line of these was broken by hand", row=0, letter=6.0)
    others = [line("where its author saw fit and so were", row=row, letter=6.0) for row in range(1, 6)]
    assert "\n" not in text_of(widest, *others)


def test_larger_lines_are_headings_and_so_are_bold_ones_of_the_body_s_size() -> None:
    page = layout(line("Part", row=0, size=20.0), line("Lending", row=2, bold=True), line("Books may be lent.", row=3))
    first, second, third = page.blocks
    assert (first.kind, second.kind, third.kind) == (Kind.HEADING, Kind.HEADING, Kind.TEXT)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("an iden", "tifier is", "an identifier is"),
        ("https://x.org/rest-apis", "documentation", "https://x.org/rest-apis-documentation"),
        ("the file model", "server.py", "the file model-server.py"),
        ("Anglo", "Saxon", "Anglo-Saxon"),
        ("由 1990", "1995 年", "由 1990-1995 年"),
        ("a vector of d", "dimensions", "a vector of d-dimensions"),
        ("Third-party notices are third", "party notices.", "Third-party notices are third-party notices."),
    ],
)
def test_a_hyphen_at_a_line_end(before: str, after: str, text: str) -> None:
    assert text_of(line(before, row=0, hyphenated=True), line(after, row=1)) == text


def test_invisible_characters_are_removed_and_full_width_ones_stay() -> None:
    seen = "\x00全形：「ＡＢＣ」，\u00a0一年\u200b\ud800\ufeff。"
    assert text_of(line(seen, row=0)) == "全形：「ＡＢＣ」， 一年。"


def test_spaces_between_single_ideographs_are_removed() -> None:
    assert text_of(line("會 議 紀 錄 草 案", row=0)) == "會議紀錄草案"
    assert text_of(line("姓 名 王小明", row=0)) == "姓 名 王小明"


def test_ligatures_become_letters() -> None:
    page = layout(line("e\ufb03cient \ufb01le", row=0))
    assert page.content.text == "efficient file"
    assert len(page.content.lines[0].edges) == len("efficient file")


def test_radicals_become_the_ideographs_they_look_like() -> None:
    assert text_of(line("利⽤⻑⾴", row=0)) == "利用長頁"


def test_furniture_is_at_the_end() -> None:
    lines = [line("Report 2026", row=-1), line("The text begins.", row=1)]
    page = page_layout(lines, {0}, BODY)
    assert page.content.text == "The text begins.\nReport 2026"
    assert [block.kind for block in page.blocks] == [Kind.TEXT, Kind.FURNITURE]


def test_every_line_has_the_position_of_its_text() -> None:
    page = layout(
        line("資料庫遷移之前必須先備", row=0, full=True), line("份。", row=1), line("def f(x, y):", row=3, letter=7.2)
    )
    text = page.content.text
    assert [text[line.start : line.end] for line in page.content.lines] == [
        "資料庫遷移之前必須先備",
        "份。",
        "def f(x, y):",
    ]


def test_ten_thousand_lines_take_little_time() -> None:
    """With quadratic work this test would take minutes."""
    lines = [line("x" * (number % 50 + 1), row=number / 9, left=60 + number % 7) for number in range(10_000)]
    assert len(page_layout(lines, set(), BODY).content.lines) == 10_000


def test_a_private_code_point_before_an_item_is_a_bullet_whatever_its_gap() -> None:
    items = [line("\uf0b7 Bring the form", row=0), line("\uf0a7 Keep the stub", row=1)]
    for index in range(2, len(items[0].text)):
        items[0].lows[index] += 40
    items[0].gaps.append((items[0].highs[0], items[0].lows[2]))
    assert kinds_of(*items) == [(Kind.ITEM, "• Bring the form"), (Kind.ITEM, "• Keep the stub")]
