"""Splitting questions that ask several things at once."""

import pytest

from answer.parts import MAX_CHARACTERS, in_turns, parts_of
from documind.clients.search import Chunk, Hit


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How large may a PDF be, and what about scans?", ["How large may a PDF be", "what about scans?"]),
        ("What is a room? Who can see it?", ["What is a room?", "Who can see it?"]),
        ("一份 PDF 可以多大，掃描的檔案可以嗎？", ["一份 PDF 可以多大", "掃描的檔案可以嗎？"]),
        ("特休有幾天，還有病假呢？", ["特休有幾天", "病假呢？"]),
    ],
)
def test_several_questions_are_split(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who can see my documents?",
        "Where can I eat, drink and sleep?",
        "What is the difference between tea and coffee?",
        "When it rains, what happens to the concert?",
        "WSGI、ASGI 和 runserver 有什麼不同？",
        "如果下雨，音樂會怎麼辦？",
        "What? Why? Who? When is it?",
        "?!",
        "",
        f"What is a room? What is {'a' * MAX_CHARACTERS}?",
    ],
)
def test_a_single_question_is_not_split(question: str) -> None:
    assert parts_of(question) == []


def test_hits_alternate_without_duplicates() -> None:
    one, two, three = (Hit(Chunk("d", "i", "c", page, 0, 9, "text"), 1 / page) for page in (1, 2, 3))
    assert in_turns([[one, two], [three, one], [two]]) == [one, three, two]
