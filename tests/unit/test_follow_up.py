"""Which questions are sent to the model to be rewritten as standalone questions."""

import pytest

from answer.follow_up import stands_alone
from evals.questions import GOLDEN_QUESTIONS, read_questions

GOLDEN = read_questions(GOLDEN_QUESTIONS)


def test_no_follow_up_of_the_golden_set_is_taken_for_a_standalone_question() -> None:
    assert [one.question for one in GOLDEN if one.kind == "follow_up" and stands_alone(one.question)] == []


def test_two_in_five_standalone_questions_need_no_request() -> None:
    alone = [one for one in GOLDEN if one.kind == "answerable"]
    assert sum(stands_alone(one.question) for one in alone) > 0.4 * len(alone)


@pytest.mark.parametrize(
    "question",
    [
        "And for students?",
        "How long may a student keep it at home?",
        "彩排可以不去嗎？",
        "那麼研究生借書的期限最長可以到幾天？",
        "図書館では本を何冊まで借りることができますか",
        "Wie lange dauert sie bei Kindern und Jugendlichen?",
    ],
)
def test_a_question_that_may_refer_to_earlier_ones_goes_to_the_model(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize(
    "question", ["How many days abroad can I do my job from a laptop?", "研究生借書的期限最長可以到幾天而且要付費嗎？"]
)
def test_a_long_question_without_a_reference_is_standalone(question: str) -> None:
    assert stands_alone(question)
