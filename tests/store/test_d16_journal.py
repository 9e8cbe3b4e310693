"""D16: the journal is the audit: an altered header is noticed, thinning takes details and nothing else."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from crm.app import journal_keeping as keeper
from crm.i18n import phrase
from crm.models import Change, Deed, Person
from crm.services import history, journal_keeping
from crm.store import journal_chain, journal_thinning
from crm.store.errors import DeedThinned
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def kept(tmp_path: Path, calendar: Calendar) -> Workspace:
    """A store with a deed every hundred days, the newest today."""
    workspace = Workspace.create(tmp_path / "kept.krug", calendar)
    workspace.write(phrase("Start"), lambda s: makers.person(s, NOON).id)
    for step in range(10):
        calendar.moment += timedelta(days=100)
        workspace.write(
            phrase("Moved {n}", n=step), lambda s, n=step: s.execute(update(Person).values(city=f"Город{n}"))
        )
    return workspace


def people(workspace: Workspace) -> list[tuple[object, ...]]:
    table = Person.__table__
    return [tuple(row) for row in workspace.read(lambda s: s.execute(select(table)).all())]


def chain(workspace: Workspace) -> int | None:
    return workspace.read(lambda s: journal_chain.verify_chain(s.connection()))


def thinned(workspace: Workspace) -> list[bool]:
    return [
        day is not None for day in workspace.read(lambda s: s.scalars(select(Deed.thinned_at).order_by(Deed.id)).all())
    ]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE deed SET label = 'Nothing' WHERE id = 4",
        "UPDATE deed SET at = '2020-01-01 00:00:00.000000' WHERE id = 4",
        "UPDATE deed SET kind = 'redo' WHERE id = 4",
        "UPDATE deed SET last_change = last_change + 1 WHERE id = 4",
        "UPDATE deed SET hash = replace(hash, 'a', 'b') WHERE id = 4",
        "UPDATE deed SET id = 400 WHERE id = 4",
    ],
)
def test_d16_an_altered_header_breaks_the_chain(kept: Workspace, tampering: str) -> None:
    assert chain(kept) is None

    def verb(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text("UPDATE change SET deed_id = 1 WHERE deed_id = 4"))
        session.execute(text(tampering))

    kept.maintain(verb)
    assert chain(kept) in (4, 5)
    kept.close()


def test_d16_a_header_that_is_gone_breaks_the_chain(kept: Workspace) -> None:
    def verb(session: Session) -> None:
        session.execute(text("DELETE FROM change WHERE deed_id = 4"))
        session.execute(text("DELETE FROM deed WHERE id = 4"))

    kept.maintain(verb)
    assert chain(kept) == 5
    kept.close()


def test_d16_changes_that_are_gone_are_a_gap(kept: Workspace) -> None:
    kept.maintain(lambda s: s.execute(text("DELETE FROM change WHERE deed_id = 4")))
    assert kept.read(lambda s: journal_chain.first_gap(s.connection())) == 4
    assert chain(kept) is None
    kept.close()


def test_d16_thinning_by_age_takes_details_of_old_deeds_only(kept: Workspace) -> None:
    before = people(kept)
    keeper.Thinning(kept).run()
    assert thinned(kept) == [True] * 3 + [False] * 8
    assert kept.read(lambda s: s.scalars(select(Change.deed_id)).all()) == list(range(4, 12))
    assert people(kept) == before
    assert chain(kept) is None
    assert kept.read(lambda s: journal_chain.first_gap(s.connection())) is None
    rows = kept.read(history.deeds)
    assert [row.label.text() for row in rows][-2:] == ["Moved 0", "Start"]
    assert [row.undoable for row in rows][-3:] == [False] * 3
    assert not keeper.is_due(kept)
    kept.close()


def test_d16_a_thinned_deed_is_refused_with_the_reason_and_the_rest_can_be_undone(
    kept: Workspace, calendar: Calendar
) -> None:
    keeper.Thinning(kept).run()
    for _ in range(8):
        kept.undo()
    before = people(kept)
    for number in (3, None):
        with pytest.raises(DeedThinned) as refusal:
            kept.undo(number)
        assert "8 авг 2029" in refusal.value.text().replace("\N{NO-BREAK SPACE}", " ")
    assert people(kept) == before
    kept.redo()
    kept.close()


def test_d16_thinning_by_size_leaves_the_deeds_of_the_last_month(kept: Workspace, calendar: Calendar) -> None:
    kept.write(phrase("Setting"), lambda s: journal_keeping.keep(s, days=10_000, megabytes=1))
    limits = journal_thinning.Limits(NOON - timedelta(days=9_000), 1, calendar.moment - timedelta(days=30))
    last = kept.read(lambda s: journal_thinning.last_to_thin(s.connection(), limits))
    assert last == 10
    roomy = journal_thinning.Limits(NOON - timedelta(days=9_000), 1_000_000, calendar.moment)
    assert kept.read(lambda s: journal_thinning.last_to_thin(s.connection(), roomy)) is None
    kept.close()


def test_d16_the_time_kept_is_a_setting_within_reason(kept: Workspace) -> None:
    assert kept.read(journal_keeping.days_kept) == 730
    kept.write(phrase("Setting"), lambda s: journal_keeping.keep(s, days=365))
    assert kept.read(journal_keeping.days_kept) == 365
    kept.undo()
    assert kept.read(journal_keeping.days_kept) == 730
    with pytest.raises(journal_keeping.JournalTimeOdd):
        kept.write(phrase("Setting"), lambda s: journal_keeping.keep(s, days=7))
    kept.close()


def test_d16_a_large_deed_is_thinned_in_slices_that_keep_nobody_waiting(tmp_path: Path, calendar: Calendar) -> None:
    workspace = Workspace.create(tmp_path / "large.krug", calendar)
    rows = [
        {"uid": f"u{n}", "family_name": f"Ф{n}", "search_names": f"ф{n}", "created_at": NOON, "changed_at": NOON}
        for n in range(2_000)
    ]
    workspace.write(phrase("Import"), lambda s: s.execute(insert(Person), rows))
    workspace.write(phrase("Bulk"), lambda s: s.execute(update(Person).values(note="о" * 300)))
    calendar.moment += timedelta(days=800)
    last = workspace.read(lambda s: s.scalar(select(Deed.last_change).order_by(-Deed.id))) or 0
    longest = 0.0
    while True:
        began = time.perf_counter()
        more = workspace.maintain(lambda s: journal_thinning.thin_slice(s.connection(), last, calendar()))
        longest = max(longest, time.perf_counter() - began)
        if not more:
            break
    assert workspace.read(lambda s: s.scalar(select(Change.id))) is None
    assert thinned(workspace) == [True, True]
    assert longest < 0.2
    workspace.close()
