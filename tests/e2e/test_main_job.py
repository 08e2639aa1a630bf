"""The main job with all real parts: upload, follow the reading, ask, check the cited answer and the history."""

import re
from pathlib import Path

import pytest

from documind.errors import Ending
from documind.wire import Accepted, Citation, Delta, DocumentFrame, Message, MessageFrame, Stage
from tests.deployed import Person
from tests.e2e.asking import Asked, ask, continues, without_numbers
from tests.e2e.rooms import history_of, summarised, upload
from tests.pdfs import Question, all_pdfs, characters, page_count, questions_about, stands_on_its_page


@pytest.mark.parametrize("path", all_pdfs(), ids=lambda path: path.name)
def test_a_pdf_is_read_asked_about_and_cited(path: Path, person: Person) -> None:
    client = person.connect()
    client.open("Reading")
    document, told = upload(client, path)
    assert_reading_was_shown(told, page_count(path))
    assert document.status == "ready"

    asked = [(question, ask(client, question.question)) for question in questions_about(path)]
    for question, conversation in asked:
        assert_course(conversation, question.question)
        assert_cited(conversation.end, document.document_id, path)
    found = [question for question, conversation in asked if is_answered(question, conversation.end)]
    assert len(found) >= len(asked) - 1, [(question, it.end) for question, it in asked if question not in found]

    again = person.connect()
    again.open("Reading")
    said = [frame.message for _, conversation in asked for frame in conversation.of(MessageFrame)]
    assert history_of(again) == [without_quotes(message) for message in said]


def test_a_document_is_summarised_and_the_summary_answers_questions_about_the_whole(person: Person) -> None:
    client = person.connect()
    client.open("Summaries")
    path = all_pdfs()[0]
    document, _ = upload(client, path)
    told = summarised(client)
    assert (told.document_id, told.status) == (document.document_id, "ready")
    assert 1 <= len(told.questions) <= 3
    end = ask(client, f"Summarise {path.name}").end
    assert_cited(end, document.document_id, path)
    assert without_numbers(end.text) == told.summary


def assert_reading_was_shown(told: list[DocumentFrame], pages: int) -> None:
    """Assert that the room received growing counts of pages read, and then the status `ready`."""
    documents = [frame.document for frame in told]
    assert [document.status for document in documents[-2:]] == ["reading", "ready"]
    counts = [document.pages_done for document in documents]
    assert counts == sorted(counts)
    assert any(document.status == "reading" and document.pages_total == pages for document in documents)
    assert (documents[-1].pages_done, documents[-1].pages_total, documents[-1].reason) == (pages, pages, None)


def assert_course(conversation: Asked, question: str) -> None:
    """Assert the order of frames: accepted, shown and searching, deltas that continue each other, their text as end."""
    assert [frame.question_id for frame in conversation.of(Accepted)] == [conversation.question_id]
    first, _ = conversation.of(MessageFrame)
    shown = first.message
    assert (shown.kind, shown.text, shown.ending) == ("question", question, None)
    assert first.searching == 1
    assert conversation.streamed
    assert continues(conversation.end, conversation.streamed)
    kinds = [type(frame) for frame in conversation.frames if isinstance(frame, Stage | Delta)]
    assert kinds == sorted(kinds, key=[Stage, Delta].index)


def assert_cited(answer: Message, document_id: str, path: Path) -> None:
    """Assert that numbers in the text and citations match, and that each quote is on its page."""
    assert answer.ending is Ending.ANSWER
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    assert numbers == {citation.number for citation in answer.citations}
    for citation in answer.citations:
        assert citation.document_id == document_id
        assert stands_on_its_page(citation, path), citation


def is_answered(question: Question, answer: Message) -> bool:
    """Tell whether the answer has the expected words, and the citation after them is of the right page."""
    match = re.search(re.escape(characters(question.answer)) + r".*?\[(\d+)\]", characters(answer.text))
    return match is not None and citation_of(answer, int(match[1])).page == question.page


def citation_of(answer: Message, number: int) -> Citation:
    return next(citation for citation in answer.citations if citation.number == number)


def without_quotes(message: Message) -> Message:
    """Return a message as in the history, which leaves out quotes: `document.view` gives them."""
    citations = [citation.model_copy(update={"quote": None}) for citation in message.citations]
    return message.model_copy(update={"citations": citations})
