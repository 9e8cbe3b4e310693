"""Thinning the journal: details of old deeds go, so that the file does not grow for ever. Never data, never headers.

The oldest go first and without gaps, so that what is left answers every question it could answer before. Work is done
in slices, each a transaction of its own, for no write of a person may wait for housekeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, update

from crm.models import Change, Deed

SLICE: Final = 500
"""Changes taken out in one transaction; with two indexes and overwritten pages a few dozen milliseconds."""
OVERHEAD: Final = 120
"""Bytes that a change takes besides what its row was: its own columns and two indexes."""
_STEP: Final = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What the journal may keep: deeds since `since`, `size` bytes of details; deeds since `untouched` stay anyway."""

    since: datetime
    size: int
    untouched: datetime


def last_to_thin(connection: Connection, limits: Limits) -> int | None:
    """The number of the last change that must go; None where there is nothing to thin. Only reads."""
    by_age = _last_change_before(connection, limits.since)
    by_size = _last_change_over(connection, limits.size)
    allowed = _last_change_before(connection, limits.untouched)
    last = min(max(by_age, by_size), allowed)
    oldest = connection.execute(select(func.min(Change.id))).scalar()
    return last if oldest is not None and oldest <= last else None


def thin_slice(connection: Connection, last: int, at: datetime) -> bool:
    """Take out the oldest changes up to `last`, at most a slice of them; False when there are none left.

    A deed is marked in the transaction that takes out its first change: from then on it cannot be undone.
    """
    oldest = connection.execute(select(func.min(Change.id))).scalar()
    if oldest is None or oldest > last:
        return False
    end = min(oldest + SLICE - 1, last)
    connection.execute(update(Deed).where(Deed.thinned_at.is_(None), Deed.first_change <= end).values(thinned_at=at))
    connection.exec_driver_sql("DELETE FROM change WHERE id <= ?", (end,))
    return end < last


def _last_change_before(connection: Connection, moment: datetime) -> int:
    """Deeds follow each other in time, but a clock may be wrong: the first one that is young enough ends the old."""
    first_kept = select(func.min(Deed.id)).where(Deed.at >= moment).scalar_subquery()
    found = connection.execute(
        select(func.max(Deed.last_change)).where(Deed.id < func.coalesce(first_kept, _BEYOND))
    ).scalar()
    return int(found or 0)


_BEYOND: Final = 2**62


def _last_change_over(connection: Connection, size: int) -> int:
    """The last change of the newest deed that no longer fits; 0 where all fit. Walks from the newest on."""
    newest = connection.execute(select(func.max(Change.id))).scalar() or 0
    room = size
    for top in range(newest, 0, -_STEP):
        taken = connection.exec_driver_sql(
            f"SELECT count(*) * {OVERHEAD} + coalesce(sum(length(before)), 0) FROM change WHERE id > ? AND id <= ?",
            (top - _STEP, top),
        ).scalar_one()
        if taken > room:
            # A step that does not fit whole goes whole, with the deed it ends in the middle of left to the next day.
            return _end_of_deed(connection, top)
        room -= taken
    return 0


def _end_of_deed(connection: Connection, change: int) -> int:
    found = connection.execute(select(func.max(Deed.last_change)).where(Deed.last_change <= change)).scalar()
    return int(found or 0)
