"""Small makers of rows, for tests of the store that know no service."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.models import Attendance, ContactPoint, Event, EventKind, Organisation, Person, Tag


def person(session: Session, at: datetime, family: str = "Иванов", given: str = "Иван", **fields: object) -> Person:
    made = Person(
        family_name=family,
        given_name=given,
        search_names=f"{family} {given}".casefold().replace("ё", "е"),
        sort_key=f"{family} {given}".casefold(),
        created_at=at,
        changed_at=at,
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def phone(session: Session, owner: Person, number: str = "+79000000001") -> ContactPoint:
    made = ContactPoint(
        person_id=owner.id, kind="phone", value=number, typed=number, key=number, search_text=number[:0:-1]
    )
    session.add(made)
    session.flush()
    return made


def organisation(session: Session, at: datetime, name: str = "Ладога Банк") -> Organisation:
    folded = name.casefold()
    made = Organisation(name=name, match_key=folded, search_name=folded, sort_key=folded, created_at=at)
    session.add(made)
    session.flush()
    return made


def tag(session: Session, name: str) -> Tag:
    made = Tag(name=name, search_name=name.casefold())
    session.add(made)
    session.flush()
    return made


def event(session: Session, at: datetime, title: str = "Встреча", **fields: object) -> Event:
    kind = session.scalars(select(EventKind).where(EventKind.key == "meeting")).one()
    made = Event(
        title=title,
        search_title=title.casefold(),
        kind_id=kind.id,
        starts_at=at,
        ends_at=at,
        zone="Europe/Moscow",
        on=at.date(),
        created_at=at,
        **fields,
    )
    session.add(made)
    session.flush()
    return made


def attendance(
    session: Session, of: Event, who: Person, status: str = "attended", on: date | None = None
) -> Attendance:
    made = Attendance(event_id=of.id, person_id=who.id, status=status, event_on=on or of.on)
    session.add(made)
    session.flush()
    return made
