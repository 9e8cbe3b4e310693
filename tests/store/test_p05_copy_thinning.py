"""P5: all of two days, 12 daily, 10 weekly, 9 monthly, whatever the rhythm of three years."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.store.copies import check_copy, folder_of, list_copies, make_copy, thin
from crm.store.copy_thinning import ALL_DAYS, DAILY, MONTHS, WEEKLY, kept, may_thin
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support.aged import Hands, add, flip

START = datetime(2026, 1, 1, tzinfo=UTC)


def after(made: list[datetime], now: datetime, months: int = MONTHS) -> list[datetime]:
    places = kept(made, now, months)
    return [moment for place, moment in enumerate(made) if place in places]


def lived(gaps: list[timedelta], months: int = MONTHS) -> tuple[list[datetime], datetime]:
    """What is left after copies at these gaps, thinned after each."""
    now, there = START, []
    for gap in gaps:
        now += gap
        there = after([*there, now], now, months)
    return there, now


def test_p05_three_years_of_days_leave_the_numbers_of_the_promise() -> None:
    there, now = lived([timedelta(hours=6)] * (4 * 365 * 3))
    ages = [now - moment for moment in there]
    recent = [age for age in ages if age <= timedelta(days=ALL_DAYS)]
    assert len(recent) == 9  # four a day, both ends
    older = sorted(moment for moment, age in zip(there, ages, strict=True) if age > timedelta(days=ALL_DAYS))
    assert DAILY + WEEKLY + MONTHS - 1 <= len(older) <= DAILY + WEEKLY + MONTHS + 1
    days = {moment.date() for moment in older[-DAILY:]}
    assert len(days) == DAILY
    assert older[-1].date() - older[-DAILY].date() == timedelta(days=DAILY - 1)
    weekly = older[-DAILY - WEEKLY : -DAILY]
    steps = [(later - earlier).days for earlier, later in pairwise(weekly[:-1])]
    assert set(steps) == {7}
    monthly = older[: -DAILY - WEEKLY]
    assert len(monthly) in (MONTHS, MONTHS - 1)
    assert all(24 <= (later - earlier).days <= 38 for earlier, later in pairwise(monthly[:-1]))


GAPS = st.lists(st.sampled_from([0.02, 0.1, 0.5, 1, 1, 2, 5, 8, 20, 45]), min_size=1, max_size=300)


@settings(max_examples=60, deadline=None)
@given(GAPS, st.sampled_from([3, 9, 24]))
@example([1, 1, 2, 5, 8, 8, 20, 45, 45, 45, 1, 45, 45], 3)
def test_p05_thinning_keeps_one_of_each_period_and_nothing_too_old(days: list[float], months: int) -> None:
    gaps, total = [], 0.0
    for step in days:
        total += step
        if total > 365 * 3:
            break
        gaps.append(timedelta(days=step))
    there, now = lived(gaps, months)
    everything, moment = [], START
    for gap in gaps:
        moment += gap
        everything.append(moment)
    # Nothing of the last two days went, and the newest is there.
    assert [one for one in everything if now - one <= timedelta(days=ALL_DAYS)] == [
        one for one in there if now - one <= timedelta(days=ALL_DAYS)
    ]
    assert everything[-1] in there
    # Thinned day by day or once, in any order: the same stays, and thinning again takes nothing.
    assert set(there) == set(after(everything, now, months))
    mixed = everything[:]
    random.Random(0).shuffle(mixed)
    assert set(after(mixed, now, months)) == set(there)
    assert after(there, now, months) == there
    older = [one for one in there if now - one > timedelta(days=ALL_DAYS)]
    assert len(older) <= DAILY + WEEKLY + months
    assert all(now - one < timedelta(days=ALL_DAYS + DAILY + 7 * WEEKLY + 31 * months + 7) for one in there)


def test_p05_a_clock_set_back_loses_nothing() -> None:
    made = [START + timedelta(days=day) for day in range(5)]
    assert after(made, START - timedelta(days=40)) == made


def test_p05_one_start_with_a_clock_years_ahead_costs_no_copy(tmp_path: Path, hands: Hands) -> None:
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        for name in ("Иванов", "Петров", "Сидоров"):
            add(workspace, name)
            make_copy(workspace, "scheduled")
            hands.on(days=3)
        folder = folder_of(workspace.path)
        before = {copy.path for copy in list_copies(folder)}
        assert len(before) == 3
        hands.on(days=3650)
        add(workspace, "Завтрашний")
        make_copy(workspace, "scheduled")
        assert thin(folder, hands.now) == ()
        hands.on(hours=47)
        add(workspace, "Послезавтрашний")
        make_copy(workspace, "scheduled")
        assert thin(folder, hands.now) == ()
        # Two days of work by that time, and it is believed: copies live no longer than was chosen.
        hands.on(hours=2)
        assert {copy.path for copy in thin(folder, hands.now)} == before


@given(st.lists(st.integers(0, 5000), max_size=40), st.integers(0, 5000))
def test_p05_the_time_is_believed_after_two_days_of_copies_or_without_a_leap(days: list[int], today: int) -> None:
    made = [START + timedelta(days=day) for day in days]
    past = sorted({day for day in days if day <= today} | {today})
    leaps = [place for place, (one, other) in enumerate(pairwise(past)) if other - one > 200]
    first_of_now = past[leaps[-1] + 1] if leaps else past[0]
    assert may_thin(made, START + timedelta(days=today)) == (not leaps or today - first_of_now >= 2)


@pytest.fixture
def hands() -> Hands:
    return Hands(NOON)


def test_p05_the_newest_sound_copy_never_goes(tmp_path: Path, hands: Hands) -> None:
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        first = make_copy(workspace, "by_hand")
        assert first is not None
        add(workspace, "Иванов")
        hands.on(days=30)
        second = make_copy(workspace, "scheduled")
        assert second is not None
    flip(second.path, 5000)
    check_copy(second, None, hands)
    hands.on(days=190)
    folder = folder_of(workspace.path)
    for name in (
        "s.krug.damaged-2026-11-12T09-00-00Z",
        "s.krug.damaged-2026-11-12T09-00-00Z-2-wal",
        "s.krug.damaged-x",
    ):
        (folder / name).write_bytes(b"kept")
    gone = thin(folder, hands.now, 1)
    assert (folder / "s.krug.damaged-x").exists()
    (folder / "s.krug.damaged-x").unlink()
    assert [copy.path for copy in gone] == [second.path]
    assert [copy.path for copy in list_copies(folder)] == [first.path]
    assert len(list(folder.iterdir())) == 3


def test_p05_a_damaged_copy_stays_two_days_after_it_was_found_out(tmp_path: Path, hands: Hands) -> None:
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        old = make_copy(workspace, "by_hand")
        short = make_copy(workspace, "by_hand")
        hands.on(days=5)
        make_copy(workspace, "by_hand")
    assert old is not None
    assert short is not None
    flip(old.path, 5000)
    assert check_copy(old, None, hands).verdict == "damaged"
    os.truncate(short.path, short.size - 4096)
    assert thin(folder_of(workspace.path), hands.now) == ()
    hands.on(days=1)
    assert thin(folder_of(workspace.path), hands.now) == ()
    hands.on(days=1)
    assert {copy.path for copy in thin(folder_of(workspace.path), hands.now)} == {old.path, short.path}


def test_p05_a_copy_nobody_could_check_pushes_out_no_sound_one(tmp_path: Path, hands: Hands) -> None:
    with Workspace.create(tmp_path / "s.krug", hands) as workspace:
        sound = make_copy(workspace, "by_hand")
        hands.on(minutes=1)
        strange = make_copy(workspace, "by_hand")
        hands.on(days=5)
        make_copy(workspace, "by_hand")
    assert sound is not None
    assert strange is not None
    strange.path.with_suffix(".json").unlink()
    assert thin(folder_of(workspace.path), hands.now) == ()
    assert sound.path.exists()
