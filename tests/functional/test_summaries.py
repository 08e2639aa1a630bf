"""Summaries: written once for a ready document, and used to answer questions about whole documents."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

import answer.handler
from documind.clients.objects import pages_key
from documind.errors import Code, Ending, UnavailableError
from documind.logs import InvocationFailedError
from documind.pages import PageText
from documind.stores.budgets import Allowance
from documind.stores.documents import StoredDocument
from documind.wire import DocumentFrame, HistoryFrame, Message, Opened
from tests.functional.world import Person, World, endings, only
from tests.lambda_context import Context

QUESTIONS = ["What is mass?", "什麼是質量？", "Is energy conserved?", "What is inertia [1]?"]
WRITTEN = {
    "summary": "It is about mass as inertia [1]. Energy is conserved [2][9]. Cats purr at night [8].",
    "questions": QUESTIONS,
}


@pytest.fixture
def document(world: World, chat_id: str) -> StoredDocument:
    return world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.")


def summarise(world: World, document: StoredDocument, written: Any = WRITTEN) -> None:
    world.models.written = written if isinstance(written, str | Exception) else json.dumps(written)
    ids = {"chat_id": document.chat_id, "document_id": document.document_id}
    answer.handler.handler({"step": "summarise", "document": ids}, Context())


def tokens_of(world: World, user_id: str) -> tuple[int, int]:
    (budget,) = [item for item in world.rooms_table.scan()["Items"] if item["pk"] == f"BUDGET#USER#{user_id}"]
    return int(str(budget["tokens"])), int(str(budget["reserved_tokens"]))


def ask(world: World, person: Person, text: str, question_id: str = "q1") -> Message:
    person.ask(question_id, text)
    world.run_workflow(person.room, question_id)
    (ended,) = endings(person.seen())
    return ended


def test_a_summary_keeps_supported_sentences_and_is_charged_to_the_uploader(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    bob = world.person("bob")
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    summarise(world, document)
    shown = only(DocumentFrame, bob.seen()).document
    assert shown.summary == "It is about mass as inertia. Energy is conserved."
    assert shown.questions == ["What is mass?", "Is energy conserved?", "What is inertia?"]
    assert tokens_of(world, "ann") == (30, 0)
    assert only(Opened, ann.enter(chat_id)).documents == [shown]


def test_the_model_gets_the_beginnings_of_pages_as_data_without_their_marks(world: World, chat_id: str) -> None:
    long = "One sentence of it [7]. " * 400
    document = world.ready_document(chat_id, *[f"Page {page}. {long}" for page in range(1, 41)])
    summarise(world, document)
    ((task, (_, user), _),) = world.models.tasks
    passages = json.loads(user["content"])["passages"]
    assert task == "document_summary"
    assert [passage["page"] for passage in passages] == [1, 2, 3, 4, 5, 9, 14, 18, 23, 27, 32, 36]
    assert 7_000 < sum(len(each["text"]) for each in passages) <= 8_000
    assert 1_900 < len(passages[0]["text"]) <= 2_000  # long enough for an abstract below title and authors
    assert all(each["text"].endswith("it ［7］.") for each in passages)


@pytest.mark.parametrize(
    "written", ["no JSON", {"summary": "", "questions": []}, {"summary": "Cats.", "questions": []}]
)
def test_a_summary_that_no_passage_supports_is_dropped(world: World, document: StoredDocument, written: Any) -> None:
    summarise(world, document, written)
    kept = world.documents.get(document.chat_id, document.document_id)
    assert kept
    assert (kept.status, kept.summary) == ("ready", None)


def test_a_failure_leaves_the_document_ready_and_the_next_try_succeeds(
    world: World, ann: Person, document: StoredDocument
) -> None:
    with pytest.raises(InvocationFailedError):
        summarise(world, document, UnavailableError(Code.MODEL_UNAVAILABLE))
    assert tokens_of(world, "ann") == (0, 0)
    assert ask(world, ann, "What is this about?").ending is not None
    summarise(world, document)
    summarise(world, document)  # an asynchronous invocation may be delivered twice
    assert len(world.models.tasks) == 2


def test_a_document_over_budget_gets_no_summary(world: World, document: StoredDocument) -> None:
    world.set_up(a_user=Allowance(tokens=100))
    summarise(world, document)
    assert world.models.tasks == []


def test_a_question_about_a_whole_document_is_answered_by_its_summary_with_pages(
    world: World, ann: Person, document: StoredDocument
) -> None:
    summarise(world, document)
    ended = ask(world, ann, "What is this document about?")
    assert (ended.ending, ended.text) == (
        Ending.ANSWER,
        "It is about mass as inertia [1]. Energy is conserved [2].",
    )
    assert [(each.number, each.page, each.quote) for each in ended.citations] == [
        (1, 1, "Mass is inertia."),
        (2, 2, "Energy is conserved."),
    ]
    assert (world.models.prompts, world.models.embedded) == ([], [])


def test_the_pages_of_a_summary_are_read_at_the_same_time(world: World, ann: Person, document: StoredDocument) -> None:
    summarise(world, document)
    all_are_read, read_pages = Barrier(2), world.objects.read_pages

    def read(document: StoredDocument, page: int) -> dict[int, PageText]:
        all_are_read.wait(5)
        return read_pages(document, page)

    world.monkeypatch.setattr(world.objects, "read_pages", read)
    with ThreadPoolExecutor() as executor:
        world.set_up(executor=executor)
        assert len(ask(world, ann, "What is this document about?").citations) == 2


def test_a_question_about_documents_summarises_all_or_the_named_or_selected_ones(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    report = world.ready_document(chat_id, "Tea is a drink.", name="年報2025.pdf")
    summarise(world, document)
    summarise(world, report, {"summary": "Tea [1].", "questions": ["What is tea?"]})
    both = ask(world, ann, "Summarise the documents.")
    assert both.text.startswith("**physics.pdf**\n\nIt is about mass as inertia [1].")
    assert both.text.endswith("**年報2025.pdf**\n\nTea [3].")
    assert [each.document_id for each in both.citations] == [document.document_id] * 2 + [report.document_id]
    assert ask(world, ann, "年報2025 在說什麼？", "q2").text == "Tea [1]."
    ann.ask("q3", "這份文件在說什麼？", document_ids=[report.document_id])
    world.run_workflow(chat_id, "q3")
    assert endings(ann.seen())[0].text == "Tea [1]."


def test_summaries_that_exceed_a_frame_together_are_shown_and_the_room_can_be_opened(
    world: World, ann: Person, chat_id: str
) -> None:
    """The control characters, six bytes each in JSON, come from a hostile PDF by way of the model."""
    for number in range(5):
        document = world.ready_document(chat_id, "Mass is inertia.", name=f"{number}{'質' * 250}.pdf")
        sentence = "Mass is inertia [1]."
        summarise(world, document, {"summary": sentence + "\x01" * (1_000 - len(sentence)), "questions": []})
    ended = ask(world, ann, "Summarise the documents.")
    assert (ended.ending, len(ended.citations)) == (Ending.ANSWER, 5)
    assert only(HistoryFrame, ann.enter(chat_id)).messages[-1].text == ended.text


def test_a_summary_is_shown_although_one_of_its_pages_cannot_be_read(
    world: World, ann: Person, document: StoredDocument
) -> None:
    summarise(world, document)
    world.objects.delete_all(pages_key(document.ingest_id or "", 2, 2))
    ended = ask(world, ann, "What is this document about?")
    assert ended.ending == Ending.ANSWER
    assert [(each.page, each.start, each.end, each.quote) for each in ended.citations] == [
        (1, 0, 16, "Mass is inertia."),
        (2, 0, 20, None),
    ]
