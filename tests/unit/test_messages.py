"""Every message that ends a question fits a frame, however long its parts are."""

import pytest

from answer.citations import cite
from answer.passages import Passage
from documind.limits import MAX_ANSWER_BYTES
from documind.stores.conversation.messages import sendable
from documind.stores.documents import StoredDocument
from documind.wire import MAX_FRAME_BYTES, Citation, HistoryFrame, Message

DOCUMENT = StoredDocument(chat_id="c", document_id="1" * 26, name="a", status="ready", size_bytes=1, sha256="")
LINE = (123.4, 700.1, 567.8, 712.3)


def cited(number: int, *, lines: int = 0, quote: str | None = None) -> Citation:
    ids = {"number": number, "document_id": DOCUMENT.document_id, "page": number}
    return Citation.model_validate(ids | {"start": 0, "end": 9, "score": 0.5, "rects": [LINE] * lines, "quote": quote})


def answer(text: str, *citations: Citation, unverified: list[tuple[int, int]] | None = None) -> Message:
    spans = unverified or []
    ids = {"message_id": "1" * 26, "kind": "answer", "question_id": "1" * 64, "sender": None}
    return Message.model_validate(ids | {"text": text, "citations": citations, "unverified": spans})


def size(message: Message) -> int:
    ids = {"request_id": "1" * 64, "chat_id": "1" * 22, "next": message.message_id}
    return len(HistoryFrame(**ids, messages=[message]).model_dump_json().encode())


def test_a_message_that_fits_is_sent_as_it_is() -> None:
    message = answer("Mass [1].", cited(1, lines=2, quote="Mass"), unverified=[(0, 4)])
    assert sendable(message) == message


def test_a_long_message_loses_its_quotes_and_then_its_rectangles() -> None:
    quoted = answer("[1]", *[cited(number, lines=2, quote="質" * 500) for number in range(30)])
    assert [(each.quote, len(each.rects)) for each in sendable(quoted).citations] == [(None, 2)] * 30
    marked = answer("[1]", *[cited(number, lines=40, quote="質") for number in range(60)])
    assert [(each.quote, each.rects) for each in sendable(marked).citations] == [(None, [])] * 60
    assert max(map(size, map(sendable, (quoted, marked)))) <= MAX_FRAME_BYTES


def test_thousands_of_unverified_sentences_become_one_span() -> None:
    text = "A b c.\nWhy?\n" * (MAX_ANSWER_BYTES // 14)  # as a hostile PDF may have the model write it
    found = cite(text, [Passage(1, DOCUMENT, 1, "Mass is inertia.")])
    spans = [(span.start, span.end) for span in found.unverified]
    assert len(spans) > 1_000
    message = sendable(answer(found.text, unverified=spans))
    assert size(message) <= MAX_FRAME_BYTES
    assert (message.text, message.unverified) == (found.text, [(0, len(text) - len("\nWhy?\n"))])


@pytest.mark.parametrize("text", ["\x01" * 9_000, "\x01" * 9_000 + "😀" * 9_000, "質" * 20_000])
def test_a_text_that_is_too_long_by_itself_is_cut(text: str) -> None:
    citations = [cited(number, lines=40, quote="質" * 500) for number in range(60)]
    message = sendable(answer(text, *citations, unverified=[(0, 5), (20, len(text))]))
    assert size(message) <= MAX_FRAME_BYTES
    assert text.startswith(message.text)
    assert len(message.text) > 1_000
    assert all(end <= len(message.text) for _, end in message.unverified)


def test_a_span_behind_the_cut_is_dropped() -> None:
    text = "質" * 20_000
    assert sendable(answer(text, unverified=[(len(text) - 2, len(text))])).unverified == []
