"""The PDFs that tests ask about, with questions whose answers are on known pages."""

import json
from functools import cache
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from pydantic import BaseModel, TypeAdapter

from documind.wire import Citation

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared" / "data"  # not part of the repository
HYPHENS = "-\x02\ufffe"  # ignored: one at a line's end may be removed, and pdfium marks it by the last two


class Question(BaseModel):
    """A question, the words of its answer, and their page (from 1)."""

    question: str
    answer: str
    page: int


QUESTIONS = TypeAdapter(list[Question])


def all_pdfs() -> list[Path]:
    """Return the repository's PDFs, and the shared ones if they are present."""
    return [*sorted(DATA.glob("*.pdf")), *sorted(SHARED.glob("*.pdf"))]


def questions_about(path: Path) -> list[Question]:
    own = DATA / f"{path.stem}.json"
    if own.exists():
        return QUESTIONS.validate_json(own.read_bytes())
    return QUESTIONS.validate_python(json.loads((DATA / "questions.json").read_bytes())[path.name])


@cache
def page_count(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


@cache
def page_characters(path: Path, page: int) -> str:
    """Return the characters of a page in the form of `characters`."""
    with pypdfium2.PdfDocument(path) as document:
        return characters(document[page - 1].get_textpage().get_text_range())


def characters(text: str) -> str:
    """Return a text without white space and hyphens, which depend on where lines end."""
    return "".join(character for character in text if not character.isspace() and character not in HYPHENS)


def stands_on_its_page(citation: Citation, path: Path) -> bool:
    """Tell whether the quote of a citation is on its page."""
    return bool(citation.quote) and characters(citation.quote or "") in page_characters(path, citation.page)
