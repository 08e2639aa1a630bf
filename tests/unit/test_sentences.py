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
        "Die Frist endet am 31. Dezember, der Vertrag am 3. Mai.",
        "Das gilt z. B. bei Kindern bzw. Eltern, vgl. Anlage Nr. 5.",
        "Im 19. Jahrhundert erschien die 2. Auflage, die im 3. Quartal, am 4. Tag vom 5. Band bis zum 6. Teil reichte.",
        "Nach Art. 3 Abs. 2 ist es frei.",
        "See p. 12, No. 5 and Vol. 3 of it.",
        "Voir M. Durand, art. 5, et la Sr. Blanco, pág. 7 y núm. 8.",
    ],
)
def test_an_abbreviation_or_an_ordinal_ends_no_sentence(text: str) -> None:
    assert [span.of(text) for span in sentences(text)] == [text]


def test_sentences_end_at_the_marks_of_either_script() -> None:
    text = "One. Two! Three?\nFour；五。六！七？"
    assert [span.of(text) for span in sentences(text)] == ["One.", "Two!", "Three?", "Four；", "五。", "六！", "七？"]


@pytest.mark.parametrize(
    "text", ["Es waren 12. Danach kam sie.", "I am 12. It ended in 2019.", "Von 3 bis 5. Die Zahl."]
)
def test_a_number_without_an_article_before_it_ends_a_sentence(text: str) -> None:
    assert len(sentences(text)) == 2


@pytest.mark.parametrize("text", ["It weighs 12. The next one is a PDF. Then I try. Was it you? No. It rained."])
def test_short_words_and_numbers_end_sentences(text: str) -> None:
    assert len(sentences(text)) == 6


@pytest.mark.parametrize("mark", [".", "?"])
def test_a_page_full_of_marks_is_split_at_once(mark: str) -> None:
    text = (
        f"Is it{mark * 200_000}b? Yes{mark * 20} No."  # formerly took an hour, and blocked the heartbeats of the ingest
    )
    assert [span.end - span.start for span in sentences(text)] == [200_007, 23, 3]
