"""Running headers, footers and page numbers are recognised by other pages; text at the same place is not furniture."""

import pytest

from ingest.reader.furniture import Edges, furniture_of
from ingest.reader.page_lines import Run, line_of_run
from ingest.reader.visual_line import Box, Boxes, VisualLine

HEIGHT = 800.0


def line(text: str, baseline: float, size: float = 10.0) -> VisualLine:
    boxes = Boxes.of(Box(6.0 * at, baseline - 8, 6.0 * (at + 1), baseline + 2) for at in range(len(text)))
    made = line_of_run(Run(text, boxes, (0.0, baseline), size, bold=False, hyphenated=False))
    assert made
    return made


def found(pages: list[list[tuple[str, float]]], number: int) -> list[str]:
    """Return the furniture of a page (from 1) of a document with these lines and baselines."""
    edges = [
        Edges.of_page(index, [line(text, baseline) for text, baseline in page], HEIGHT)
        for index, page in enumerate(pages, start=1)
    ]
    page = edges.pop(number - 1)
    return [page.lines[index].text for index in sorted(furniture_of(page, edges))]


def body(number: int) -> list[tuple[str, float]]:
    return [(f"Sentence {chr(64 + number)} of the body.", 90.0), ("Its last line ends here.", 560.0)]


def test_a_header_with_the_same_words_is_furniture() -> None:
    pages = [[("Report 2026", 40.0), *body(number)] for number in range(1, 5)]
    assert found(pages, 2) == ["Report 2026"]


def test_a_header_with_changing_words_is_recognised_by_its_page_number() -> None:
    titles = ["Ships", "Lamps", "Nets", "Storms"]
    pages = [[(f"{title} {number}", 40.0), *body(number)] for number, title in enumerate(titles, start=11)]
    assert found(pages, 3) == ["Nets 13"]


def test_text_on_the_row_of_a_page_number_is_furniture_too() -> None:
    titles = ["Ships", "Lamps", "Nets"]
    pages = [[(title, 40.0), (str(number), 41.0), *body(number)] for number, title in enumerate(titles, start=7)]
    assert found(pages, 1) == ["Ships", "7"]


@pytest.mark.parametrize("number", ["7", "- 7 -", "xii", "Page 7 of 12", "第 7 頁", "7 / 12"])
def test_a_number_alone_at_the_edge_is_a_page_number(number: str) -> None:
    assert found([[*body(1), (number, 780.0)]], 1) == [number]


@pytest.mark.parametrize(("before", "after"), [("", "7x"), ("7", "x")])
def test_a_number_is_looked_for_among_thousands_of_wide_spaces_at_once(before: str, after: str) -> None:
    wide = before + "\u2003" * 50_000 + after  # formerly took more processor time than a page may use
    assert found([[*body(1), (wide, 780.0)]], 1) == []


@pytest.mark.parametrize(
    ("number", "of_next_page", "is_furniture"),
    [
        ("42", "Other words.", False),
        ("42", "58", False),
        ("42", "43", True),
        ("1", "Other words.", True),
        ("xii", "Other words.", True),
    ],
)
def test_digits_alone_are_a_page_number_only_if_they_count_pages(
    number: str, of_next_page: str, is_furniture: bool
) -> None:
    pages = [[*body(1), (number, 780.0)], [*body(2), (of_next_page, 40.0)]]
    assert (number in found(pages, 1)) is is_furniture


def test_the_first_line_of_each_page_is_text() -> None:
    pages = [[(f"{word} words begin this page.", 60.0), *body(number)] for number, word in enumerate("ABCD")]
    assert found(pages, 2) == []


def test_a_header_far_inside_a_page_much_larger_than_its_text_is_furniture() -> None:
    pages = [
        [("H. R. 1904", 160.0), (f"Section {word}", 180.0), *body(number)[1:]] for number, word in enumerate("ABC")
    ]
    assert found(pages, 2) == ["H. R. 1904"]


def test_the_caption_of_a_table_at_the_top_of_each_page_is_text() -> None:
    pages = [[(f"Table {number}", 60.0), *body(number)] for number in range(1, 5)]
    assert found(pages, 2) == []


def test_the_title_of_a_few_slides_is_text_and_that_of_all_is_not() -> None:
    titles = ["Sparse data"] * 3 + ["Smoothing"] * 4
    pages = [[line(title, 60.0, 30.0), *(line(*row) for row in body(at))] for at, title in enumerate(titles)]
    edges = [Edges.of_page(number, page, HEIGHT) for number, page in enumerate(pages, start=1)]
    assert furniture_of(edges[0], edges[1:]) == set()
    assert furniture_of(edges[3], edges[:3] + edges[4:]) == {0}


def test_the_same_words_further_inside_are_text() -> None:
    pages = [[(f"{word} first.", 40.0), ("Repeated words.", 60.0), *body(1)] for word in "ABCD"]
    assert found(pages, 2) == []


def test_rows_of_numbers_are_no_furniture() -> None:
    pages = [[*body(number), (f"{number * 31} {number * 17}", 780.0)] for number in range(1, 5)]
    assert found(pages, 2) == []
