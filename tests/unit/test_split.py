"""Passages: within the limit, whole sentences, nothing lost, in any script."""

import random
import time
from itertools import pairwise

import pytest

from documind.limits import CHUNK_CHARACTERS
from ingest.split import OVERLAP_CHARACTERS, split

CHINESE = "資料庫遷移前必須備份。備份存放在另一個區域，保留三十天！誰負責還原？由值班的工程師負責。"
ENGLISH = 'The library opens at nine. "May I bring tea?" No; water is fine. Mr. Gray paid 3.50 for it.'


def words_of(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


@pytest.mark.parametrize("text", [CHINESE, ENGLISH, "x"])
def test_a_short_page_is_one_passage(text: str) -> None:
    assert words_of(f"  {text}\n") == [text]


@pytest.mark.parametrize("text", ["", " \n\n\t "])
def test_a_page_without_words_has_no_passage(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize("sentence", ["資料庫遷移前必須先完成備份與驗證。", "The library opens at nine on Sundays. "])
def test_passages_end_and_begin_with_sentences(sentence: str) -> None:
    passages = words_of(sentence * 60)
    assert len(passages) > 2
    assert all(passage.endswith(sentence.strip()[-1]) for passage in passages)
    assert all(passage.startswith(sentence[:4]) for passage in passages)
    assert min(len(passage) for passage in passages[:-1]) > CHUNK_CHARACTERS - 2 * len(sentence)


def test_neighbours_share_whole_sentences_within_the_overlap() -> None:
    spans = split(CHINESE * 40)
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
        spans = split(text)
        covered = {position for span in spans for position in range(span.start, span.end)}
        assert all(position in covered or character.isspace() for position, character in enumerate(text))
        assert all(0 < len(span) <= CHUNK_CHARACTERS for span in spans)
        assert all(left.start < right.start and left.end < right.end for left, right in pairwise(spans))


def test_two_million_characters_without_any_separator_take_no_time() -> None:
    started = time.monotonic()
    assert len(split("字" * 2_000_000)) == 4_000
    assert time.monotonic() - started < 5
