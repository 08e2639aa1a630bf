"""Invites, joins, leaves, demotes and removes concurrently, in random order: the owner's last decision always holds."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from documind.errors import Code
from documind.ids import new_random_id
from documind.wire import (
    ErrorFrame,
    Invitation,
    RoomInvite,
    RoomJoin,
    RoomUnshare,
    ServerFrame,
)
from tests.functional.world import Person, World, all_of, only
from tests.sizes import size

INTERLEAVINGS = size(5, 1_000)
FRAMES = 3  # that each actor sends in one interleaving
DEVICES = 3  # of each of two users; with a device of the owner for each user, eight actors work in parallel
REFUSALS = {Code.ROOM_NOT_FOUND, Code.INVITATION_INVALID, Code.REMOVED_BY_OWNER}


@dataclass
class Attacked:
    """A user whose role the owner changes while all devices of the user join and leave."""

    owner: Person
    devices: list[Person]
    chat_id: str
    links: list[str]
    word: str | None = None  # the owner's last decision: a role given by name, or "removed"

    @property
    def user_id(self) -> str:
        return self.devices[0].user_id

    def owner_acts(self, randomness: random.Random) -> None:
        act = randomness.choice(("writer", "reader", "removed", "link"))
        if act == "link":
            self.make_link(randomness.choice(("writer", "reader")))
            return
        if act == "removed":
            allowed(self.owner.send(RoomUnshare(request_id="r", chat_id=self.chat_id, user_id=self.user_id)))
        else:
            allowed(self.owner.send(invitation(self.chat_id, act, self.user_id)))
        self.word = act
        self.assert_word_holds()

    def make_link(self, role: str) -> None:
        self.links.append(only(Invitation, self.owner.send(invitation(self.chat_id, role))).token)

    def device_acts(self, device: Person, randomness: random.Random) -> None:
        if randomness.random() < 0.5:
            refused_at_most(device.send(RoomJoin(request_id="r", token=randomness.choice(self.links))))
        else:
            refused_at_most(device.send(RoomUnshare(request_id="r", chat_id=self.chat_id, user_id=self.user_id)))

    def assert_word_holds(self) -> None:
        """Check that the user has at most the rights of the owner's last decision."""
        members = {each.user_id: each.role for each in self.owner.world.members.of_room(self.chat_id)}
        role = members.get(self.user_id)
        assert role is None or self.word != "removed"
        assert role != "writer" or self.word in {None, "writer"}


@dataclass
class Round:
    """One room, and the frames sent about it in one interleaving."""

    world: World
    seed: int
    randomness: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.randomness = random.Random(self.seed)  # noqa: S311

    def play(self, threads: ThreadPoolExecutor) -> None:
        name = new_random_id()
        chat_id = self.world.person("ann").open(name)
        attacked = [self.attacked(chat_id, user_id) for user_id in ("bob", "cid")]
        actors: list[Callable[[random.Random], None]] = []
        for each in attacked:
            actors.append(each.owner_acts)
            actors += [partial(each.device_acts, device) for device in each.devices]
        seeds = [self.randomness.random() for _ in actors]
        for done in [threads.submit(act_often, actor, seed) for actor, seed in zip(actors, seeds, strict=True)]:
            done.result()
        for each in attacked:
            each.assert_word_holds()
            self.assert_all_agrees(each)

    def attacked(self, chat_id: str, user_id: str) -> Attacked:
        owner = self.world.person("ann", device=f"for-{user_id}")
        devices = [self.world.person(user_id, device=str(number)) for number in range(DEVICES)]
        made = Attacked(owner, devices, chat_id, links=[])
        for role in ("writer", "reader"):
            made.make_link(role)
        return made

    def assert_all_agrees(self, each: Attacked) -> None:
        """Check, while nobody sends, that both items of a member and the count agree, and that a new link works."""
        members = self.world.members.of_room(each.chat_id)
        roles = {member.user_id: member.role for member in members}
        assert roles.get(each.user_id) == self.world.rooms.roles_of(each.user_id).get(each.chat_id)
        meta = self.world.rooms_table.get_item(Key={"pk": f"ROOM#{each.chat_id}", "sk": "META"})["Item"]
        assert meta["members"] == len(members)
        each.make_link("writer")
        join = RoomJoin(request_id="r", token=each.links[-1])
        refusals = [error.code for error in all_of(ErrorFrame, each.devices[0].send(join))]
        assert refusals == ([Code.REMOVED_BY_OWNER] if each.word == "removed" else [])
        each.assert_word_holds()


def invitation(chat_id: str, role: str, name: str | None = None) -> RoomInvite:
    return RoomInvite.model_validate({"request_id": "r", "chat_id": chat_id, "role": role, "name": name})


def act_often(act: Callable[[random.Random], None], seed: float) -> None:
    randomness = random.Random(seed)  # noqa: S311
    for _ in range(FRAMES):
        act(randomness)


def allowed(frames: list[ServerFrame]) -> None:
    assert all_of(ErrorFrame, frames) == []


def refused_at_most(frames: list[ServerFrame]) -> None:
    assert {error.code for error in all_of(ErrorFrame, frames)} <= REFUSALS


def test_the_owners_last_decision_holds_in_every_interleaving(world: World) -> None:
    with ThreadPoolExecutor(2 * (1 + DEVICES)) as threads:
        for seed in range(INTERLEAVINGS):
            Round(world, seed).play(threads)
