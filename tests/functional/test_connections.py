"""Connections of one user: so many at most, however many are made at once."""

from concurrent.futures import ThreadPoolExecutor

from documind.errors import Code
from documind.stores.connections import MAX_USER_CONNECTIONS
from documind.wire import ErrorFrame
from tests.functional.world import Person, World, only


def there(world: World, people: list[Person]) -> list[Person]:
    return [person for person in people if person.connection_id not in world.api.gone]


def test_the_oldest_makes_way_and_is_told_why(world: World) -> None:
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


def test_of_many_made_at_once_no_more_stay(world: World) -> None:
    with ThreadPoolExecutor(8) as threads:
        people = list(threads.map(lambda number: world.person("ann", device=str(number)), range(40)))
    assert len(there(world, people)) <= MAX_USER_CONNECTIONS


def test_others_are_not_touched(world: World) -> None:
    bob = world.person("bob")
    for number in range(MAX_USER_CONNECTIONS + 3):
        world.person("ann", device=str(number))
    assert bob.seen() == []
    bob.open()
