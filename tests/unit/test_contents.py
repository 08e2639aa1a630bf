"""Tables of contents, which are not split into passages, and tables that look like them."""

import pytest

from ingest.reader.blocks import Kind
from tests.unit.test_page_text import kinds_of, line, line_of_two


def test_contents_with_dot_leaders_are_entries() -> None:
    lines = [line(f"{number} A chapter . . . . . . . . . . {number}7", row=number, full=True) for number in range(1, 4)]
    assert [kind for kind, _ in kinds_of(*lines)] == [Kind.CONTENTS] * 3


@pytest.mark.parametrize(
    "led",
    [
        [
            "(1) Amobarbital ...... 2126",
            "(2) Secobarbital ...... 1316",
            "(3) Pentobarbital ...... 2271",
            "Any ...... 8",
        ],
        ["7 Wages . . . . . 7", "10 Refunds . . . . . 10", "11 Alimony . . . . . 11", "12 Income . . . . . 12"],
        ["Tea ...... 3", "Bread ...... 7"],
    ],
)
def test_leaders_to_amounts_or_codes_are_rows_of_a_table(led: list[str]) -> None:
    lines = [line(text, row=row, full=True) for row, text in enumerate(led)]
    assert [kind for kind, _ in kinds_of(*lines)] == [Kind.ROW] * len(led)


def led(*entries: tuple[str, str]) -> list[Kind]:
    """Return the kinds of lines that end with a number after a gap."""
    lines = [line_of_two(line(text, row=row), line(to, row=row, left=430)) for row, (text, to) in enumerate(entries)]
    return [kind for kind, _ in kinds_of(*lines)]


def test_contents_without_leaders_are_entries() -> None:
    entries = ("第一章 緒論", "1"), ("1.1 曲線", "2"), ("1.2 時間", "5"), ("第二章 模型", "5"), ("參考文獻", "9")
    assert led(*entries) == [Kind.CONTENTS] * len(entries)


def test_a_ranking_is_a_table() -> None:
    entries = ("1 Ada", "51"), ("2 Bob", "54"), ("3 Cleo", "55"), ("4 Dan", "58"), ("5 Eve", "61")
    assert Kind.CONTENTS not in led(*entries)


def test_an_entry_of_contents_may_have_two_lines() -> None:
    ends = [line(f"{number} A chapter . . . . . . . . . . {number}7", row=number, full=True) for number in (1, 2, 4)]
    ends.insert(2, line("3 A chapter with a name that is longer than a line of this", row=3))
    assert {kind for kind, _ in kinds_of(*ends)} == {Kind.CONTENTS}
