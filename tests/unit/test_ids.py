"""Identifiers: order, randomness, and names as people compare them."""

import pytest
from ulid import ULID

from documind.ids import new_random_id, new_ulid, normalised_name


def test_an_id_sorts_after_the_previous_one_whatever_the_clock_says() -> None:
    in_a_minute = str(ULID.from_timestamp(ULID().milliseconds + 60_000))
    follower = new_ulid(after=in_a_minute)
    assert follower > in_a_minute
    assert ULID.from_str(follower).milliseconds == ULID.from_str(in_a_minute).milliseconds + 1


def test_ids_made_one_after_the_other_keep_their_order() -> None:
    first = new_ulid()
    ordered = [first]
    for _ in range(200):
        ordered.append(new_ulid(after=ordered[-1]))
    assert ordered == sorted(set(ordered))


def test_an_id_has_the_time_of_the_clock_if_that_is_ahead() -> None:
    earlier = str(ULID.from_timestamp(1_000_000))
    assert ULID.from_str(new_ulid(after=earlier)).milliseconds > 1_700_000_000_000


def test_random_ids_are_long_and_fit_the_protocol() -> None:
    ids = {new_random_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(each) == 22 and each.replace("-", "").replace("_", "").isalnum() for each in ids)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＡＢＣ１", "abc1"), ("物理 筆記", " 物理　\t筆記 "), ("Straße", "STRASSE"), ("e\u0301", "É")],
)
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


@pytest.mark.parametrize(("one", "other"), [("物理", "物里"), ("a b", "ab"), ("臺灣", "台灣")])
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


def test_a_name_of_characters_that_grow_still_fits_a_sort_key() -> None:
    assert len(normalised_name("\ufdfa" * 100).encode()) < 1_000
