"""The limit of connections per user, also when many are opened at once; presence."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from documind.errors import Code
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.wire import ErrorFrame, Leave, Members
from tests.functional.world import Person, World, all_of, only
from tests.sizes import size

ROUNDS = size(3, 30)
PEOPLE = size(4, 20)


def there(world: World, people: list[Person]) -> list[Person]:
    return [person for person in people if person.connection_id not in world.api.gone]


def test_the_oldest_connection_beyond_the_limit_is_closed_with_a_reason(world: World) -> None:
    ann = world.person("ann")
    chat_id = ann.open()
    others = [world.person("ann", device=str(number)) for number in range(MAX_USER_CONNECTIONS - 1)]
    assert there(world, [ann, *others]) == [ann, *others]
    newest = world.person("ann", device="newest")
    assert only(ErrorFrame, ann.seen()).code == Code.CONNECTION_LIMIT
    assert there(world, [ann, *others, newest]) == [*others, newest]
    assert world.connections.of_room(chat_id) == []
    others[0].disconnect()
    assert there(world, [*others, newest, world.person("ann", device="next")])[:-1] == [*others[1:], newest]


def test_of_many_connections_opened_at_once_only_the_limit_stays(world: World) -> None:
    with ThreadPoolExecutor(8) as threads:
        people = list(threads.map(lambda number: world.person("ann", device=str(number)), range(40)))
    assert len(there(world, people)) <= MAX_USER_CONNECTIONS


def test_connections_of_other_users_stay(world: World) -> None:
    bob = world.person("bob")
    for number in range(MAX_USER_CONNECTIONS + 3):
        world.person("ann", device=str(number))
    assert bob.seen() == []
    bob.open()


def test_presence_is_broadcast_when_it_changes_and_not_for_every_connection(world: World) -> None:
    ann, bobs = world.person("ann"), [world.person("bob", device=str(number)) for number in range(5)]
    chat_id = ann.open()
    world.invite(chat_id, "bob")
    for bob in bobs:
        bob.enter(chat_id)
    (told,) = all_of(Members, ann.seen())
    assert [member.here for member in told.members] == [True, True]
    bobs[0].send(Leave(request_id="r"))
    bobs[1].open("another room")
    for bob in bobs[2:]:
        assert all_of(Members, ann.seen()) == []
        bob.disconnect()
    (told,) = all_of(Members, ann.seen())
    assert [member.here for member in told.members] == [True, False]


def test_of_connections_that_open_or_close_at_once_the_last_state_is_broadcast(world: World) -> None:
    ann, bobs = world.person("ann"), [world.person("bob", device=str(number)) for number in range(4)]
    chat_id = ann.open()
    world.invite(chat_id, "bob")
    with ThreadPoolExecutor(len(bobs)) as threads:
        for is_here in (True, False) * ROUNDS:
            list(threads.map(lambda bob: bob.enter(chat_id) if is_here else bob.send(Leave(request_id="r")), bobs))  # noqa: B023
            newest = max(all_of(Members, ann.seen()), key=lambda frame: frame.as_of_ms)
            assert [member.here for member in newest.members] == [True, is_here]


def test_presence_is_broadcast_once_for_a_user_with_many_connections(
    world: World, let_pass: Callable[[float], None]
) -> None:
    """Regression test: 200 connections caused 19,701 frames, because each was announced to all others."""
    chat_id = world.person("user0", device="owner").open()
    world.person("user0", device="owner").disconnect()
    for number in range(1, PEOPLE):
        world.invite(chat_id, f"user{number}")
    randomness = random.Random(PEOPLE)  # noqa: S311
    names = [f"user{number}" for number in range(PEOPLE)] * MAX_USER_CONNECTIONS
    randomness.shuffle(names)
    here: list[Person] = []
    expected = 0
    for name in names:
        let_pass(1)
        come = world.person(name, device=f"{randomness.getrandbits(64):016x}")
        come.enter(chat_id)
        expected += 0 if name in {person.user_id for person in here} else len(here)
        here.append(come)
    assert told(world) == expected < PEOPLE * len(here)
    randomness.shuffle(here)
    while here:
        gone = here.pop()
        gone.disconnect()
        expected += 0 if gone.user_id in {person.user_id for person in here} else len(here)
    assert told(world) == expected


def told(world: World) -> int:
    """Return the number of presence frames that all connections received."""
    return sum(isinstance(frame, Members) for frames in world.api.frames.values() for frame in frames)


def test_a_frame_handled_after_the_end_of_its_connection_opens_no_room(world: World, ann: Person, chat_id: str) -> None:
    ann.disconnect()
    ann.enter(chat_id)
    assert world.connections.of_room(chat_id) == []
