"""Where a span of a page's text stands: the rectangles of its lines, whichever way they run."""

from documind.pages import PageLine, PageText, rectangles


def row(start: int, length: int, low: int = 0) -> PageLine:
    edges = tuple((100 * index, 100 * (index + 1)) for index in range(length))
    return PageLine(start, "x", low, low + 120, edges)


PAGE = PageText("one two\nthree", (row(0, 7), row(8, 5, low=200)))


def test_a_span_over_two_lines_has_a_rectangle_on_each() -> None:
    assert rectangles(PAGE, 4, 13) == [(40, 0, 70, 12), (0, 20, 50, 32)]


def test_white_space_at_its_ends_is_left_out() -> None:
    assert rectangles(PAGE, 3, 8) == [(40, 0, 70, 12)]
    assert rectangles(PAGE, 3, 4) == []


def test_vertical_lines_have_upright_rectangles() -> None:
    page = PageText("図書館", (PageLine(0, "y", 500, 620, ((0, 120), (120, 240), (240, 360))),))
    assert rectangles(page, 1, 3) == [(50, 12, 62, 36)]


def test_what_is_read_together_may_stand_apart() -> None:
    """A number within Hebrew: the words before it stand at its right, those after it at its left."""
    edges = ((500, 600), (400, 500), (200, 300), (300, 400), (100, 200), (0, 100))
    page = PageText("אב12גד", (PageLine(0, "x", 0, 120, edges),))
    assert rectangles(page, 0, 3) == [(20, 0, 30, 12), (40, 0, 60, 12)]
    assert rectangles(page, 0, 6) == [(0, 0, 60, 12)]


def test_a_page_without_boxes_has_no_rectangles() -> None:
    assert rectangles(PageText("one two"), 0, 7) == []


def test_lines_survive_being_written_as_numbers() -> None:
    line = PageLine(7, "y", -30, 90, ((50, 60), (10, 50), (60, 61)))
    assert PageLine.from_record(line.to_record()) == line
