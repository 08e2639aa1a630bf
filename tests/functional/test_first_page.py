"""Questions about a document itself, answered from its beginning."""

import json

from documind.pages import PageText
from documind.stores.documents import StoredDocument
from tests.functional.world import Person, World, endings


def test_who_wrote_it_is_answered_from_the_first_page_with_text(world: World, ann: Person, chat_id: str) -> None:
    text = "A report\nby Ann Lee\n" + "It is long. " * 50
    world.ready_document(chat_id, " ", text, *[f"Page {number} on mass." for number in range(3, 9)])
    world.search.chunks.reverse()  # the search ranks the first pages last
    world.search.score = 0.01
    world.set_up(of_answer={"embedding_model": "universal-sentence-encoder-simplified"})
    read: list[int] = []
    read_pages = world.objects.read_pages

    def count(document: StoredDocument, page: int) -> dict[int, PageText]:
        read.append(page)
        return read_pages(document, page)

    world.monkeypatch.setattr(world.objects, "read_pages", count)
    ann.ask(text="Who wrote this report?")
    world.models.pieces = ["Ann Lee wrote it [1]."]
    world.run_workflow(chat_id)
    (prompted,) = world.models.prompts
    given = json.loads(prompted[-1]["content"])["passages"]
    assert (given[0]["text"], len(given)) == ("A report\nby Ann Lee", 5)
    assert sorted(read) == [1, 2, 5, 6, 7, 8]  # each once, for both the passage and its rectangles
    (ended,) = endings(ann.seen())
    assert [(each.number, each.page, each.start) for each in ended.citations] == [(1, 2, 9)]  # the line with the author
