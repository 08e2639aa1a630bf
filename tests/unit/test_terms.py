"""The terms of texts: one for all forms of a word or an ideograph, and none for question words."""

import pytest

from documind.terms import folded, held, question_terms, terms, variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("資料庫遷移", "资料库迁移"),
        ("\uf9d8", "律"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("ＤＪＡＮＧＯ", "Django"),
        ("\u2fba ㊮", "马 资"),  # a radical and a circled ideograph, which NFKC turns into Traditional ones
        ("臺灣", "台湾"),
        ("running", "runs"),
        ("libraries passes walls", "library passing wall"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_terms_are_single_ideographs_their_pairs_and_stems_of_words() -> None:
    assert terms("風場 and walls") == ["风", "场", "风场", "and", "wal"]


def test_question_words_are_no_terms_unless_there_is_nothing_else() -> None:
    assert question_terms("What does the parking cost?") == {"park", "cost"}
    assert question_terms("病假有多少天？") == {"病", "假", "病假", "天"}
    assert question_terms("what is it") == {"what", "is", "it"}
    assert question_terms("？！😀") == frozenset()


def test_no_variant_leads_to_another() -> None:
    table = variants()
    assert not {found for found in table.values() if table.get(found, found) != found}
    assert folded(folded("發現頭髮")) == folded("發現頭髮")


@pytest.mark.parametrize(
    "text",
    [
        "Libraries, a library; running in RUNS of walls. Gas, gases",
        "unlibrary librarian lib_rary 2library 圖書館library資料庫遷移",
        "ＤＪＡＮＧＯ與資料庫、资料 yes y ies eyes",
        "",
    ],
)
def test_the_terms_found_in_a_text_are_those_of_the_question(text: str) -> None:
    wanted = frozenset(terms("library librarian run wall gas y yes eye lib 資料庫遷移 圖書 django"))
    assert held(wanted, folded(text)) == wanted & set(terms(text))
