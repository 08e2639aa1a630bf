"""Login names: an account with an equal normalised name does not affect the one that owns the name."""

from documind.stores.accounts import AccountStore
from documind.stores.items import ItemTable
from documind.wire import User
from tests.functional.world import World

ANN = User(user_id="ann", name="Ann")
LOOKS_LIKE_ANN = User(user_id="eve", name="\uff21nn")  # equal to "Ann" after NFKC


def test_a_name_equal_in_normalised_form_does_not_replace_an_account(world: World) -> None:
    for user in (ANN, LOOKS_LIKE_ANN, ANN):
        world.accounts.signed_in(user)
        assert world.accounts.find("ann") == ANN


def test_deleting_an_account_with_an_equal_normalised_name_keeps_the_other(world: World) -> None:
    world.accounts.signed_in(ANN)
    world.accounts.close(LOOKS_LIKE_ANN, "r1")
    assert world.accounts.find("ann") == ANN


def test_a_new_account_with_the_same_name_replaces_the_deleted_one(world: World) -> None:
    world.accounts.signed_in(ANN)
    successor = User(user_id="the-next-ann", name="Ann")
    world.accounts.signed_in(successor)
    assert world.accounts.find("ann") == successor


def test_a_deleted_account_is_not_found_by_its_name(world: World) -> None:
    world.accounts.signed_in(ANN)
    world.accounts.close(ANN, "r1")
    world.accounts.signed_in(ANN)
    assert AccountStore(ItemTable(world.rooms_table)).find("Ann") is None
