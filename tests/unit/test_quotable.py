"""The offline model, without its server: how it splits a passage into quotes."""

import pytest

from documind.limits import CHUNK_CHARACTERS
from local.model_server.sentences import quotable


def quotes(text: str) -> list[str]:
    return [sentence.text for sentence in quotable(text)]


def test_an_item_that_is_part_of_a_sentence_is_not_quoted_alone() -> None:
    items = "• a foreign individual related to a government,\n• a teacher or a trainee of any school, or\n• a student."
    listed = items.replace("•", "-")
    assert quotes(items) == [listed]
    assert quotes(f"Exempt are\n{items}") == [f"Exempt are:\n{listed}"]


def test_lines_of_a_paragraph_are_quoted_as_one() -> None:
    lines = "Legal but Dangerous\nAddiction can occur with many\ndrugs, not just heroin. Painkillers"
    assert quotes(f"{lines}\nsuch as Opal seem safe\nbut are addictive.") == [
        "Addiction can occur with many drugs, not just heroin.",
        "Painkillers such as Opal seem safe but are addictive.",
    ]
    assert quotes("The act was signed into law by\n1\nPresident Ames on May 3.") == [
        "The act was signed into law by President Ames on May 3."
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Kestrel Instruments: Staff Handbook 1. Working hours",
        "Restoring",
        "What a room is",
        "Figure 2: The machine of 1921.",
        "Working hours . . . . . . 14",
        "Abstract.",
    ],
)
def test_a_heading_is_no_part_of_the_sentence_below_it(heading: str) -> None:
    below = "The core hours end at three."
    assert below in quotes(f"{heading}\n{below}")
    assert quotes(f"Abstract. {below}") == [below]


def test_neither_a_long_heading_nor_half_a_sentence_is_quoted() -> None:
    text = "of the county.\nHow the office of the county treasurer works\nMoney is counted. It is kept in a safe."
    assert quotes(text) == ["Money is counted. It is kept in a safe."]
    assert quotes("of the county.") == ["of the county."]  # if there is nothing else


def test_a_heading_of_several_words_in_its_line_is_quoted_with_what_follows() -> None:
    assert quotes("Mailing your return. Estates use a different address this year. Page 4 has it.") == [
        "Mailing your return. Estates use a different address this year.",
        "Page 4 has it.",
    ]


def test_a_numbered_heading_is_no_item() -> None:
    found = quotable("2. Definitions\nMaterials that contain any quantity of a stimulant are controlled.")
    assert [(one.text, one.heading) for one in found] == [
        ("Materials that contain any quantity of a stimulant are controlled.", "Definitions")
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("FY05\tFY06\nVolunteer hours\t104\t103", ["Volunteer hours: FY05 104 / FY06 103"]),
        ("2004\t2005\nHours\t19 Fri\t68 Sat\t15 Fri\t60 Sat", ["Hours: 19 Fri / 68 Sat / 15 Fri / 60 Sat"]),
        ("Amount due:\t671.33\nVAT\t116.51", ["Amount due: 671.33", "VAT: 116.51"]),
    ],
)
def test_only_a_header_that_fits_names_the_columns(table: str, expected: list[str]) -> None:
    assert quotes(table) == expected


def test_lists_of_questions_and_lines_of_signs_are_not_quoted() -> None:
    assert quotes("Questions on opals:\n• What is an opal?\n• Where is it found?\n┌──┬──┐ │░░│░░│\n.......... 14") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他說：「明天放假。」大家都很高興！真的嗎？", ["他說：「明天放假。」", "大家都很高興！"]),
        ("It costs 3.5 dollars, e.g. for tea. Next one.", ["It costs 3.5 dollars, e.g. for tea.", "Next one."]),
        ("第三章\n員工到職滿一年後每年有七日的特別休假。", ["員工到職滿一年後每年有七日的特別休假。"]),
        ("1. Open a room.\n• Drop a PDF.\n（3）提問。", ["Open a room.", "Drop a PDF.", "提問。"]),
        (
            "缺點：\n不支持WebSocket等長連接協議\n# 綁定的端口\nbind = 80\nrun(port)",
            ["缺點：\n- 不支持WebSocket等長連接協議"],
        ),
        (
            "今日重點：\n介紹一種新的啟動方式\ndrf-spectacular\n基礎使用",
            ["今日重點：\n- 介紹一種新的啟動方式\n- drf-spectacular\n- 基礎使用"],
        ),
        ("It did not match the first one. # Try it again.", ["It did not match the first one.", "Try it again."]),
        ("As shown [12], it works [3, 4]. --- ...", ["As shown, it works."]),
    ],
)
def test_the_quotes_of_a_passage(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_quotes_are_in_the_text_and_short_enough() -> None:
    text = "沒有句號的長文字，" * 80 + "\n" + "x" * 700 + "。\n結束。"
    squeezed = "".join(text.split())
    for sentence in quotes(text):
        assert len(sentence) <= CHUNK_CHARACTERS
        assert "".join(sentence.split()) in squeezed
