"""Columns that a file draws row by row are read one after the other; table rows stay rows."""

from itertools import chain
from pathlib import Path

from ingest.reader.blocks import Kind
from ingest.reader.columns import in_reading_order
from ingest.reader.read import Page, read_pages
from ingest.reader.visual_line import Box, Boxes
from tests.plain_pdf import placed_pdf, written

LEFT, RIGHT, TOP, PITCH = 50.0, 310.0, 700.0, 12.0
FIRST = """\
The library was founded by three
teachers who had brought their own
books from home. In its first year it lent
four hundred volumes to the people
of the town, and none was lost. The
rooms were heated by a single stove,
which a caretaker lit at five in the
morning. Readers were asked to bring
their own light in winter, for the city
had not laid any cables to the quarter
then, and candles were not allowed.""".splitlines()
SECOND = """\
Since then the house has been rebuilt
twice, and its catalogue counts more
than ninety thousand titles. A second
branch opens on Sundays, and is run
by volunteers from the high school in
the next street. They lend games and
instruments as well, and repair what
comes back broken in a small work-
shop under the roof. Whoever wants
to help is given a key and a cup of
tea, as the founders used to do.""".splitlines()


def page_of(tmp_path: Path, *pieces: tuple[float, float, str]) -> Page:
    (page,) = read_pages(written(tmp_path, placed_pdf(pieces)))
    return page


def side_by_side(first: list[str], second: list[str]) -> list[tuple[float, float, str]]:
    """Return both columns as they are drawn row by row, the second one a little lower."""
    rows = zip(first, second, strict=True)
    return list(
        chain.from_iterable(
            ((LEFT, TOP - PITCH * row, left), (RIGHT, TOP - PITCH * row - 2, right))
            for row, (left, right) in enumerate(rows)
        )
    )


def test_columns_drawn_row_by_row_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = page_of(tmp_path, *side_by_side(FIRST, SECOND))
    assert page.text.replace("\n", " ") == " ".join([*FIRST, *SECOND]).replace("work- shop", "workshop")
    assert {block.kind for block in page.layout.blocks} == {Kind.TEXT}


def test_lines_across_both_columns_stay_where_they_are(tmp_path: Path) -> None:
    title = (LEFT, TOP + 40, "A short history of the library in the old town, told from its minutes of a hundred years")
    note = (
        LEFT,
        TOP - 200,
        "Printed for the readers of the library by its friends; all rights remain with their authors.",
    )
    text = page_of(tmp_path, title, *side_by_side(FIRST, SECOND), note).text
    assert text.startswith(title[2])
    assert text.endswith(note[2])


def test_a_table_of_single_lines_stays_a_table(tmp_path: Path) -> None:
    questions = [f"Which form does department {row} want for this?" for row in range(11)]
    answers = [f"Department {row} wants the blue one with a stamp" for row in range(11)]
    page = page_of(tmp_path, *side_by_side(questions, answers))
    assert {block.kind for block in page.layout.blocks} == {Kind.ROW}
    assert page.text.split("\n")[0] == f"{questions[0]}\t{answers[0]}"


def test_figures_beside_text_stay_beside_it(tmp_path: Path) -> None:
    page = page_of(tmp_path, *side_by_side(FIRST, [f"{row}.50" for row in range(11)]))
    assert page.text.split("\n")[2] == f"{FIRST[2]}\t2.50"


def test_columns_without_a_recognised_edge_keep_their_order(tmp_path: Path) -> None:
    drawn_first = [(20, TOP - PITCH * row, text) for row, text in enumerate(FIRST)]
    row_by_row = [(x + 200 - (x == RIGHT) * 50, y, text) for x, y, text in side_by_side(SECOND, FIRST)]
    text = page_of(tmp_path, *drawn_first, *row_by_row).text
    assert text.replace("\n", " ").startswith(" ".join(FIRST))


def test_slanted_lines_alone_are_no_columns() -> None:
    """A watermark across the page keeps its order of drawing."""
    text, spans, boxes = "", [], []
    for row in range(12):
        spans.append((len(text), len(text) + 3, False))
        text += "a b\n"
        y = 20.0 * row
        boxes += [Box(0, y, 8, y + 10), Box(8, y, 9, y + 10), Box(90, y + 300, 98, y + 310), Box(98, y, 99, y + 10)]
    assert in_reading_order(text, Boxes.of(boxes), spans) == spans
