"""The measures of the evaluation, on rankings counted by hand."""

import pytest

from evals.measures import mean, rank_of


def test_the_first_right_page_counts_and_only_within_ten() -> None:
    found = [("a", 1), ("b", 2), ("a", 3)]
    assert rank_of({("a", 3), ("b", 2)}, found).rank == 2
    assert rank_of({("c", 1)}, found).rank is None
    assert rank_of({("z", 0)}, [*[("a", page) for page in range(10)], ("z", 0)]).rank is None
    second = rank_of({("b", 2)}, found)
    assert (second.at(1), second.at(5), second.reciprocal) == (0, 1, 0.5)


def test_a_mean_lies_in_its_interval_and_is_the_same_again() -> None:
    values = [0.0, 1.0, 1.0, 1.0] * 20
    assert mean(values) == mean(values)
    assert mean(values).value == pytest.approx(0.75)
    assert mean(values).low < 0.75 < mean(values).high
    assert str(mean([1.0] * 5)) == "1.000 (1.000 to 1.000)"
