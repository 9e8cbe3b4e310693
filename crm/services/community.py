"""The community's own settings: its name."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import i18n, text
from crm.models import Person, Setting, StoreNote

NAME_KEY = "community_name"
NAME_LIMIT = 200
KEEP_COPIES_KEY = "keep_copies_months"
KEEP_COPIES = 9
"""Months for which monthly copies are kept while nobody said otherwise."""
LEVELS_KEY = "levels_kept_on"
OFFERED_KEY = "passphrase_offered"


def community_name(session: Session) -> str:
    """The name of the community, or «Community» in the language in use while it has none."""
    value = session.scalar(select(Setting.value).where(Setting.key == NAME_KEY))
    return value if isinstance(value, str) and value else i18n.text("My community")


def rename_community(session: Session, name: str) -> None:
    """Give the community a name; raises TextTooLong."""
    cleaned = text.clean(name, NAME_LIMIT)
    setting = session.scalars(select(Setting).where(Setting.key == NAME_KEY)).one_or_none()
    if setting is None:
        session.add(Setting(key=NAME_KEY, value=cleaned))
    elif setting.value != cleaned:
        setting.value = cleaned


def months_of_copies(session: Session) -> int:
    """For how many months the monthly copies are kept."""
    value = session.scalar(select(Setting.value).where(Setting.key == KEEP_COPIES_KEY))
    return value if isinstance(value, int) and value > 0 else KEEP_COPIES


def keep_copies(session: Session, months: int) -> None:
    """Keep the monthly copies for so many months; raises ValueError for none."""
    if months < 1:
        raise ValueError("copies are kept for a month at least")
    setting = session.scalars(select(Setting).where(Setting.key == KEEP_COPIES_KEY)).one_or_none()
    if setting is None:
        session.add(Setting(key=KEEP_COPIES_KEY, value=months))
    elif setting.value != months:
        setting.value = months


def store_uid(session: Session) -> str:
    """What tells this store from every other, wherever its file lies."""
    return session.scalar(select(StoreNote.value).where(StoreNote.key == "uid")) or ""


def is_empty(session: Session) -> bool:
    """True while the store has no people."""
    return session.execute(select(Person.id).limit(1)).first() is None


def is_demo(session: Session) -> bool:
    """True for a store made by the demo, which is deleted when it is left."""
    return session.scalar(select(StoreNote.value).where(StoreNote.key == "demo")) == "1"


def levels_kept_on(session: Session) -> date | None:
    """The day everyone's level was last looked at."""
    value = session.scalar(select(StoreNote.value).where(StoreNote.key == LEVELS_KEY))
    return None if value is None else date.fromisoformat(value)


def note_levels_kept(session: Session, today: date) -> None:
    """Remember that everyone's level was looked at."""
    session.merge(StoreNote(key=LEVELS_KEY, value=today.isoformat()))


def passphrase_was_offered(session: Session) -> bool:
    """True once somebody was asked whether the store should have a passphrase, whatever the answer."""
    return session.get(StoreNote, OFFERED_KEY) is not None


def note_passphrase_offered(session: Session, answer: str) -> None:
    """Remember that it was offered, and the answer: «set», «plain» or «later»."""
    session.merge(StoreNote(key=OFFERED_KEY, value=answer))
