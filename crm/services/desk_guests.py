"""Guests without a registration: who they may already be, and adding somebody by name at the desk."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import Attendance, InteractionPerson, Person, PersonTag, Response
from crm.services.desk_rows import Guest
from crm.services.people_editing import ContactDraft, PersonDraft, add_person, named_draft, possible_doubles
from crm.services.person_columns import NAME_LIMIT
from crm.store import search
from crm.text import clean

SOURCE = "desk"
"""What `person.source` says of somebody who was added at the door."""


class GuestNameMissing(CrmError):
    """A guest needs a name."""

    code = "guest_name_missing"
    message = mark("Write the guest's name: that alone is enough.")


def add_guest(session: Session, guest: Guest, clock: Clock) -> int:
    """Add a person known by name and perhaps phone; gives the id. Raises GuestNameMissing, TextTooLong."""
    if not any(map(str.isalpha, guest.name)):
        raise GuestNameMissing
    return add_person(session, _draft(guest), clock)


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
    """Ids of people with the same phone or the same whole name: to be shown, never to be joined unasked."""
    return [double.person_id for double in possible_doubles(session, _draft(guest))]


def find_people(session: Session, text: str, limit: int | None = None) -> list[int]:
    """Ids of people of the whole community whom `text` finds, the likeliest first."""
    return list(search.find(session, text, limit=limit).ids) if clean(text) else []


def _draft(guest: Guest) -> PersonDraft:
    phone = (ContactDraft("phone", guest.phone),) if guest.phone.strip() else ()
    return named_draft(clean(guest.name, NAME_LIMIT), PersonDraft(source=SOURCE, contacts=phone))
