"""Which tests a run includes: all or some tiers, at the short or the full size."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import run_tests
from local.run_tests import BUDGETS_S, LONG_VARIABLE, SESSIONS, run_sessions, sessions, without_progress
from local.steps import StepError
from tests import tiers
from tests.sizes import size


@pytest.fixture(params=[False, True], ids=["short", "long"])
def is_long(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.delenv(LONG_VARIABLE, raising=False)
    if request.param:
        monkeypatch.setenv(LONG_VARIABLE, "1")
    return bool(request.param)


def test_all_tiers_run_except_the_one_of_make_check(*, is_long: bool) -> None:
    expected = [
        ["e2e", "faults"],
        ["web"],
        ["functional", "attack"],
        ["search"],
        ["infra"],
        *([["bare"]] if is_long else []),
    ]
    assert sessions([]) == expected


def test_chosen_tiers_share_a_session_if_they_share_a_system() -> None:
    assert sessions(["faults", "unit", "e2e"]) == [["e2e", "faults"], ["unit"]]


def test_an_unknown_tier_is_refused_with_a_list_of_tiers() -> None:
    with pytest.raises(StepError, match="no tier is called slow; there are: e2e faults web"):
        sessions(["slow"])


def test_each_tier_of_the_short_form_has_a_budget() -> None:
    assert sorted(BUDGETS_S) == sorted(tier for session in SESSIONS for tier in session)


def test_every_session_runs_and_is_reported_although_another_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, is_long: bool
) -> None:
    ran: list[list[str]] = []
    alone: list[bool] = []
    statuses = {"web": 1, "search": -9}

    def run_session(tiers: list[str], log: Path | None) -> int:
        ran.append(tiers)
        alone.append(log is None)
        return statuses.get(tiers[0], 0)

    monkeypatch.setattr(run_tests, "run_session", run_session)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    chosen = [["web"], ["e2e", "faults"], ["search"]]
    assert run_sessions(chosen) == -9
    assert sorted(ran) == sorted(chosen)
    assert alone == [is_long] * 3
    assert capsys.readouterr().out.splitlines()[-1] == "Failed: web, search"
    assert run_sessions([["e2e", "faults"]]) == 0


def test_passed_sessions_are_printed_without_progress_lines() -> None:
    said = "...... [ 66%]\n..s\n8 askers in 2 rooms\n. [100%]\nfaults 9 s of 60 s\n8 passed in 9.00s\n"
    assert without_progress(said) == "8 askers in 2 rooms\nfaults 9 s of 60 s\n8 passed in 9.00s"


def test_sizes_follow_the_run(*, is_long: bool) -> None:
    assert size(5, 50) == (50 if is_long else 5)


def test_tests_marked_long_are_left_out_at_the_short_size(*, is_long: bool) -> None:
    left_out: list[Any] = []
    config: Any = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda *, items: left_out.extend(items)))
    short, long = (SimpleNamespace(get_closest_marker={mark: mark}.get) for mark in ("other", "long"))
    items: list[Any] = [short, long]
    tiers.pytest_collection_modifyitems(config, items)
    assert (items, left_out) == (([short, long], []) if is_long else ([short], [long]))
