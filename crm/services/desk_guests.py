"""Guests without a registration: who they may already be, and adding somebody by name at the desk."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crm import contact_points
from crm import text as texts
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import Attendance, ContactPoint, InteractionPerson, Person, PersonTag, Response, new_uid
from crm.services.desk_rows import Guest
from crm.services.person_columns import NAME_LIMIT, contact_columns, name_columns
from crm.store import search
from crm.text import clean

SOURCE = "desk"
"""What `person.source` says of somebody who was added at the door."""
_MOST_NAMESAKES = 5


class GuestNameMissing(CrmError):
    """A guest needs a name."""

    code = "guest_name_missing"
    message = mark("Write the guest's name: that alone is enough.")


def add_guest(session: Session, guest: Guest, clock: Clock) -> int:
    """Add a person known by name and perhaps phone; gives the id. Raises GuestNameMissing, TextTooLong."""
    name = texts.split_name(clean(guest.name, NAME_LIMIT))
    fields = {
        "family_name": name.family,
        "given_name": name.given,
        "additional_name": name.additional,
        "nickname": name.nickname,
    }
    if not any(fields.values()):
        raise GuestNameMissing
    now = clock()
    person_id = session.execute(
        insert(Person)
        .values(uid=new_uid(), source=SOURCE, created_at=now, changed_at=now, **fields, **name_columns(fields))
        .returning(Person.id)
    ).scalar_one()
    phone = clean(guest.phone)
    if phone:
        session.execute(insert(ContactPoint).values(person_id=person_id, position=0, **contact_columns("phone", phone)))
    return person_id


def forget_guest(session: Session, person_id: int) -> None:
    """Take away a person who was added at the desk, came to nothing since and was touched by nothing else."""
    person = session.get(Person, person_id)
    if person is None or person.source != SOURCE or person.changed_at != person.created_at:
        return
    for table in (Attendance, PersonTag, Response, InteractionPerson):
        if session.scalars(select(func.count()).select_from(table).where(table.person_id == person_id)).one():
            return
    session.delete(person)


def namesakes(session: Session, guest: Guest) -> list[int]:
    """Ids of people of the same name, or with the same phone: to be shown, never to be joined unasked."""
    name = texts.split_name(clean(guest.name, NAME_LIMIT))
    found: dict[int, None] = {}
    key = contact_points.normal_phone(guest.phone).e164 if guest.phone.strip() else None
    if key:
        rows = session.scalars(
            select(ContactPoint.person_id)
            .join(Person, Person.id == ContactPoint.person_id)
            .where(ContactPoint.key == key, Person.deleted_at.is_(None))
            .limit(_MOST_NAMESAKES)
        )
        found.update(dict.fromkeys(rows))
    words = set(texts.words(f"{name.family} {name.given}"))
    if len(words) > 1:
        for person_id in find_people(session, " ".join(sorted(words)), _MOST_NAMESAKES * 2):
            known = session.scalars(select(Person.search_names).where(Person.id == person_id)).one()
            if words <= set(texts.words(known)):
                found[person_id] = None
    return list(found)[:_MOST_NAMESAKES]


def find_people(session: Session, text: str, limit: int | None = None) -> list[int]:
    """Ids of people of the whole community whom `text` finds, the likeliest first."""
    return list(search.find(session, text, limit=limit).ids) if clean(text) else []
