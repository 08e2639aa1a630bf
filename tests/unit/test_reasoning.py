"""What a model thought aloud before its answer is shown to nobody, however it is cut into pieces."""

import pytest

from documind.clients.reasoning import without_reasoning

THOUGHT = "<think>Let me <b>see</b>.\nHm.</think>\n\nMass is inertia [1]; <think> stays."
ANSWER = "Mass is inertia [1]; <think> stays."


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_thoughts_are_taken_out_of_any_pieces(size: int) -> None:
    pieces = [THOUGHT[start : start + size] for start in range(0, len(THOUGHT), size)]
    assert "".join(without_reasoning(pieces)) == ANSWER


def test_an_answer_without_thoughts_passes_as_it_comes() -> None:
    assert list(without_reasoning(["Mass", " is", " <b>"])) == ["Mass", " is", " <b>"]
    assert list(without_reasoning(["<", "table>"])) == ["<table>"]


def test_thoughts_without_an_answer_are_nothing() -> None:
    assert list(without_reasoning(["<reasoning>One", " two</reasoning>", "<reasoning> three</reasoning>"])) == []
    assert list(without_reasoning(["<think>cut o"])) == []
