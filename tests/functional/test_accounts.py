"""Login names: a name that looks like another one takes nothing from who has that."""

from documind.stores.accounts import AccountStore
from documind.wire import User
from tests.functional.world import World

ANN = User(user_id="ann", name="Ann")
LOOKS_LIKE_ANN = User(user_id="eve", name="\uff21nn")  # NFKC makes it the same


def test_a_look_alike_name_takes_over_nobodys_entry(world: World) -> None:
    for user in (ANN, LOOKS_LIKE_ANN, ANN):
        world.accounts.signed_in(user)
        assert world.accounts.find("ann") == ANN


def test_who_looks_alike_and_is_deleted_takes_no_entry_along(world: World) -> None:
    world.accounts.signed_in(ANN)
    world.accounts.close(LOOKS_LIKE_ANN, "r1")
    assert world.accounts.find("ann") == ANN


def test_a_successor_of_the_very_same_name_is_found(world: World) -> None:
    world.accounts.signed_in(ANN)
    successor = User(user_id="the-next-ann", name="Ann")
    world.accounts.signed_in(successor)
    assert world.accounts.find("ann") == successor


def test_an_account_that_is_deleted_is_found_no_more(world: World) -> None:
    world.accounts.signed_in(ANN)
    world.accounts.close(ANN, "r1")
    world.accounts.signed_in(ANN)
    assert AccountStore(world.rooms_table).find("Ann") is None
