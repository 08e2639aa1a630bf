"""Printed documents with known paragraphs: every character is read, lines are joined rightly, kinds are recognised."""

from pathlib import Path

import pytest

from bench.documents import TEST_DATA, Printed, printed_for_tests
from bench.reading_measures import characters, ending_whole, holding, joins
from ingest.reader.blocks import Kind
from ingest.reader.read import Page, read_pages
from ingest.split import split

PRINTED = dict(printed_for_tests())


@pytest.fixture(scope="module", params=PRINTED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def printed(name: str) -> Printed:
    return PRINTED[name]


@pytest.fixture(scope="module")
def pages(name: str) -> list[Page]:
    return list(read_pages(Path(TEST_DATA / f"{name}.pdf")))


@pytest.fixture(scope="module")
def passages(pages: list[Page]) -> list[str]:
    return [page.text[passage.start : passage.end] for page in pages for passage in split(page.layout)]


def test_every_character_is_read(pages: list[Page], printed: Printed) -> None:
    assert characters("\n".join(page.text for page in pages), printed, len(pages)) == (0, 0)


def test_lines_of_one_paragraph_are_joined_and_no_others(pages: list[Page], printed: Printed) -> None:
    found = joins(pages, printed)
    assert found.continuing > 30
    assert found.joined >= 0.97 * found.continuing
    assert (found.wrong, found.unknown) == (0, 0)


def test_no_passage_holds_the_running_header(passages: list[str], printed: Printed) -> None:
    assert holding(passages, printed.header) == 0


def test_passages_end_where_a_sentence_or_another_unit_ends(passages: list[str], printed: Printed) -> None:
    """Except passages at the end of a page whose text continues on the next one."""
    assert ending_whole(passages, printed) >= 0.85


def test_headings_rows_and_contents_are_recognised(pages: list[Page], printed: Printed) -> None:
    blocks = [
        (block.kind, "".join(page.text[block.start : block.end].split()))
        for page in pages
        for block in page.layout.blocks
    ]
    for tag, kind in (("h2", Kind.HEADING), ("tr", Kind.ROW)):
        expected = {"".join(words.split()) for at, words in printed.paragraphs if at == tag}
        assert expected <= {text for found, text in blocks if found is kind}
    assert sum(kind is Kind.CONTENTS for kind, _ in blocks) == sum(tag == "contents" for tag, _ in printed.paragraphs)


def test_code_keeps_its_indentation(pages: list[Page]) -> None:
    code = "def count(lamps):\n    total = 0\n    for lamp in lamps:\n        total += 1\n    return total"
    assert any(code in page.text for page in pages)
