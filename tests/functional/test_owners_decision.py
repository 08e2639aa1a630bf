"""The owner's last decision on a user (removed, demoted, invited by name) applies to every existing link."""

import pytest

from documind.errors import Code
from documind.wire import Invitation, RoomChanged, RoomInvite, RoomJoin, RoomUnshare
from tests.functional.test_sharing import refused, share
from tests.functional.world import HERE, Person, World, only


@pytest.fixture
def bob(world: World, chat_id: str) -> Person:  # noqa: ARG001  (the room stands before he comes)
    return world.person("bob")


def link(owner: Person, role: str = "writer") -> RoomJoin:
    """Create a link as the owner, and return the frame that joins with it."""
    frame = RoomInvite.model_validate({"request_id": "r", "chat_id": owner.room, "role": role})
    return RoomJoin(request_id="r", token=only(Invitation, owner.send(frame)).token)


def remove(owner: Person, user_id: str) -> None:
    owner.send(RoomUnshare(request_id="r", chat_id=HERE, user_id=user_id))


def leave(person: Person, chat_id: str) -> None:
    person.send(RoomUnshare(request_id="r", chat_id=chat_id, user_id=person.user_id))


def joined_as(person: Person, join: RoomJoin) -> str:
    return only(RoomChanged, person.send(join)).room.role


def test_a_removed_user_cannot_join_by_any_link_until_invited_by_name(ann: Person, bob: Person, chat_id: str) -> None:
    assert joined_as(bob, link(ann)) == "writer"
    remove(ann, "bob")
    assert refused(bob, link(ann)) == Code.REMOVED_BY_OWNER
    share(ann, "bob", "reader")
    leave(bob, chat_id)
    assert joined_as(bob, link(ann, "reader")) == "reader"


def test_a_user_who_left_can_still_be_removed(ann: Person, bob: Person, chat_id: str) -> None:
    bob.send(link(ann))
    leave(bob, chat_id)
    remove(ann, "bob")
    assert refused(bob, link(ann)) == Code.REMOVED_BY_OWNER


def test_a_demoted_user_who_leaves_and_joins_again_is_a_reader(ann: Person, bob: Person, chat_id: str) -> None:
    join = link(ann)
    assert joined_as(bob, join) == "writer"
    share(ann, "bob", "reader")
    leave(bob, chat_id)
    assert joined_as(bob, join) == "reader"


def test_a_link_for_readers_makes_a_former_writer_a_reader(ann: Person, bob: Person, chat_id: str) -> None:
    share(ann, "bob", "writer")
    leave(bob, chat_id)
    assert joined_as(bob, link(ann, "reader")) == "reader"


def test_a_user_who_leaves_may_join_again(ann: Person, bob: Person, chat_id: str) -> None:
    join = link(ann)
    bob.send(join)
    leave(bob, chat_id)
    assert joined_as(bob, join) == "writer"


def test_removing_a_user_withdraws_all_links_of_the_room(ann: Person, bob: Person, world: World) -> None:
    join = link(ann)
    bob.send(join)
    remove(ann, "bob")
    assert refused(world.person("bobs-other-account"), join) == Code.INVITATION_INVALID
