"""Lines of Arabic and Hebrew: read by the positions of the characters, in whatever order they were written."""

import random

import pytest

from ingest.reader.right_to_left import is_right_to_left, logical_order
from ingest.reader.visual_line import Box

SIZE = 12.0


def standing(visual: str) -> list[tuple[str, Box]]:
    """Return characters from left to right, each ten points wide."""
    return [(character, Box(10.0 * index, 0, 10.0 * (index + 1), 12)) for index, character in enumerate(visual)]


@pytest.mark.parametrize(
    ("visual", "read"),
    [
        ("םולש", "שלום"),
        (".1887 תנשב הדסונ", "נוסדה בשנת 1887."),
        ("212,000 הליכמו", "ומכילה 212,000"),
        (".18:00-ל 09:30 תועשה", "השעות 09:30 ל-18:00."),
        (".(PDF) תבסלא", "אלסבת (PDF)."),
        ("-1.7 3.4 יוניב", "בינוי -1.7 3.4"),
        ("םולש means peace", "שלום means peace"),
        ("the word םולש means peace", "the word שלום means peace"),
    ],
)
def test_a_line_is_in_reading_order(visual: str, read: str) -> None:
    if visual == "םולש means peace":
        read = "שלום means peace"
    placed = standing(visual)
    random.Random(1).shuffle(placed)  # noqa: S311 (the order in the file says nothing)
    assert "".join(character for character, _ in logical_order(placed, SIZE)) == read


def test_a_line_with_more_latin_words_on_a_hebrew_page_is_read_from_the_right() -> None:
    placed = standing(".ResultSet לש getters")
    assert "".join(character for character, _ in logical_order(placed, SIZE, is_right=True)) == "getters של ResultSet."


def test_each_character_keeps_its_box() -> None:
    placed = standing("1887 תנשב")
    for character, box in logical_order(placed, SIZE):
        assert placed[int(box.left / 10)][0] == character


def test_gaps_are_spaces_where_the_file_has_none() -> None:
    word, gap = standing("םולש"), standing("םיקבא")
    moved = [(character, box._replace(left=box.left + 45, right=box.right + 45)) for character, box in gap]
    assert "".join(character for character, _ in logical_order([*word, *moved], SIZE)) == "אבקים שלום"


def test_a_narrow_space_of_the_file_stays() -> None:
    word, space, other = standing("םולש"), (" ", Box(40, 0, 42, 12)), standing("םיקבא")
    moved = [(character, box._replace(left=box.left + 42, right=box.right + 42)) for character, box in other]
    as_written = [*reversed(moved), space, *reversed(word)]
    assert "".join(character for character, _ in logical_order(as_written, SIZE)) == "אבקים שלום"


def test_other_scripts_are_unchanged() -> None:
    assert is_right_to_left("مرحبا")
    assert not is_right_to_left("資料庫 and a name")
