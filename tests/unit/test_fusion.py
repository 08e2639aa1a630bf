"""One score from vector similarity and words: its weights, and its range from 0 to 1."""

import pytest

from documind.clients.fusion import Candidate, scores


def test_words_count_more_the_more_of_them_are_in_the_chunk() -> None:
    by_meaning = Candidate("how the canteen is heated in winter", 0.8)
    by_words = Candidate("parking fees for visitors", 0.5)
    parking, other = [
        scores(question, [by_meaning, by_words], 0.5, 9)
        for question in ("parking fees", "parking on the moon of a planet")
    ]
    assert parking[1] > parking[0]
    assert other[0] > other[1]


def test_words_count_more_in_one_sentence_than_scattered() -> None:
    apart, together = [
        Candidate(text, 0.5) for text in ("Parking is free. Fees are due.", "Parking fees are due. It is free.")
    ]
    scattered, whole = scores("parking fees", [apart, together], 0.5, 9)
    assert whole == pytest.approx(0.75)
    assert scattered == pytest.approx(0.75 - 0.25 * 0.75)  # the better sentence has one of two terms


def test_a_term_counts_less_the_more_chunks_contain_it() -> None:
    texts = [Candidate("parking", 0.5), Candidate("fees", 0.5), Candidate("fees too", 0.5)]
    for searched in (3, 3000):
        parking, fees, _ = scores("parking fees", texts, 0.0, searched)
        assert parking > fees
    assert parking - fees < 0.1  # two of 3,000 are nearly as rare as one


def test_a_passage_in_another_language_is_compensated_for_missing_words() -> None:
    """A Chinese name does not make a passage Chinese, and code does not make a Chinese passage another language."""
    texts = [Candidate("停車要付費，見 settings.py", 0.5), Candidate("Parking is paid (see 停車場).", 0.5)]
    chinese, english = scores("怎麼申請？", texts, 0.5, 9)
    assert (chinese, english) == pytest.approx((0.25, 0.31))
    chinese, english = scores("Where do I apply?", texts, 0.5, 9)
    assert (chinese, english) == pytest.approx((0.27, 0.25))


def test_a_passage_in_another_language_with_all_the_words_lacks_nothing() -> None:
    texts = [Candidate("DocuMind 可以回答 PDF 的問題。", 0.5), Candidate("DocuMind is free.", 0.5)]
    assert scores("DocuMind 是什麼？", texts, 0.5, 9) == pytest.approx([0.75, 0.75])


def test_a_score_lies_between_0_and_1() -> None:
    best = scores("parking fees", [Candidate("parking fees", 1.0), Candidate("", -1.0)], 0.5, 2)
    assert best == pytest.approx([1, 0])
    assert scores("???", [Candidate("text", 0.5)], 0.5, 1) == [0.25]
    assert scores("parking", [], 0.5, 0) == []
