"""From the numbers in an answer to its citations: none is invented and none is lost."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from answer import support
from answer.citations import MAX_COMPARED, MAY_BECOME_A_MARK, MIN_WORDS, cite, renumbered
from answer.passages import Passage
from answer.support import Evidence, Support
from documind.pages import PageLine, PageText
from documind.stores.documents import StoredDocument


def document(name: str) -> StoredDocument:
    return StoredDocument(
        chat_id="c", document_id=name, name=f"{name}.pdf", status="ready", size_bytes=1, sha256="", ingest_id=name
    )


PASSAGES = [Passage(n, document(f"d{n}"), n, "質量😀", score=1 / n) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "kept", "passages"),
    [
        ("Mass [1].", "Mass [1].", [1]),
        ("Mass [3], energy [1], mass [3].", "Mass [1], energy [2], mass [1].", [3, 1]),
        ("Twice [2] and again [2].", "Twice [1] and again [1].", [2]),
        ("Both [1, 2].", "Both [1][2].", [1, 2]),
        ("兩者皆是 [1、2]。", "兩者皆是 [1][2]。", [1, 2]),
        ("兩者皆是 [2，1]。", "兩者皆是 [1][2]。", [2, 1]),
        ("Adjacent [1][3].", "Adjacent [1] [2].", [1, 3]),
        ("Invented [9].", "Invented.", []),
        ("Half invented [2, 9].", "Half invented [1].", [2]),
        ("Zero [0] and many [100].", "Zero and many.", []),
        ("A year [2024], a list [a], a range [1-3].", "A year [2024], a list [a], a range [1-3].", []),
        (r"Escaped \[2\], or as entities &#91;9&#93; &lbrack;1&rsqb;.", "Escaped [1], or as entities [2].", [2, 1]),
        ("As some models write: 【3】 or【1】, [^3] or 【9】.", "As some models write: [1] or [2], [1] or.", [3, 1]),
        ("```\nrow[3][7]\n```\nSo [2].", "```\nrow[3][7]\n```\nSo [1].", [2]),
        ("Nested [[9]3].", "Nested [3].", []),
        ("Nothing.", "Nothing.", []),
        ("", "", []),
    ],
)
def test_citations_are_counted_from_1_and_numbers_that_name_no_passage_are_dropped(
    text: str, kept: str, passages: list[int]
) -> None:
    cited = cite(text, PASSAGES)
    assert cited.text == kept
    assert [passage.number for passage in cited.passages] == passages
    assert [citation.number for citation in cited.citations({})] == list(range(1, len(passages) + 1))


@pytest.mark.parametrize(
    "written",
    [
        "Mass [3], energy [1, 2]  and [9] more [3].",
        "兩者皆是 [2、1]。\n\n- 一 \\[3\\]\n- 二 &#91;1&#93; &lbrack;2&rsqb; & 三",
        "```\nrow[3]\n```\nSo [2], a list [a].",
        "質量【3】，能量[^1]，【甲】。",
    ],
)
def test_text_shown_while_streaming_does_not_change_later(written: str) -> None:
    whole, _ = renumbered(written, (1, 2, 3))
    for end in range(len(written)):
        shown, _ = renumbered(MAY_BECOME_A_MARK.sub("", written[:end]), (1, 2, 3))
        assert whole.startswith(shown)
        assert end - len(shown) < 30


def test_endless_white_space_is_searched_for_citations_at_once() -> None:
    gap = " " * 200_000  # a model that repeats itself; formerly took 15 minutes
    assert renumbered(f"Mass{gap}and energy{gap}[2].", (2,)) == (f"Mass{gap}and energy [1].", [2])


@pytest.mark.parametrize("mark", [":", ".", "|", "*"])
def test_endless_marks_within_a_claim_are_passed_at_once(mark: str) -> None:
    claim = f"Mass and energy {mark * 100_000} x"  # formerly took minutes
    assert cite(claim, PASSAGES).text == claim


def test_a_citation_has_the_place_and_the_words_of_its_passage() -> None:
    line = PageLine.of_edges(0, "x", (80.5, 92.0), [72.0, 90.0, 120.0], [90.0, 120.0, 140.0])
    (citation, other) = cite("[2][1]", PASSAGES).citations({("d2", 2): PageText("質量😀", (line,))})
    assert (citation.number, citation.document_id, citation.page, citation.start, citation.end) == (1, "d2", 2, 0, 3)
    assert (citation.quote, citation.score) == ("質量😀", 0.5)
    assert (citation.rects, other.rects) == ([(72.0, 80.5, 140.0, 92.0)], [])


def test_without_passages_nothing_can_be_cited() -> None:
    cited = cite("Surely it is so [1].", [])
    assert (cited.text, cited.passages) == ("Surely it is so.", [])
    assert [span.of(cited.text) for span in cited.unverified] == ["Surely it is so."]


LENT = "Loans\nBooks are lent for three weeks. Board games may be kept for ten days. A card costs 4 pounds a year."
BOUGHT = "教師可借八十冊，借期九十天。逾期每冊每日罰款五元。😀罰款以二百元為限。"
BOTH = [
    Passage(1, document("d"), 1, LENT, 7),
    Passage(2, document("d"), 1, BOUGHT, 300),
]


@pytest.mark.parametrize(
    ("text", "cited_text", "unverified"),
    [
        (
            "Books are lent for three weeks. The moon is made of green cheese. Board games: ten days [1].",
            "Books are lent for three weeks [1]. The moon is made of green cheese. Board games: ten days [1].",
            ["The moon is made of green cheese."],
        ),
        ("教師借書的上限是八十冊。月亮上有兔子。", "教師借書的上限是八十冊 [1]。月亮上有兔子。", ["月亮上有兔子。"]),
        (
            "借期九十天。Board games: ten days [1]。",
            "借期九十天 [2]。Board games: ten days [1]。",
            [],
        ),
        ("A card costs 4 pounds a year.", "A card costs 4 pounds a year [1].", []),
        ("A card costs 7 pounds a year.", "A card costs 7 pounds a year.", ["A card costs 7 pounds a year."]),
        (
            "## Loans\nThe rules:\n- **Books** are lent for three weeks.\n- Board games for ten days\n\nYes.",
            "## Loans\nThe rules:\n- **Books** are lent for three weeks [1].\n- Board games for ten days [1]\n\nYes.",
            [],
        ),
        ("Books for three weeks. [1] Cheese grows on the moon.", None, ["Cheese grows on the moon."]),
        ("Cheese grows there. It is green too. Why?", None, ["Cheese grows there. It is green too."]),
        ("```\nthis is only code\n```\nBooks for three weeks [1].", None, []),
        ("e.g. the books are lent for three weeks, i.e. not longer [1].", None, []),
    ],
)
def test_a_sentence_without_a_number_gets_that_of_its_support_or_is_unverified(
    text: str, cited_text: str | None, unverified: list[str]
) -> None:
    cited = cite(text, BOTH)
    assert cited.text == (cited_text or text)
    assert [span.of(cited.text) for span in cited.unverified] == unverified


def test_of_two_supporting_passages_the_one_already_cited_is_cited() -> None:
    overlapping = [replace(passage, text=LENT) for passage in BOTH]
    cited = cite("Books are lent for three weeks. Board games may be kept for ten days [2].", overlapping)
    assert cited.text == "Books are lent for three weeks [1]. Board games may be kept for ten days [1]."
    assert [passage.number for passage in cited.passages] == [2]


def test_a_citation_is_narrowed_to_the_supporting_sentences() -> None:
    (books,) = cite("You keep books for three weeks [1].", BOTH).citations({})
    assert books.quote == "Books are lent for three weeks."
    assert (books.start, books.end) == (7 + 6, 7 + 6 + len("Books are lent for three weeks."))
    (fine,) = cite("罰款的上限是二百元。", BOTH).citations({})
    assert fine.quote == "😀罰款以二百元為限。"
    assert fine.end == 300 + len(BOUGHT)
    (two,) = cite("Books are lent for three weeks [1]. Board games may be kept for ten days [1].", BOTH).citations({})
    assert two.quote == "Books are lent for three weeks. Board games may be kept for ten days."


def test_a_citation_across_languages_stays_the_whole_passage() -> None:
    (whole,) = cite("老師最多能帶走多少本書由此可知 [1]。", BOTH).citations({})
    assert (whole.start, whole.quote) == (7, LENT)


def test_an_endless_answer_is_not_compared_forever() -> None:
    sentence = "Books are lent for three weeks. "
    cited = cite(sentence * (MAX_COMPARED + 5), BOTH)
    assert cited.text.count("[1]") == MAX_COMPARED
    (rest,) = cited.unverified
    assert rest.of(cited.text) == (sentence * 5).strip()
    assert len(sentence.split()) > MIN_WORDS


def test_a_citation_is_located_in_its_own_passage_only(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def cover(own: Sequence[Support], *_: object) -> tuple[list[object], float]:
        compared.append(own[0].number)
        return [], 0.0

    monkeypatch.setattr(support, "_cover", cover)
    cite("Mass [3], energy [2]. Mass [3].", PASSAGES)
    assert compared == [3, 2, 3]


def test_a_number_that_a_sentence_repeats_is_located_once(monkeypatch: pytest.MonkeyPatch) -> None:
    located: list[int] = []
    monkeypatch.setattr(Evidence, "located", lambda _evidence, _claim, number: located.append(number))
    cite(f"Mass {'[1]' * 1_000} and energy [2].", PASSAGES)
    assert located == [1, 2]
