"""Which questions the first page of a document answers."""

import pytest

from answer.first_page import asks_for_first_page


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote this paper?",
        "who are the AUTHORS",
        "Who is the author of this report?",
        "When was it published?",
        "What is the title of this report?",
        "Wer ist der Autor?",
        "Qui est l\u2019auteur ?",
        "作者是誰？",
        "这篇论文的作者是谁？",
        "這本書是誰寫的？",
        "這份報告的標題是什麼？",
    ],
)
def test_questions_about_the_author_are_answered_by_the_first_page(question: str) -> None:
    assert asks_for_first_page(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the library?",
        "What is a title race?",
        "誰可以看到我的文件？",
        "How is authority delegated?",
        "When was the war?",
        "What method do the authors use?",
        "誰可以發表意見？",
        "社會工作者要做什麼？",
        "Must the notice be written by the tenant?",
    ],
)
def test_other_questions_are_answered_by_any_page(question: str) -> None:
    assert not asks_for_first_page(question)
