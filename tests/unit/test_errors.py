"""Every code and every ending has a complete sentence in both languages."""

import re
import string
from pathlib import Path

import pytest

from documind.errors import ENDING_SENTENCES, SENTENCES, Code, DocumindError, Ending
from documind.languages import Sentence, language_of


def details(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_code_and_no_ending_is_without_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)
    assert set(ENDING_SENTENCES) == set(Ending) - {Ending.ANSWER}


@pytest.mark.parametrize("sentence", [*SENTENCES.values(), *ENDING_SENTENCES.values()], ids=lambda each: each.en[:30])
def test_both_languages_have_the_same_details_and_end_like_sentences(sentence: Sentence) -> None:
    assert details(sentence.en) == details(sentence.zh_tw)
    assert sentence.en.endswith(".")
    assert sentence.zh_tw.endswith(("。", "。）"))
    assert language_of(sentence.zh_tw) == "zh-TW"
    assert language_of(sentence.en) == "en"


def test_an_error_is_in_the_requested_language() -> None:
    error = DocumindError(Code.QUESTION_TOO_LONG, limit=4_000)
    assert error.message("en") == "A question may have at most 4000 characters. Shorten it and ask again."
    assert error.message("zh-TW") == "問題最多 4000 個字。請縮短後再問一次。"


def test_a_detail_is_not_read_as_a_sentence_of_its_own() -> None:
    assert "{limit}" in DocumindError(Code.FRAME_INVALID, detail="{limit}").message("en")


def test_the_text_of_an_error_has_its_code_and_no_detail() -> None:
    assert str(DocumindError(Code.INTERNAL, detail="secret")) == "internal"


@pytest.mark.parametrize(
    ("text", "language"),
    [("What is 質量?", "zh-TW"), ("何謂質量？", "zh-TW"), ("What is mass?", "en"), ("", "en"), ("¿Qué? 😀", "en")],
)
def test_a_question_with_an_ideograph_is_answered_in_chinese(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_code_is_always_raised_as_the_same_family() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text() for name in ("functions", "layers") for path in (root / name).rglob("*.py")]
    raised = {found for source in sources for found in re.findall(r"(\w+Error)\(Code\.(\w+)", source)}
    families = {family.__name__ for family in DocumindError.__subclasses__()}
    assert {name for name, code in raised if code != "INTERNAL"} == families
    assert len(raised) == len({code for _, code in raised}), sorted(raised, key=lambda each: each[1])
