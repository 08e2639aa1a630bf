"""Who may send what: every frame of the protocol, from each role, about rooms that are theirs and rooms that are not.

The cases are generated from the protocol, so a new frame is tested without a new test.
"""

import itertools
import json
import random
from dataclasses import dataclass

import pytest

from docs.security import NO, ONESELF, right
from documind.errors import Code
from documind.ids import new_random_id
from documind.wire import ErrorFrame
from documind.wire.client import CLIENT_FRAME_CLASSES, ClientFrame
from tests.attack.frames import Frames
from tests.functional.world import Person, World, all_of

SENDERS = ("owner", "writer", "reader", "removed", "stranger")
ROOMS = ("theirs", "another", "deleted", "none")
RIGHTS_REFUSED = {Code.NOT_OWNER, Code.READ_ONLY, Code.ROOM_NOT_FOUND}
REQUEST = "r1"


@dataclass
class Case:
    """A frame about one of the rooms, with its sender and the expected right."""

    sender: Person
    expected: str
    refusal: Code  # the code if the frame is refused
    body: str


class Cases:
    """A room with senders of every role, two rooms of somebody else, and a room that does not exist."""

    def __init__(self, world: World) -> None:
        self.people = {sender: world.person("ann" if sender == "owner" else sender) for sender in SENDERS}
        somebody = world.person("somebody")
        another, deleted = somebody.open("another"), somebody.open("deleted")
        world.begin_deletion(deleted)
        theirs = self.people["owner"].open()
        for user_id, role in (("writer", "writer"), ("reader", "reader"), ("removed", "writer")):
            world.members.set_role(theirs, world.accounts.find(user_id), role)  # type: ignore[arg-type]
        world.expel(theirs, "removed")
        self.rooms = dict(zip(ROOMS, (theirs, another, deleted, new_random_id()), strict=True))
        self._document = world.ready_document(theirs, "Mass is inertia.").document_id

    def of(self, kind: type[ClientFrame]) -> list[Case]:
        """Return one case for each sender and room, those that must be refused first."""
        cases = [self._case(kind, sender, room) for sender, room in itertools.product(SENDERS, ROOMS)]
        return sorted(cases, key=lambda case: case.expected != NO)

    def _case(self, kind: type[ClientFrame], sender: str, room: str) -> Case:
        known = {
            "chat_id": [self.rooms[room]],
            "document_id": [self._document],
            "user_id": ["somebody"],
            "room": ["A room of one's own"],
        }
        name = str(kind.model_fields["type"].default)
        frames = Frames(random.Random(f"{name} {sender} {room}"), known, always_known=True)  # noqa: S311
        body = frames.valid(name)
        while "chat_id" in kind.model_fields and "chat_id" not in body:  # `open` may have a name instead
            body = frames.valid(name)
        role = sender if room == "theirs" and sender != "removed" else "stranger"
        expected = right(kind, role)
        of_owners = Code.NOT_OWNER if kind.owner_only or expected == ONESELF else Code.READ_ONLY
        refusal = Code.ROOM_NOT_FOUND if role == "stranger" else of_owners
        return Case(self.people[sender], expected, refusal, json.dumps(body | {"request_id": REQUEST}))


@pytest.mark.parametrize("kind", CLIENT_FRAME_CLASSES, ids=lambda kind: kind.__name__)
def test_a_frame_is_accepted_from_the_permitted_roles_only(world: World, kind: type[ClientFrame]) -> None:
    for case in Cases(world).of(kind):
        before = world.rooms_table.scan()["Items"]
        replies = case.sender.send(case.body)
        refusals = [error.code for error in all_of(ErrorFrame, replies) if error.code in RIGHTS_REFUSED]
        assert replies, case.body
        if case.expected in {NO, ONESELF}:  # ONESELF: the frame is about somebody else
            assert [error.request_id for error in all_of(ErrorFrame, replies)] == [REQUEST], (case, replies)
            assert (refusals, len(replies)) == ([case.refusal], 1), (case, replies)
            assert world.rooms_table.scan()["Items"] == before, case
        else:
            assert refusals == [], (case, replies)
