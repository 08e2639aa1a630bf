"""Answers, from the search to the streamed text and its citations."""

import json
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import pytest

from documind.clients.objects import pages_key
from documind.errors import ENDING_SENTENCES, Code, Ending, UnavailableError
from documind.pages import PageLine, PageText
from documind.stores.documents import StoredDocument
from documind.wire import MessageFrame
from tests.functional.world import ANN, Person, World, all_of, endings, kinds, shown_text


def last(world: World, chat_id: str) -> tuple[Ending | None, str]:
    message = world.whole_history(chat_id)[-1]
    return message.ending, message.text


def test_an_answer_is_searched_for_read_streamed_and_cited(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    bob = world.person("bob")
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    ann.ask()
    world.models.pieces = ["Mass is ", "inertia [1], 慣性 [3, 9]."]
    world.run_workflow(chat_id)
    frames = bob.seen()
    assert frames == ann.seen()
    assert kinds(frames) == ["message", "delta", "message"]
    assert [frame.searching for frame in all_of(MessageFrame, frames)] == [1, None]
    assert "Mass is inertia [1], 慣性 [2].".startswith(shown_text(frames))
    (ended,) = endings(frames)
    assert frames[-1].model_dump()["message"] == ended.model_dump()
    assert (ended.ending, ended.text, ended.sender) == (Ending.ANSWER, "Mass is inertia [1], 慣性 [2].", None)
    assert [(each.number, each.document_id, each.page, each.start, each.end) for each in ended.citations] == [
        (1, document.document_id, 1, 0, 16),
        (2, document.document_id, 3, 0, 7),
    ]
    assert [each.quote for each in ended.citations] == ["Mass is inertia.", "質量即慣性😀。"]
    kept = world.whole_history(chat_id)[-1]
    assert [each.quote for each in kept.citations] == [None, None]
    assert [each.score for each in kept.citations] == [each.score for each in ended.citations]


def test_a_document_is_searched_while_it_is_read_again(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    assert world.documents.read_again(chat_id, document.document_id)
    world.models.pieces = ["Mass is inertia [1]."]
    ann.ask()
    world.run_workflow(chat_id)
    assert endings(ann.seen())[0].citations[0].document_id == document.document_id


def test_a_citation_marks_its_passage_on_the_page(world: World, ann: Person, chat_id: str) -> None:
    document = world.ready_document(chat_id, "Mass is inertia.", "Energy is conserved.", "Lost.")
    ingest_id = document.ingest_id or ""
    edges = [(72.0 + 5 * n, 77.0 + 5 * n) for n in range(16)]
    line = PageLine.of_edges(0, "x", (80.0, 92.0), *zip(*edges, strict=True))
    world.objects.write_pages(ingest_id, 1, [PageText("Mass is inertia.", (line,))])
    world.objects.delete_all(pages_key(ingest_id, 3, 3))
    ann.ask()
    world.models.pieces = ["Mass [1], energy [2], lost [3]."]
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, [each.rects for each in ended.citations]) == (
        Ending.ANSWER,
        [[(72.0, 80.0, 152.0, 92.0)], [], []],
    )
    assert world.whole_history(chat_id)[-1].citations[0].rects == ended.citations[0].rects


def test_the_model_gets_the_question_and_at_most_five_passages(world: World, ann: Person, chat_id: str) -> None:
    world.ready_document(chat_id, *[f"Page {number}." for number in range(1, 8)])
    ann.ask(text="質量？")
    world.models.pieces = ["[1]"]
    world.run_workflow(chat_id)
    ((_, user),) = world.models.prompts
    assert '"question": "質量？"' in user["content"]
    assert user["content"].count('"number"') == 5
    assert world.models.embedded == ["質量？"]


def test_only_ready_documents_of_this_room_are_searched(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    world.documents.register(chat_id, "coming.pdf", 1, "1" * 64, ANN)
    coming = world.documents.register(chat_id, "reading.pdf", 1, "2" * 64, ANN)
    world.documents.queue(chat_id, coming.document_id, "uploads/reading.pdf", "v1")
    assert world.documents.claim(chat_id, coming.document_id, message_id="m", lease_s=60)
    elsewhere = world.person("bob").open()
    world.invite(elsewhere, "ann")
    world.ready_document(elsewhere, "Mass is a service.")
    ann.ask()
    world.run_workflow(chat_id)
    ((scope),) = world.search.scopes
    assert (scope.chat_id, scope.ready_ingest_ids) == (chat_id, (document.ingest_id,))


@pytest.mark.parametrize("chosen", ["both", "second", "none", "elsewhere"])
def test_a_question_can_be_asked_of_some_documents(
    world: World, ann: Person, chat_id: str, document: StoredDocument, chosen: str
) -> None:
    second = world.ready_document(chat_id, "Mass again.", name="second.pdf")
    ids = {"both": None, "second": [second.document_id], "none": [], "elsewhere": ["d-elsewhere"]}[chosen]
    searched = {"both": [document.ingest_id, second.ingest_id], "second": [second.ingest_id]}.get(chosen, [])
    ann.ask(document_ids=ids)
    world.models.pieces = ["[1]"]
    world.run_workflow(chat_id)
    assert [list(scope.ready_ingest_ids) for scope in world.search.scopes] == ([searched] if searched else [])
    assert last(world, chat_id)[0] == (Ending.ANSWER if searched else Ending.NO_RESULTS)


@pytest.mark.parametrize("has_document", [False, True])
def test_nothing_found_says_so_in_the_language_of_the_question(
    world: World, ann: Person, chat_id: str, has_document: bool
) -> None:
    if has_document:
        world.ready_document(chat_id)
    ann.ask(text="質量是什麼？")
    world.run_workflow(chat_id)
    frames = ann.seen()
    assert [frame.searching for frame in all_of(MessageFrame, frames)] == [has_document, None]
    (ended,) = endings(frames)
    assert (ended.ending, ended.text[:12]) == (Ending.NO_RESULTS, "這個聊天室中沒有已就緒的")
    assert world.models.prompts == []
    assert len(world.models.embedded) == has_document  # in an empty room no model is called


def test_an_answer_that_no_passage_supports_is_refused_and_keeps_its_streamed_text(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    assert document
    ann.ask()
    world.models.pieces = ["Surely it is forty-two [7]."]
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, ended.citations) == (Ending.REFUSED, [])
    assert (ended.text, ended.unverified) == ("Surely it is forty-two.", [(0, 23)])
    assert world.whole_history(chat_id)[-1].unverified == [(0, 23)]


@pytest.mark.parametrize("rest", ["", " The passages tell of mass is inertia."])
@pytest.mark.usefixtures("document")
def test_the_models_mark_for_a_refusal_is_never_shown(world: World, ann: Person, chat_id: str, rest: str) -> None:
    ann.ask()
    world.models.pieces = ["NO", "_ANSWER", ".", *([rest] if rest else [])]
    world.run_workflow(chat_id)
    frames = ann.seen()
    (ended,) = endings(frames)
    assert ended.ending is Ending.REFUSED
    assert "NO" not in shown_text(frames) + ended.text
    assert ended.text.startswith(rest.strip(" .") or ENDING_SENTENCES[Ending.REFUSED].en)


def test_an_answer_without_citation_numbers_is_cited_by_its_words(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    ann.ask()
    world.models.pieces = ["Mass is inertia. It was first weighed on the moon."]
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, ended.text) == (Ending.ANSWER, "Mass is inertia [1]. It was first weighed on the moon.")
    assert [ended.text[start:end] for start, end in ended.unverified] == ["It was first weighed on the moon."]
    assert [(each.document_id, each.quote) for each in ended.citations] == [(document.document_id, "Mass is inertia.")]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["Mass is ", "inertia [1], and", UnavailableError(Code.MODEL_UNAVAILABLE)], "Mass is inertia [1], and"),
        ([OSError("cut")], "Sorry, this question could not be answered. Please ask it again."),
        ([], "Sorry, this question could not be answered. Please ask it again."),
    ],
)
@pytest.mark.usefixtures("document")
def test_a_stream_that_breaks_ends_as_an_error_and_keeps_its_text(
    world: World, ann: Person, chat_id: str, pieces: list[str | Exception], text: str
) -> None:
    ann.ask()
    world.models.pieces = pieces
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, ended.text) == (Ending.ERROR, text)
    assert [each.number for each in ended.citations] == ([1] if "[1]" in text else [])
    assert world.models.closed == 1


@pytest.mark.parametrize("words", ["長😀 [1] ", "[1,2,3,4,5]", '"\n\\"'])
@pytest.mark.parametrize("passage", ["長", "😀", '"'])
def test_an_endless_answer_is_cut_to_fit_its_frame(
    world: World, ann: Person, chat_id: str, words: str, passage: str
) -> None:
    def babble() -> Iterator[str]:
        while True:
            yield words

    document = world.ready_document(chat_id, *[passage * 500] * 5)
    for page in range(1, 6):
        lines = [PageLine.of_edges(n, "x", (1000.1 + n, 1010.2 + n), [1000.3], [1010.4]) for n in range(500)]
        world.objects.write_pages(document.ingest_id or "", page, [PageText(passage * 500, tuple(lines))])
    ann.ask()
    world.models.pieces = babble()
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert ended.ending == Ending.ERROR
    assert len(ended.text) > 9_000
    assert endings(ann.enter(chat_id)) == []
    assert world.whole_history(chat_id)[-1].text == ended.text


def test_a_number_in_brackets_in_a_pdf_is_no_citation_and_is_quoted_unchanged(
    world: World, ann: Person, chat_id: str
) -> None:
    """A real model repeats what it reads, including the numbers of the PDF's own references."""
    said = "Mass is inertia [2], in the interval [1, 2]."
    world.ready_document(chat_id, said, "Energy is conserved.")

    def repeat(messages: Sequence[Any]) -> Generator[str, None, int | None]:
        yield json.loads(messages[-1]["content"])["passages"][0]["text"] + " [1]"
        return None

    world.models.stream_answer = repeat  # type: ignore[method-assign]
    ann.ask()
    world.run_workflow(chat_id)
    (answer,) = endings(ann.seen())
    assert [(each.number, each.quote) for each in answer.citations] == [(1, said)]
    assert answer.text == "Mass is inertia ［2］, in the interval ［1, 2］. [1]"


def test_a_question_is_broadcast_before_its_deltas(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    world.ready_document(chat_id, "Mass is inertia.")
    world.models.pieces = ["Mass is inertia [1]."]
    start = world.workflow.start

    def run_at_once(chat_id: str, question_id: str) -> bool:
        world.run_workflow(chat_id, question_id)
        return start(chat_id, question_id)

    monkeypatch.setattr(world.workflow, "start", run_at_once)
    ann.ask()
    assert kinds(bob.seen())[:2] == ["message", "delta"]


def test_a_follow_up_is_searched_and_answered_as_the_model_rewrites_it(
    world: World, ann: Person, chat_id: str, document: StoredDocument
) -> None:
    ann.ask()
    world.models.pieces = ["Mass is inertia [1]."]
    world.run_workflow(chat_id)
    assert world.models.tasks == []  # no rewriting without earlier questions
    world.models.written = '{"question": "How much energy is mass?"}'
    ann.ask("q2", "And energy?")
    world.run_workflow(chat_id, "q2")
    ((task, (_, user), _schema),) = world.models.tasks
    assert task == "standalone_question"
    assert json.loads(user["content"]) == {
        "turns": [{"question": "What is mass?", "answer": "Mass is inertia [1]."}],
        "question": "And energy?",
    }
    assert world.models.embedded == ["What is mass?", "And energy?", "How much energy is mass?"]
    assert '"question": "How much energy is mass?"' in world.models.prompts[-1][1]["content"]
    assert document.document_id in {each.document_id for each in world.whole_history(chat_id)[-1].citations}


@pytest.mark.parametrize("written", ["no JSON", '{"question": ""}', UnavailableError(Code.MODEL_UNAVAILABLE)])
@pytest.mark.usefixtures("document")
def test_a_follow_up_that_cannot_be_rewritten_is_searched_as_it_is(
    world: World, ann: Person, chat_id: str, written: str | Exception
) -> None:
    world.models.pieces, world.models.written = ["Mass is inertia [1]."], written
    for question_id in ("q1", "q2"):
        ann.ask(question_id, f"Mass, {question_id}?")
        world.run_workflow(chat_id, question_id)
    assert world.models.embedded == ["Mass, q1?", "Mass, q2?"]
    assert last(world, chat_id)[0] == Ending.ANSWER


@pytest.mark.usefixtures("document")
def test_a_greeting_is_not_searched(world: World, ann: Person, chat_id: str) -> None:
    ann.ask(text="謝謝你！")
    world.run_workflow(chat_id)
    (ended,) = endings(ann.seen())
    assert (ended.ending, ended.text) == (Ending.GREETING, ENDING_SENTENCES[Ending.GREETING].zh_tw)
    assert (world.models.embedded, world.models.prompts, world.search.scopes) == ([], [], [])
