"""The text of a page: broken lines joined, stray characters gone, nothing else touched."""

import pytest

from ingest.clean import page_text
from ingest.visual_line import VisualLine

WIDTH = 400.0


def line(text: str, *, row: float, right: float = WIDTH, start_width: float = 12.0, height: float = 12.0) -> VisualLine:
    return VisualLine(text, left=0.0, right=right, baseline=800 - 18 * row, height=height, start_width=start_width)


def test_a_chinese_sentence_broken_by_the_width_becomes_one_line() -> None:
    lines = [line("資料庫遷移之前必須備", row=0), line("份。", row=1, right=24.0), line("下一段", row=2, right=36.0)]
    assert page_text(lines) == "資料庫遷移之前必須備份。\n下一段"


def test_latin_words_keep_their_space() -> None:
    lines = [line("the library opens", row=0, right=380.0, start_width=40.0), line("every", row=1, start_width=40.0)]
    assert page_text(lines) == "the library opens every"


def test_a_line_whose_end_had_space_for_the_next_word_ends_a_paragraph() -> None:
    lines = [line("短句", row=0, right=200.0), line("另一個很長的句子填滿了整行", row=1)]
    assert page_text(lines) == "短句\n另一個很長的句子填滿了整行"


def test_a_heading_is_not_joined_with_what_follows() -> None:
    lines = [line("很大的標題", row=0, height=30.0), line("內文從這裡開始", row=1.5)]
    assert page_text(lines) == "很大的標題\n內文從這裡開始"


def test_entries_that_stand_apart_are_not_joined() -> None:
    lines = [line("甲項填滿了這一行", row=0), line("乙項換了行而且很", row=1.4), line("長", row=2.4, right=12.0)]
    assert page_text(lines) == "甲項填滿了這一行\n乙項換了行而且很長"


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("an iden\x02tifier is", "an identifier is"),
        ("an iden\ufffetifier.", "an identifier."),
        ("https://x.org/rest-apis\x02documentation", "https://x.org/rest-apis-documentation"),
        ("the file model\x02server.py", "the file model-server.py"),
        ("Anglo\x02Saxon", "Anglo-Saxon"),
        ("由 1990\x021995 年", "由 1990-1995 年"),
    ],
)
def test_a_hyphen_at_a_line_end(seen: str, text: str) -> None:
    assert page_text([line(seen, row=0)]) == text


def test_characters_that_nobody_sees_go_and_full_width_ones_stay() -> None:
    seen = "\x00全形：「ＡＢＣ」，\u00a0ﬁ\u200b⼀\ud800\ufeff。"
    assert page_text([line(seen, row=0)]) == "全形：「ＡＢＣ」， ﬁ⼀。"


def test_a_line_without_width_is_kept_like_any_other() -> None:
    upper = VisualLine("مرحبا", left=300.0, right=300.0, baseline=800, height=12, start_width=0)
    lower = VisualLine("بالعالم", left=300.0, right=300.0, baseline=782, height=12, start_width=0)
    assert page_text([upper, lower]) == "مرحبا بالعالم"
