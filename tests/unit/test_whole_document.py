"""Which questions are about a document as a whole."""

import pytest

from answer.whole_document import documents_meant
from documind.stores.documents import StoredDocument


def named(name: str) -> StoredDocument:
    return StoredDocument(chat_id="c", document_id=name, name=name, status="ready", size_bytes=1, sha256="")


LEASE, REPORT = named("lease.pdf"), named("年報2025.pdf")


@pytest.mark.parametrize(
    "question",
    [
        "Summarise this document.",
        "Can you please summarize the PDF for me?",
        "What is this document about?",
        "What is this booklet about?",
        "what's this about",
        "Give me a short overview of the documents",
        "What are its most important points?",
        "What are the key takeaways?",
        "tl;dr",
        "Sum it up, please!",
        "這份文件在說什麼？",
        "这份文件在说什么",
        "這篇文章主要在講什麼呢？",
        "這份簡報在講什麼？",
        "請幫我整理這份文件的重點",
        "這份文件最重要的內容是什麼？",
        "總結",
        "重點是什麼？",
    ],
)
def test_questions_about_the_whole_are_recognised(question: str) -> None:
    assert documents_meant(question, [LEASE, REPORT]) == [LEASE, REPORT]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Summarise lease.pdf", [LEASE]),
        ("What is “lease” about?", [LEASE]),
        ("年報2025 的重點有哪些？", [REPORT]),
        ("請總結《年報2025.pdf》", [REPORT]),
        ("Summarise lease.pdf and 年報2025.pdf", [REPORT, LEASE]),
    ],
)
def test_a_named_document_is_recognised(question: str, meant: list[StoredDocument]) -> None:
    assert documents_meant(question, [LEASE, REPORT]) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the refund policy",
        "What does the document say about refunds?",
        "What are the main points of the lease on page 4?",
        "What is a room?",
        "What is this button for?",
        "退費的重點是什麼？",
        "這份文件怎麼說退費？",
        "這份文件有幾頁？",
        "總結報告什麼時候交？",
        "誰寫了這份文件？",
        "summarise this " * 40,
    ],
)
def test_questions_about_a_part_are_not(question: str) -> None:
    assert documents_meant(question, [LEASE, REPORT]) == []
