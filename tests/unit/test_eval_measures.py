"""The measures of the evaluation, on rankings with known results."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.measures import Ranked, mean, rank_of
from evals.plot import plot


def test_the_command_needs_nothing_in_its_environment() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-m", "evals", "--help"], cwd=root, env=environment, check=True)


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


def test_a_plot_has_a_bar_for_each_group_and_pipeline() -> None:
    svg = plot({"en": [0], "zh & en": [0, 1]}, {"ours": [Ranked(1), Ranked(2)], "theirs": [Ranked(2), Ranked(None)]})
    texts = [element.text for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")]  # noqa: S314
    assert texts[1:] == [
        "en, ours",
        "1.000",
        "en, theirs",
        "0.500",
        "zh & en, ours",
        "0.750",
        "zh & en, theirs",
        "0.250",
    ]
