from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from warehouse import contracts, errors, load
from warehouse.watchlist import ledger, release
from warehouse.watchlist.listing import entries


@pytest.fixture
def stage(work, market, night):
    """``stage(day)``: make that night's list against what consumers have, and stage it."""

    def make(day=0, **changed):
        as_of = night + timedelta(days=day)
        previous = load.read(work, contracts.WATCHLIST)
        found = entries.entries(**market(previous=previous, as_of=as_of, **changed))
        release_id, stamped = release.stamp(found.watchlist, as_of)
        changes = entries.changes(
            previous, stamped, release_id=release_id, leaving=found.leaving
        )
        is_new = ledger.stage_release(
            work,
            release_id=release_id,
            as_of=as_of,
            run_id=f"run{day}",
            watchlist=stamped,
            changes=changes,
        )
        return release_id, is_new

    return make


def _state(con):
    return (
        load.read(con, contracts.WATCHLIST).height,
        load.read(con, contracts.WATCHLIST_CHANGES).height,
        ledger.last_release(con),
        ledger.staged_release(con),
    )


def test_staged_release_is_not_the_last_until_it_is_confirmed(work, stage):
    release_id, is_new = stage()
    assert is_new
    assert _state(work) == (0, 0, None, release_id)
    ledger.confirm_release(work, release_id)
    assert _state(work) == (3, 3, release_id, None)
    assert set(load.read(work, contracts.WATCHLIST)["release_id"]) == {release_id}


def test_release_that_nobody_saw_is_rolled_back(work, stage):
    stage()
    assert ledger.recover(work, None) == "rolled_back"
    assert _state(work) == (0, 0, None, None)


def test_release_that_consumers_saw_is_confirmed(work, stage):
    release_id, _ = stage()
    assert ledger.recover(work, release_id) == "confirmed"
    assert _state(work) == (3, 3, release_id, None)


def test_staged_second_release_is_settled_by_what_is_visible(work, stage):
    first, _ = stage()
    ledger.confirm_release(work, first)
    second, _ = stage(day=1)
    assert ledger.recover(work, first) == "rolled_back"
    assert ledger.last_release(work) == first
    assert stage(day=1) == (second, True)
    assert ledger.recover(work, second) == "confirmed"
    assert ledger.last_release(work) == second


def test_recovery_with_nothing_staged_does_nothing(work, stage):
    assert ledger.recover(work, None) is None
    release_id, _ = stage()
    ledger.confirm_release(work, release_id)
    assert ledger.recover(work, release_id) is None


@pytest.mark.parametrize("visible", ["20240101T000000Z-00000000", None])
def test_lists_of_another_database_are_refused(work, stage, visible):
    release_id, _ = stage()
    ledger.confirm_release(work, release_id)
    with pytest.raises(
        errors.ContractError,
        match=rf"shows {visible}.*{release_id}.*Nothing was changed",
    ):
        ledger.recover(work, visible)


def test_same_night_again_makes_no_second_release(work, stage):
    release_id, _ = stage()
    ledger.confirm_release(work, release_id)
    before = load.read(work, contracts.WATCHLIST)
    assert stage() == (release_id, False)
    assert ledger.staged_release(work) is None
    assert_frame_equal(load.read(work, contracts.WATCHLIST), before)


def test_next_night_with_the_same_content_is_a_release_without_changes(work, stage):
    first, _ = stage()
    ledger.confirm_release(work, first)
    second, is_new = stage(day=1)
    ledger.confirm_release(work, second)
    assert is_new
    assert second != first
    assert second.split("-")[0] > first.split("-")[0]
    assert set(load.read(work, contracts.WATCHLIST_CHANGES)["release_id"]) == {first}


def test_same_moment_with_another_list_is_another_release_after_the_first(
    work, stage, night
):
    first, _ = stage()
    ledger.confirm_release(work, first)
    said = [
        {
            "verdict_id": "v",
            "target": "douyin:szr1",
            "verdict": "benign",
            "author": "甲",
            "decided_at": night,
        }
    ]
    second, is_new = stage(verdicts=said)
    ledger.confirm_release(work, second)
    assert is_new
    assert ledger.last_release(work) == second != first
    assert work.execute(
        "select previous_release_id from core.releases where release_id = $id",
        {"id": second},
    ).fetchall() == [(first,)]


def test_release_before_the_last_one_is_refused(work, stage):
    later, _ = stage(day=1)
    ledger.confirm_release(work, later)
    with pytest.raises(errors.InputError, match=f"{later} is out and later"):
        stage(day=0)


def test_second_staging_and_foreign_confirmation_are_refused(work, stage):
    release_id, _ = stage()
    with pytest.raises(errors.ContractError, match=f"{release_id} is staged.*recover"):
        stage(day=1)
    with pytest.raises(errors.ContractError, match="cannot be confirmed"):
        ledger.confirm_release(work, "other")


def test_kill_at_any_step_leaves_the_database_equal_to_what_is_visible(work, stage):
    """Every prefix of the protocol, then recovery, then the night again: always the same end."""
    ends = set()
    for steps in range(4):
        for table in (
            "watchlist",
            "watchlist_changes",
            "releases",
            "staged_watchlist",
            "staged_changes",
        ):
            work.execute(f"delete from core.{table}")
        visible = None
        release_id, _ = stage()
        if steps >= 2:
            visible = release_id
        if steps >= 3:
            ledger.confirm_release(work, release_id)
        ledger.recover(work, visible)
        assert ledger.last_release(work) == visible
        if stage()[1]:
            ledger.confirm_release(work, release_id)
        ends.add((*_state(work), load.read(work, contracts.WATCHLIST).write_json()))
    assert len(ends) == 1


def test_changes_of_another_release_are_refused(work, night):
    changes = pl.DataFrame(
        [("r1", "wl-1", "ADD", "x")],
        schema=dict(contracts.WATCHLIST_CHANGES.columns),
        orient="row",
    )
    with pytest.raises(
        errors.ContractError, match="Changes of release r1 were given for release r2"
    ):
        ledger.stage_release(
            work,
            release_id="r2",
            as_of=night,
            run_id="run",
            watchlist=contracts.WATCHLIST.empty(),
            changes=changes,
        )
