"""How long the journal keeps the details of deeds: a setting of the community."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import i18n
from crm.errors import CrmError
from crm.models import Setting, StoreNote

DAYS_KEY: Final = "journal_days"
SIZE_KEY: Final = "journal_megabytes"
THINNED_KEY: Final = "journal_thinned_on"
DAYS: Final = 730
"""Two years, while nobody chose otherwise."""
MEGABYTES: Final = 200
"""Some two hundred thousand changed cards of people: several years of a busy community."""
LEAST_DAYS: Final = 30
"""Deeds of so many days keep their details whatever was chosen, and however much they take."""


class JournalTimeOdd(CrmError):
    """So few days, or so little room, would take undo away."""

    code = "journal_time_odd"
    message = i18n.mark("The journal keeps at least {days} days and {megabytes} megabytes.")


def days_kept(session: Session) -> int:
    """For how many days deeds keep their details."""
    return _number(session, DAYS_KEY, DAYS)


def megabytes_kept(session: Session) -> int:
    """How many megabytes the details may take together."""
    return _number(session, SIZE_KEY, MEGABYTES)


def keep(session: Session, *, days: int | None = None, megabytes: int | None = None) -> None:
    """Choose how long details are kept, how much room they have, or both. Raises JournalTimeOdd."""
    if (days is not None and days < LEAST_DAYS) or (megabytes is not None and megabytes < 1):
        raise JournalTimeOdd(days=LEAST_DAYS, megabytes=1)
    for key, value in ((DAYS_KEY, days), (SIZE_KEY, megabytes)):
        if value is None:
            continue
        setting = session.scalars(select(Setting).where(Setting.key == key)).one_or_none()
        if setting is None:
            session.add(Setting(key=key, value=value))
        elif setting.value != value:
            setting.value = value


def thinned_on(session: Session) -> date | None:
    """The day the journal was last looked through."""
    value = session.scalar(select(StoreNote.value).where(StoreNote.key == THINNED_KEY))
    return None if value is None else date.fromisoformat(value)


def note_thinned(session: Session, today: date) -> None:
    """Remember that the journal was looked through."""
    session.merge(StoreNote(key=THINNED_KEY, value=today.isoformat()))


def age(days: int) -> timedelta:
    """The age at which details go, never under the least."""
    return timedelta(days=max(days, LEAST_DAYS))


def _number(session: Session, key: str, otherwise: int) -> int:
    value = session.scalar(select(Setting.value).where(Setting.key == key))
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
