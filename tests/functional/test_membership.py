"""Who may do what in a room: membership and role are checked on every frame."""

import pytest

from documind.errors import Code
from documind.wire import (
    Ask,
    ClientFrame,
    DocumentDelete,
    DocumentRetry,
    DocumentView,
    ErrorFrame,
    History,
    Resume,
    RoomClientFrame,
    RoomInvite,
    RoomRename,
    RoomUnshare,
    Stop,
    Upload,
    Why,
)
from documind.wire.client import CLIENT_FRAME_CLASSES
from tests.functional.world import HERE, World, all_of, only

ROOM_FRAMES: list[ClientFrame] = [
    History(request_id="r", chat_id=HERE, before="01A"),
    Ask(request_id="r", chat_id=HERE, question_id="q1", text="What?"),
    Stop(request_id="r", chat_id=HERE, question_id="q1"),
    Resume(request_id="r", chat_id=HERE, question_id="q1"),
    Upload(request_id="r", chat_id=HERE, name="a.pdf", size=10, sha256="0" * 64),
    DocumentView(request_id="r", chat_id=HERE, document_id="d1"),
    DocumentDelete(request_id="r", chat_id=HERE, document_id="d1"),
    DocumentRetry(request_id="r", chat_id=HERE, document_id="d1"),
    Why(request_id="r", chat_id=HERE, question_id="q1"),
    RoomRename(request_id="r", chat_id=HERE, name="Chemistry"),
    RoomInvite(request_id="r", chat_id=HERE, role="writer"),
    RoomUnshare(request_id="r", chat_id=HERE, user_id="ann"),
]
in_each_room_frame = pytest.mark.parametrize("frame", ROOM_FRAMES, ids=lambda frame: frame.type)


def test_the_table_covers_every_frame_about_a_room() -> None:
    about_a_room = {frame for frame in CLIENT_FRAME_CLASSES if issubclass(frame, RoomClientFrame)}
    assert {type(frame) for frame in ROOM_FRAMES} == about_a_room


@in_each_room_frame
def test_every_frame_about_a_missing_room_is_refused(world: World, frame: ClientFrame) -> None:
    error = only(ErrorFrame, world.person().send(frame))
    assert (error.code, error.request_id) == (Code.ROOM_NOT_FOUND, "r")


@in_each_room_frame
def test_every_frame_of_a_former_member_is_refused(world: World, frame: ClientFrame) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.ready_document(chat_id, "Mass is inertia.")
    ann.ask()
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    world.expel(chat_id, "bob")
    (error,) = bob.send(frame)
    assert isinstance(error, ErrorFrame)
    assert error.code == Code.ROOM_NOT_FOUND
    assert world.workflow.started == [(chat_id, "q1")]


@in_each_room_frame
def test_readers_may_only_read(world: World, frame: ClientFrame) -> None:
    ann, bob = world.person("ann"), world.person("bob")
    chat_id = ann.open()
    world.invite(chat_id, "bob", role="reader")
    bob.enter(chat_id)
    refused = [error.code for error in all_of(ErrorFrame, bob.send(frame))]
    for_owners = isinstance(frame, RoomRename | RoomInvite | RoomUnshare)
    assert (refused == [Code.READ_ONLY]) is frame.writes
    assert (refused == [Code.NOT_OWNER]) is for_owners
    assert world.workflow.started == []
    assert world.documents.list(chat_id) == ()
