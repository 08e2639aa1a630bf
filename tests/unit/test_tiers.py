"""Which tests a run takes: all, some tiers, the short form or the full size."""

from types import SimpleNamespace
from typing import Any

import pytest

from local.run_tests import BUDGETS_S, LONG_VARIABLE, SESSIONS, sessions
from local.steps import StepError
from tests import tiers
from tests.sizes import size


@pytest.fixture(params=[False, True], ids=["short", "long"])
def is_long(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.delenv(LONG_VARIABLE, raising=False)
    if request.param:
        monkeypatch.setenv(LONG_VARIABLE, "1")
    return bool(request.param)


def test_all_tiers_run_but_the_one_that_the_check_has_run(*, is_long: bool) -> None:
    last = ["e2e", "web", "faults"]
    expected = [["functional"], ["infra"], ["search"], last, *([["bare"]] if is_long else [])]
    assert sessions([]) == expected


def test_chosen_tiers_share_a_session_where_they_share_a_system() -> None:
    assert sessions(["web", "unit", "e2e"]) == [["unit"], ["e2e", "web"]]


def test_an_unknown_tier_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(StepError, match="no tier is called slow; there are: unit functional"):
        sessions(["slow"])


def test_each_tier_of_the_short_form_has_a_budget() -> None:
    assert sorted(BUDGETS_S) == sorted(tier for session in SESSIONS for tier in session)


def test_sizes_follow_the_run(*, is_long: bool) -> None:
    assert size(5, 50) == (50 if is_long else 5)


def test_what_is_marked_long_is_left_out_of_the_short_form(*, is_long: bool) -> None:
    left_out: list[Any] = []
    config: Any = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda *, items: left_out.extend(items)))
    short, long = (SimpleNamespace(get_closest_marker={mark: mark}.get) for mark in ("other", "long"))
    items: list[Any] = [short, long]
    tiers.pytest_collection_modifyitems(config, items)
    assert (items, left_out) == (([short, long], []) if is_long else ([short], [long]))
