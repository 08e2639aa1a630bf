"""From the numbers in an answer to its citations: none invented, none lost."""

import pytest

from answer.citations import cite
from answer.passages import Passage

RECTANGLE = (72.0, 80.5, 140.1, 92.0)
PASSAGES = [
    Passage(
        number=n,
        document_id=f"d{n}",
        ingest_id=f"i{n}",
        document=f"{n}.pdf",
        page=n,
        start=0,
        end=3,
        text="質量😀",
        score=1 / n,
    )
    for n in (1, 2, 3)
]


@pytest.mark.parametrize(
    ("text", "kept", "numbers"),
    [
        ("Mass [1].", "Mass [1].", [1]),
        ("Mass [3], energy [1].", "Mass [3], energy [1].", [3, 1]),
        ("Twice [2] and again [2].", "Twice [2] and again [2].", [2]),
        ("Both [1, 2].", "Both [1][2].", [1, 2]),
        ("兩者皆是 [1、2]。", "兩者皆是 [1][2]。", [1, 2]),
        ("兩者皆是 [2，1]。", "兩者皆是 [2][1]。", [2, 1]),
        ("Adjacent [1][3].", "Adjacent [1] [3].", [1, 3]),
        ("Invented [9].", "Invented.", []),
        ("Half invented [2, 9].", "Half invented [2].", [2]),
        ("Zero [0] and many [100].", "Zero and many.", []),
        ("A year [2024], a list [a], a range [1-3].", "A year [2024], a list [a], a range [1-3].", []),
        ("Nothing.", "Nothing.", []),
        ("", "", []),
    ],
)
def test_numbers_that_name_no_passage_are_dropped(text: str, kept: str, numbers: list[int]) -> None:
    answered, citations = cite(text, PASSAGES, {})
    assert answered == kept
    assert [citation.number for citation in citations] == numbers


def test_a_citation_says_where_the_passage_stands_and_in_which_words() -> None:
    _, (citation, other) = cite("[2][1]", PASSAGES, {2: [RECTANGLE]})
    assert (citation.document_id, citation.page, citation.start, citation.end) == ("d2", 2, 0, 3)
    assert (citation.quote, citation.score) == ("質量😀", 0.5)
    assert (citation.rects, other.rects) == ([RECTANGLE], [])


def test_without_passages_nothing_can_be_cited() -> None:
    assert cite("Surely [1].", [], {}) == ("Surely.", [])
