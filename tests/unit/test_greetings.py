"""Greetings are distinguished from questions."""

import pytest

from answer.greetings import is_greeting


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "hi there!",
        "Good morning.",
        "Thanks a lot!!",
        "thank you",
        "你好",
        "您好，謝謝！",
        "谢谢你",
        "早安～",
        "Hi 👋",
    ],
)
def test_greetings_are_recognised(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Hello, how large may a PDF be?",
        "What does it say about thanks?",
        "你好嗎的意思是什麼？",
        "早安咖啡多少錢？",
    ],
)
def test_questions_are_not_greetings(text: str) -> None:
    assert not is_greeting(text)
