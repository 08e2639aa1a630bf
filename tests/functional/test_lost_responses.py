"""A conditional write whose response is lost: the SDK repeats it, and its condition then refuses the repetition."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from documind.errors import Code
from documind.stores.documents import StoredDocument, Summary, SummarySource
from documind.stores.receipts import new_receipt
from documind.wire import User
from tests.functional.world import World

ANN = User(user_id="ann", name="Ann")
SOURCE = SummarySource(number=1, page=1, start=0, end=9)
Write = Callable[[World, StoredDocument], Any]


@pytest.fixture
def reading(world: World, chat_id: str) -> StoredDocument:
    registered = world.documents.register(chat_id, "a.pdf", 1_000, "0" * 64, ANN)
    world.documents.queue(chat_id, registered.document_id, "key", "v1")
    claimed = world.documents.claim(chat_id, registered.document_id, message_id="m", lease_s=60)
    assert claimed
    return claimed


def lose_first_response(monkeypatch: pytest.MonkeyPatch, target: str = "UpdateItem") -> None:
    """Let the response of the first request of this operation that is carried out time out."""
    send, lost = URLLib3Session.send, list[str]()

    def sent(session: URLLib3Session, request: Any) -> Any:
        response = send(session, request)
        is_meant = request.headers.get("X-Amz-Target", b"").endswith(target.encode())
        if is_meant and response.status_code == HTTPStatus.OK and not lost:
            lost.append(target)
            raise ReadTimeoutError(endpoint_url=request.url)
        return response

    monkeypatch.setattr(URLLib3Session, "send", sent)


def ready(world: World, document: StoredDocument) -> Any:
    return world.documents.ready(document, pages_total=3, chunks=9)


def fail(world: World, document: StoredDocument) -> Any:
    return world.documents.fail(document.chat_id, document.document_id, Code.PDF_INVALID, run=document.run, page=2)


def release(world: World, document: StoredDocument) -> Any:
    return world.documents.release(document)


def keep_summary(world: World, document: StoredDocument) -> Any:
    summary = Summary(text="Mass [1].", sources=(SOURCE,), questions=("What?",))
    return world.documents.keep_summary(document.chat_id, document.document_id, summary)


def complete(world: World, _document: StoredDocument) -> Any:
    receipt = new_receipt("room", "Physics")
    world.receipts.put("ann", receipt, "ann-laptop")
    return world.receipts.complete("ann", receipt.receipt_id)


@pytest.mark.parametrize("write", [ready, fail, release, complete])
def test_a_repeated_write_that_was_carried_out_counts_as_such(
    world: World, reading: StoredDocument, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    lose_first_response(monkeypatch)
    assert write(world, reading) is not None


def test_a_summary_whose_first_response_was_lost_is_returned(
    world: World, reading: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(world, reading)
    lose_first_response(monkeypatch)
    assert keep_summary(world, reading) is not None


def test_a_repeated_write_that_another_run_has_overtaken_is_refused(
    world: World, reading: StoredDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.documents.begin_deletion(reading.chat_id, reading.document_id)
    lose_first_response(monkeypatch)
    assert ready(world, reading) is None


def test_the_end_of_a_connection_is_told_although_the_response_to_its_deletion_is_lost(
    world: World, chat_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = world.person("bob")
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    monkeypatch.setattr(world.connections, "drop", lambda *_: None)  # its own response must be the first
    lose_first_response(monkeypatch, "DeleteItem")
    assert world.connections.remove(bob.connection_id) == (chat_id, "bob")
    assert world.connections.remove(bob.connection_id) is None
