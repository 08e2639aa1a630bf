"""The golden set is valid: it has the promised number of questions per kind, and each answer is on its page."""

from collections import Counter
from pathlib import Path

import pytest

from evals.corpus import pdfs_of
from evals.questions import GOLDEN_DOCUMENTS, GOLDEN_QUESTIONS, BadSetError, read_questions
from evals.text_pdf import PAGE_BREAK, text_pdf
from ingest.reader.read import read_pages

QUESTIONS = read_questions(GOLDEN_QUESTIONS)


def source(document: str) -> str:
    return (GOLDEN_DOCUMENTS / f"{document}.txt").read_text("utf-8")


def test_there_are_as_many_questions_of_each_kind_as_promised() -> None:
    kinds = Counter((question.kind, question.lang if question.kind == "answerable" else "") for question in QUESTIONS)
    assert kinds == {
        ("answerable", "zh-TW"): 60,
        ("answerable", "en"): 60,
        ("across", ""): 30,
        ("follow_up", ""): 20,
        ("off_topic", ""): 20,
        ("unanswered", ""): 10,
        ("injection", ""): 20,
    }
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)


def test_every_answer_is_on_its_page() -> None:
    for question in QUESTIONS:
        for number in question.pages:
            assert question.doc
            page = source(question.doc).split(PAGE_BREAK)[number - 1]
            assert any(answer in page for answer in question.answers), question.id


def test_the_pdf_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = source("白鷺濕地調查報告") + PAGE_BREAK + source("quill-backup-guide")
    (tmp_path / "upload.pdf").write_bytes(text_pdf(text))
    read = [page.text for page in read_pages(tmp_path / "upload.pdf")]
    assert ["".join(page.split()) for page in read] == [
        "".join(page.replace("# ", "").split()) for page in text.split(PAGE_BREAK)
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('{"id": "1", "lang": "en", "room": "a", "question": "Why?"}\n\n{"id": "2"}', "line 3: lang Field required"),
        ("{not JSON}", "line 1: Invalid JSON"),
        ("\n", "holds no question"),
    ],
)
def test_a_bad_line_of_a_set_is_named(tmp_path: Path, lines: str, reason: str) -> None:
    (tmp_path / "set.jsonl").write_text(lines, "utf-8")
    with pytest.raises(BadSetError, match=reason):
        read_questions(tmp_path / "set.jsonl")


def test_missing_documents_of_a_set_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetError, match=r"lacks another, one$"):
        pdfs_of(GOLDEN_DOCUMENTS, ["kestrel-handbook.pdf", "one.pdf", "another"], tmp_path)
