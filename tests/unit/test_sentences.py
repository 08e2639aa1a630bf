"""Where a sentence ends: the same in answers, in passages and in the search."""

import pytest

from documind.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "I thank Prof. Dr. Herrlich for the lecture.",
        "According to the 2000 U.S. Census it has 461,522 inhabitants.",
        "The karyotype has 52 chromosomes (Graves et al. 2003).",
        "Call the office at 252-3000, ext. 61200 in time.",
        "It costs 3.5 dollars, e.g. for tea.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert [span.of(text) for span in sentences(text)] == [text]


def test_sentences_end_at_the_marks_of_either_script() -> None:
    text = "One. Two! Three?\nFour；五。六！七？"
    assert [span.of(text) for span in sentences(text)] == ["One.", "Two!", "Three?", "Four；", "五。", "六！", "七？"]
