"""The rectangles of a span of a page's text, for lines in any direction."""

from io import BytesIO
from math import inf, nan

from documind.pages import PageLine, PageText, rectangles


def row(start: int, length: int, low: int = 0) -> PageLine:
    edges = [(10.0 * index, 10.0 * (index + 1)) for index in range(length)]
    return PageLine.of_edges(start, "x", (low, low + 12), *zip(*edges, strict=True))


PAGE = PageText("one two\nthree", (row(0, 7), row(8, 5, low=20)))


def test_a_span_over_two_lines_has_a_rectangle_on_each() -> None:
    assert rectangles(PAGE, 4, 13) == [(40, 0, 70, 12), (0, 20, 50, 32)]


def test_white_space_at_its_ends_is_left_out() -> None:
    assert rectangles(PAGE, 3, 8) == [(40, 0, 70, 12)]
    assert rectangles(PAGE, 3, 4) == []


def test_vertical_lines_have_upright_rectangles() -> None:
    page = PageText("図書館", (PageLine.of_edges(0, "y", (50, 62), [0, 12, 24], [12, 24, 36]),))
    assert rectangles(page, 1, 3) == [(50, 12, 62, 36)]


def test_consecutive_characters_may_be_apart_on_the_page() -> None:
    """A number within Hebrew: the words before it are on its right, those after it on its left."""
    edges = [(50.0, 60.0), (40, 50), (20, 30), (30, 40), (10, 20), (0, 10)]
    page = PageText("אב12גד", (PageLine.of_edges(0, "x", (0, 12), *zip(*edges, strict=True)),))
    assert rectangles(page, 0, 3) == [(20, 0, 30, 12), (40, 0, 60, 12)]
    assert rectangles(page, 0, 6) == [(0, 0, 60, 12)]


def test_a_page_without_boxes_has_no_rectangles() -> None:
    assert rectangles(PageText("one two"), 0, 7) == []


def test_lines_are_read_back_as_written() -> None:
    line = PageLine.of_edges(7, "y", (-3, 9), [5, 1, 6], [6, 5, 6.1])
    assert line.edges == [(50, 60), (10, 50), (60, 61)]
    page = PageText("one two\nsix", (PAGE.lines[0], line))
    assert PageText.of_records(page.text, page.records, BytesIO(page.places)) == page


def test_a_coordinate_that_is_no_number_becomes_the_edge() -> None:
    """A hostile PDF may give a character no valid place: reading and citing the page must not fail."""
    page = PageText("no", (PageLine.of_edges(0, "x", (0, 12), [nan, 10], [10, inf]),))
    assert page.lines[0].edges == [(0, 100), (100, 0)]
    assert rectangles(page, 0, 2) == [(0, 0, 10, 12)]
