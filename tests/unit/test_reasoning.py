"""Reasoning that a model writes before its answer is never shown, however it is divided into pieces."""

import pytest

from documind.clients.reasoning import without_reasoning

THOUGHT = "<think>Let me <b>see</b>.\nHm.</think>\n\nMass is inertia [1]; <think> stays."
ANSWER = "Mass is inertia [1]; <think> stays."


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_reasoning_is_removed_from_any_pieces(size: int) -> None:
    pieces = [THOUGHT[start : start + size] for start in range(0, len(THOUGHT), size)]
    assert "".join(without_reasoning(pieces)) == ANSWER


def test_an_answer_without_reasoning_is_unchanged() -> None:
    assert list(without_reasoning(["Mass", " is", " <b>"])) == ["Mass", " is", " <b>"]
    assert list(without_reasoning(["<", "table>"])) == ["<table>"]


def test_reasoning_without_an_answer_gives_no_text() -> None:
    assert list(without_reasoning(["<reasoning>One", " two</reasoning>", "<reasoning> three</reasoning>"])) == []
    assert list(without_reasoning(["<think>cut o"])) == []
