"""Once a day, in the background: the details of deeds that are older than the journal keeps go, slice by slice."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from crm import clock as clocks
from crm.services import journal_keeping
from crm.store import thinning
from crm.store.workspace import Workspace
from crm.ui.jobs import Report

PAUSE: Final = 0.02
"""Seconds between two slices, in which whoever waits to write gets its turn."""


def is_due(workspace: Workspace) -> bool:
    """Whether nobody looked through the journal today."""
    return not workspace.locked and workspace.read(journal_keeping.thinned_on) != clocks.today(workspace.clock)


def thin_journal(workspace: Workspace, report: Report) -> int:
    """Take out what the journal keeps no longer; gives the number of slices. `report` may raise Cancelled between."""
    now = workspace.clock()

    def plan(session: Any) -> int | None:
        limits = thinning.Limits(
            since=now - journal_keeping.age(journal_keeping.days_kept(session)),
            size=journal_keeping.megabytes_kept(session) * 1_000_000,
            untouched=now - timedelta(days=journal_keeping.LEAST_DAYS),
        )
        return thinning.last_to_thin(session.connection(), limits)

    last = workspace.read(plan)
    slices = 0
    while last is not None:
        slices += 1
        if not workspace.maintain(partial(_slice, last=last, now=now)):
            break
        report(slices, 0)
        time.sleep(PAUSE)
    workspace.maintain(lambda session: journal_keeping.note_thinned(session, clocks.today(workspace.clock)))
    return slices


def _slice(session: Any, last: int, now: datetime) -> bool:
    return thinning.thin_slice(session.connection(), last, now)
