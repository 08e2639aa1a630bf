"""The answers to the questions are on the named pages of the committed PDFs, and the offline model finds them."""

import json
import re
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from pydantic import BaseModel, TypeAdapter

from ingest.reader.read import read_pages
from ingest.split import split
from local.model_server.quoting import Passage, Task, answer
from local.model_server.vectors import embed

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared" / "data"  # not part of the repository
OURS = ("handbook-en", "report-zh-TW")


class Question(BaseModel):
    question: str
    answer: str
    page: int


def texts_of(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def questions(name: str) -> list[Question]:
    return TypeAdapter(list[Question]).validate_json((DATA / f"{name}.json").read_bytes())


def squeezed(text: str) -> str:
    return "".join(text.split())


def best_passages(path: Path, question: str) -> tuple[list[Passage], list[int]]:
    """Return the five nearest passages, as the product splits the PDF, with their pages."""
    chunks = [
        (page.number, page.text[span.start : span.end]) for page in read_pages(path) for span in split(page.layout)
    ]
    near = embed([text for _, text in chunks]) @ embed([question])[0]
    best = [chunks[index] for index in near.argsort()[::-1][:5]]
    return [Passage(number=number, text=text, page=page) for number, (page, text) in enumerate(best, 1)], [
        p for p, _ in best
    ]


@pytest.mark.parametrize("name", OURS)
def test_answers_are_on_their_page_and_cover_every_page(name: str) -> None:
    pages = texts_of(DATA / f"{name}.pdf")
    assert {item.page for item in questions(name)} == set(range(1, len(pages) + 1))
    for item in questions(name):
        assert squeezed(item.answer) in squeezed(pages[item.page - 1]), item


@pytest.mark.parametrize("name", OURS)
def test_first_sentence_of_the_offline_model_is_the_answer(name: str) -> None:
    right = 0
    for item in questions(name):
        passages, numbers = best_passages(DATA / f"{name}.pdf", item.question)
        first = answer(Task(question=item.question, passages=passages)).splitlines()[0]
        cited = re.search(r"\[(\d)\]$", first)
        right += bool(cited and numbers[int(cited[1]) - 1] == item.page and squeezed(item.answer) in squeezed(first))
    assert right >= len(questions(name)) - 1


def test_questions_about_the_shared_pdfs_name_the_right_pages() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared PDFs are not here")
    for name, items in json.loads((DATA / "questions.json").read_bytes()).items():
        pages = texts_of(SHARED / name)
        for item in TypeAdapter(list[Question]).validate_python(items):
            assert squeezed(item.answer) in squeezed(pages[item.page - 1]), item


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_welcome_is_four_pages_of_text_and_small(language: str) -> None:
    path = ROOT / "local" / "samples" / f"welcome-{language}.pdf"
    assert path.stat().st_size < 500_000
    pages = texts_of(path)
    assert len(pages) == 4
    assert all(len(page) > 300 for page in pages)
    assert "DocuMind" in pages[0]
