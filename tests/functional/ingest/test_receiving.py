"""Which uploads are accepted: those of users who may still write, and those of a retry."""

import hashlib
import json

import pytest

from documind.clients.objects import upload_key, upload_message
from documind.errors import Code
from documind.wire import User
from ingest import dead_letter
from ingest.receive import UploadedObject, uploads_in
from tests.functional.ingest.surroundings import PDF, ROOM, World, message, run, world
from tests.lambda_context import Context

__all__ = ["world"]


def test_a_file_that_is_not_as_large_as_announced_fails(world: World) -> None:
    sha256 = hashlib.sha256(PDF).hexdigest()
    document = world.documents.register(ROOM, "tea.pdf", len(PDF) - 1, sha256, User(user_id="u", name="ada"))
    assert run(world.put(upload_key(ROOM, document.document_id), PDF))
    assert world.now(document).reason == Code.UPLOAD_INCOMPLETE
    assert world.search.chunks == []


@pytest.mark.parametrize("role", [None, "reader"])
def test_a_form_is_useless_once_its_user_may_not_write(world: World, role: str | None) -> None:
    document, uploaded = world.upload(PDF)
    member = {"pk": f"ROOM#{ROOM}", "sk": "MEMBER#u"}
    world.rooms_table.delete_item(Key=member)
    if role:
        world.rooms_table.put_item(Item={**member, "role": role})
    for _ in range(2):
        assert run(uploaded)
        assert world.now(document).reason == Code.UPLOAD_NOT_ALLOWED
    assert [told.status for told in world.told] == ["failed"]
    assert (world.versions(), world.search.chunks) == ([], [])


def test_a_failed_document_is_read_again_after_a_retry(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.models.failures = 1
    run(uploaded, received=3)
    dead_letter.handler(uploaded, Context())
    failed = world.now(document)
    assert failed.reason == Code.INGEST_FAILED
    again = message(upload_message(failed.key or "", failed.version_id))
    world.documents.retry(ROOM, document.document_id, "u-ada")
    assert run(again)
    assert (world.now(document).status, world.now(document).reason) == ("ready", None)


@pytest.mark.parametrize("name", ["a b+c", "報告", "100%"])
def test_the_message_of_an_upload_names_it_as_s3_does(name: str) -> None:
    (found,) = uploads_in(json.dumps(upload_message(f"uploads/room/{name}.pdf", "v1")))
    assert found == UploadedObject(f"uploads/room/{name}.pdf", "v1")


def test_a_file_that_arrives_after_the_deletion_of_its_document_is_deleted(world: World) -> None:
    document, uploaded = world.upload(PDF)
    world.documents.begin_deletion(ROOM, document.document_id)
    assert run(uploaded)
    assert (world.versions(), world.told) == ([], [])
