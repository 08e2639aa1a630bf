"""One score from nearness and words: what counts for more, and that it lies between 0 and 1."""

import pytest

from documind.clients.fusion import Candidate, scores


def test_the_words_count_the_more_the_more_of_them_stand_in_the_chunk() -> None:
    by_meaning = Candidate("how the canteen is heated in winter", 0.8)
    by_words = Candidate("parking fees for visitors", 0.5)
    parking, other = [
        scores(question, [by_meaning, by_words], 0.5, 9)
        for question in ("parking fees", "parking on the moon of a planet")
    ]
    assert parking[1] > parking[0]
    assert other[0] > other[1]


def test_words_count_for_more_in_one_sentence_than_apart() -> None:
    apart, together = [
        Candidate(text, 0.5) for text in ("Parking is free. Fees are due.", "Parking fees are due. It is free.")
    ]
    scattered, whole = scores("parking fees", [apart, together], 0.5, 9)
    assert whole == pytest.approx(0.75)
    assert scattered == pytest.approx(0.75 - 0.25 * 0.75)  # the better sentence holds one of two terms


def test_a_term_counts_the_less_the_more_of_all_searched_chunks_hold_it() -> None:
    texts = [Candidate("parking", 0.5), Candidate("fees", 0.5), Candidate("fees too", 0.5)]
    for searched in (3, 3000):
        parking, fees, _ = scores("parking fees", texts, 0.0, searched)
        assert parking > fees
    assert parking - fees < 0.1  # two of 3,000 are nearly as rare as one


def test_a_passage_in_another_language_than_the_question_is_given_what_it_lacks() -> None:
    """A Chinese name makes no Chinese passage, and code in it no other one of a Chinese passage."""
    texts = [Candidate("停車要付費，見 settings.py", 0.5), Candidate("Parking is paid (see 停車場).", 0.5)]
    chinese, english = scores("怎麼申請？", texts, 0.5, 9)
    assert (chinese, english) == pytest.approx((0.25, 0.31))
    chinese, english = scores("Where do I apply?", texts, 0.5, 9)
    assert (chinese, english) == pytest.approx((0.27, 0.25))


def test_a_score_lies_between_0_and_1() -> None:
    best = scores("parking fees", [Candidate("parking fees", 1.0), Candidate("", -1.0)], 0.5, 2)
    assert best == pytest.approx([1, 0])
    assert scores("???", [Candidate("text", 0.5)], 0.5, 1) == [0.25]
    assert scores("parking", [], 0.5, 0) == []
