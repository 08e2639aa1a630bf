"""Pages without text that the model reads from pictures: marked, paid for, and never a failure of the document."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from documind.errors import Code, UnavailableError
from documind.stores.budgets import Allowance, BudgetStore
from documind.stores.items import ItemTable
from ingest import handler
from tests.functional.ingest.stand_ins import CountedModels
from tests.functional.ingest.surroundings import World, run, world
from tests.plain_pdf import scan_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai.types.chat import ChatCompletionMessageParam

__all__ = ["world"]


class SeeingModels(CountedModels):
    """Returns the same text for each picture, or fails."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text
        self.asked: list[Any] = []

    def read_picture(self, messages: "Sequence[ChatCompletionMessageParam]") -> tuple[str, int]:
        self.asked.append(messages)
        if self.text is None:
            raise UnavailableError(Code.MODEL_UNAVAILABLE)
        return self.text, 1_234


def seeing(world: World, monkeypatch: pytest.MonkeyPatch, text: str | None, *, tokens: int = 10_000) -> SeeingModels:
    """Let the ingest read pictures, with a model that returns `text` and with this daily budget of tokens."""
    models = SeeingModels(text)
    a_day = Allowance(pages=9, tokens=tokens)
    budgets = BudgetStore(ItemTable(world.rooms_table), of_user=a_day, of_room=a_day)
    services = replace(world.services(), models=models, budgets=budgets, reads_pictures=True)
    monkeypatch.setattr(handler, "services", lambda: services)
    return models


def tokens_counted(world: World) -> list[tuple[int, int]]:
    """Return the tokens that are counted, and reserved, for ada and for the room."""
    items = world.rooms_table.scan()["Items"]
    budgets = [item for item in items if str(item["pk"]).startswith("BUDGET#") and "tokens" in item]
    return [(int(str(item["tokens"])), int(str(item["reserved_tokens"]))) for item in budgets]


def test_a_scanned_page_is_read_marked_and_paid_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    models = seeing(world, monkeypatch, "茶一斤三元五角。\n水不要錢。")
    document, uploaded = world.upload(scan_pdf())
    assert run(uploaded)
    ready = world.now(document)
    assert (ready.status, ready.pages_empty, ready.from_pictures) == ("ready", 1, ((1, 1),))
    assert ready.to_wire().from_pictures == [(1, 1)]
    kept = world.objects.read_pages(ready, 1)[1]
    assert kept.text == "茶一斤三元五角。\n水不要錢。"
    assert [chunk.text for chunk in world.search.chunks] == [kept.text]
    assert len(models.asked) == 1  # an empty page costs nothing
    assert tokens_counted(world) == [(1_234, 0)] * 2
    assert world.pages_counted() == [2, 2]


@pytest.mark.parametrize(
    ("text", "tokens", "counted"),
    [(None, 10_000, [(0, 0)] * 2), ("NO_TEXT", 10_000, [(1_234, 0)] * 2), ("Tea.", 100, [])],
    ids=["the model fails", "it sees no text", "no tokens left"],
)
def test_a_page_that_cannot_be_read_from_its_picture_stays_empty(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str | None, tokens: int, counted: list[tuple[int, int]]
) -> None:
    seeing(world, monkeypatch, text, tokens=tokens)
    document, uploaded = world.upload(scan_pdf())
    assert run(uploaded)
    failed = world.now(document)
    assert (failed.status, failed.reason, failed.checkpoint.unread.pages_empty) == ("failed", Code.PDF_WITHOUT_TEXT, 2)
    assert tokens_counted(world) == counted


def test_pictures_are_not_read_unless_the_stage_is_set_to(world: World) -> None:
    document, uploaded = world.upload(scan_pdf())
    assert run(uploaded)
    assert world.now(document).reason == Code.PDF_WITHOUT_TEXT
