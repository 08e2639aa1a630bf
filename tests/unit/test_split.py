"""Passages: within the limit, of whole sentences, with nothing lost, in any script."""

import random
from itertools import pairwise

import pytest

from documind.limits import CHUNK_CHARACTERS
from documind.pages import PageText
from ingest.reader.blocks import Block, Kind, PageLayout
from ingest.split import OVERLAP_CHARACTERS, split

CHINESE = "資料庫遷移前必須備份。備份存放在另一個區域，保留三十天！誰負責還原？由值班的工程師負責。"
ENGLISH = 'The library opens at nine. "May I bring tea?" No; water is fine. Mr. Gray paid 3.50 for it.'


def plain(text: str) -> PageLayout:
    """Return a page that is one paragraph."""
    return PageLayout(PageText(text), (Block(0, len(text), Kind.TEXT),))


def page_of(*blocks: tuple[Kind, str]) -> PageLayout:
    """Return a page of these blocks."""
    placed = []
    start = 0
    for kind, text in blocks:
        placed.append(Block(start, start + len(text), kind))
        start += len(text) + 1
    return PageLayout(PageText("\n".join(text for _, text in blocks)), tuple(placed))


def words_of(text: str) -> list[str]:
    return passages_of(plain(text))


def passages_of(page: PageLayout) -> list[str]:
    return [page.content.text[passage.start : passage.end] for passage in split(page)]


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, "x"])
def test_a_short_page_is_one_passage(text: str) -> None:
    assert words_of(f"  {text}\n") == [text]


@pytest.mark.parametrize("text", ["", " \n\n\t "])
def test_a_page_without_words_has_no_passage(text: str) -> None:
    assert split(plain(text)) == []


@pytest.mark.parametrize("sentence", ["資料庫遷移前必須先完成備份與驗證。", "The library opens at nine on Sundays. "])
def test_passages_end_and_begin_with_sentences(sentence: str) -> None:
    passages = words_of(sentence * 60)
    assert len(passages) > 2
    assert all(passage.endswith(sentence.strip()[-1]) for passage in passages)
    assert all(passage.startswith(sentence[:4]) for passage in passages)
    assert min(len(passage) for passage in passages[:-1]) > CHUNK_CHARACTERS - 2 * len(sentence)


def test_neighbours_share_whole_sentences_within_the_overlap() -> None:
    spans = split(plain(CHINESE * 40))
    shared = [left.end - right.start for left, right in pairwise(spans)]
    assert all(0 < length <= OVERLAP_CHARACTERS for length in shared)


def test_decimal_points_and_closing_quotes_do_not_end_a_sentence_too_early() -> None:
    passages = words_of(("他說：「這樣就好。」然後離開了房間。Pay 3.50 for it. " * 20).strip())
    assert all(passage.endswith(("房間。", "it.", "好。」")) for passage in passages)


def test_a_sentence_longer_than_a_passage_is_cut_at_its_pauses() -> None:
    passages = words_of("一句沒有句號但有逗號的話，" * 60)
    assert all(len(passage) <= CHUNK_CHARACTERS and passage.endswith("，") for passage in passages)


def test_any_text_is_covered_and_kept_within_the_limit() -> None:
    dice = random.Random(7)  # noqa: S311
    alphabet = "資料庫。！，「」 abc.?;:\n\t。 𠮷😀"
    for _ in range(300):
        text = "".join(dice.choices(alphabet, k=dice.randrange(3000)))
        spans = split(plain(text))
        covered = {position for span in spans for position in range(span.start, span.end)}
        assert all(position in covered or character.isspace() for position, character in enumerate(text))
        assert all(0 < span.end - span.start <= CHUNK_CHARACTERS for span in spans)
        assert all(left.start < right.start and left.end < right.end for left, right in pairwise(spans))


def test_two_million_characters_without_any_separator_are_split() -> None:
    assert len(split(plain("字" * 2_000_000))) == 4_000  # in linear time


TEXT = (Kind.TEXT, "Books may be lent.")


def test_a_heading_begins_a_passage_and_consecutive_headings_are_in_one() -> None:
    page = page_of(TEXT, (Kind.HEADING, "Part"), (Kind.HEADING, "Lending"), TEXT, (Kind.HEADING, "Fines"), TEXT)
    assert passages_of(page) == [TEXT[1], f"Part\nLending\n{TEXT[1]}", f"Fines\n{TEXT[1]}"]


def test_headings_at_the_end_of_a_page_belong_to_the_next() -> None:
    page = page_of(TEXT, (Kind.HEADING, "Part"), (Kind.FURNITURE, "Handbook 7"))
    assert passages_of(page) == [TEXT[1]]
    assert passages_of(page_of((Kind.HEADING, "A title page"))) == ["A title page"]


def test_rows_stay_whole() -> None:
    rows = [(Kind.ROW, f"card {number}. free\t{'x' * 60}") for number in range(20)]
    page = page_of((Kind.ROW, "Card\tFee"), *rows)
    assert all(row in "\n".join(passages_of(page)) for _, row in rows)
    assert all(text.startswith("card") and text.endswith("x") for text in passages_of(page)[1:])


def test_items_stay_whole() -> None:
    items = [(Kind.ITEM, f"{number}. One sentence. Another sentence of it.") for number in range(30)]
    assert all(text.endswith("of it.") and text[0].isdigit() for text in passages_of(page_of(*items)))


@pytest.mark.parametrize("colon", [":", "："])
def test_the_introduction_of_a_list_is_with_its_first_item(colon: str) -> None:
    lead, items = f"These are the options{colon}", [(Kind.ITEM, f"- {number} {'x' * 90}") for number in range(3)]
    page = page_of((Kind.TEXT, "x" * 450 + "."), (Kind.TEXT, lead), *items)
    first, second = passages_of(page)
    assert lead not in first
    assert second.startswith(f"{lead}\n- 0")


def test_an_abbreviation_ends_no_passage() -> None:
    sentence = f"We thank Prof. Dr. Herrlich for {'x' * 400}."
    assert passages_of(plain(f"{sentence} {sentence}")) == [sentence, sentence]


def test_contents_and_furniture_are_in_no_passage() -> None:
    page = page_of((Kind.CONTENTS, "Lending ..... 3"), TEXT, (Kind.FURNITURE, "Handbook 7"))
    assert passages_of(page) == [TEXT[1]]


def test_code_is_cut_between_its_lines() -> None:
    code = "\n".join(f"    total = prices[{number}]; pay(total)" for number in range(40))
    assert all(text.endswith("pay(total)") for text in passages_of(page_of((Kind.CODE, code))))


def test_a_page_without_blocks_has_no_passage() -> None:
    assert split(PageLayout(PageText(""))) == []


def test_a_long_enough_passage_ends_at_its_last_sentence() -> None:
    sentence, lines = f"{'x' * 320}.", "\n".join(["a line that ends no sentence"] * 20)
    first, second, *_ = passages_of(page_of((Kind.TEXT, sentence), (Kind.TEXT, lines)))
    assert first == sentence
    assert second.startswith("a line")
    first, *_ = passages_of(page_of((Kind.TEXT, "Short."), (Kind.TEXT, lines)))
    assert len(first) > CHUNK_CHARACTERS - 2 * len("a line that ends no sentence")
