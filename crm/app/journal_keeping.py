"""Once a day, in the background: the details of deeds that are older than the journal keeps go, slice by slice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.i18n import phrase
from crm.services import journal_keeping
from crm.store import copy_thinning, journal_thinning, unused_files
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs


def is_due(workspace: Workspace) -> bool:
    """Whether nobody looked through the journal today."""
    return not workspace.locked and workspace.read(journal_keeping.thinned_on) != clocks.today(workspace.clock)


def keep_in_background(workspace: Workspace, jobs: Jobs, failed: Callable[[BaseException], None]) -> None:
    """Thin the journal if it is due: one slice a job, so that other work and whoever writes get their turn between."""
    if not is_due(workspace):
        return
    today = clocks.today(workspace.clock)
    if not _is_believable(workspace, today):
        workspace.maintain(lambda session: journal_keeping.note_thinned(session, today))
        return
    thin = Thinning(workspace)

    def next_slice(more: Any) -> None:
        if more and not workspace.locked:
            jobs.start(phrase("Journal of today"), lambda _: thin.step(), next_slice, failed, quiet=True)

    next_slice(True)


def _is_believable(workspace: Workspace, today: date) -> bool:
    """False on the first day after a leap of the clock: one wrong start must not cost the journal its details."""
    looked = workspace.read(journal_keeping.thinned_on)
    return looked is None or abs(today - looked) <= copy_thinning.LEAP


class Thinning:
    """What the journal must give up today, and how far it came."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._now = workspace.clock()
        self._last: int | None = None
        self._planned = False

    def step(self) -> bool:
        """The plan, then a slice each; False when it is done, which is remembered for the day."""
        if not self._planned:
            self._planned = True
            self._last = self._workspace.read(self._plan)
        elif not self._workspace.maintain(self._slice):
            self._last = None
        if self._last is not None or self._workspace.maintain(lambda s: unused_files.drop_unused(s.connection())):
            return True
        today = clocks.today(self._workspace.clock)
        self._workspace.maintain(lambda session: journal_keeping.note_thinned(session, today))
        return False

    def run(self) -> None:
        """All of it at once, for whoever has no window."""
        while self.step():
            pass

    def _plan(self, session: Session) -> int | None:
        return journal_thinning.last_to_thin(session.connection(), limits_of(session, self._now))

    def _slice(self, session: Session) -> bool:
        return journal_thinning.thin_slice(session.connection(), self._last or 0, self._now)


def limits_of(session: Session, now: datetime) -> journal_thinning.Limits:
    """What the settings of the community let the journal keep."""
    return journal_thinning.Limits(
        since=now - journal_keeping.age(journal_keeping.days_kept(session)),
        size=journal_keeping.megabytes_kept(session) * 1_000_000,
        untouched=now - timedelta(days=journal_keeping.LEAST_DAYS),
    )
