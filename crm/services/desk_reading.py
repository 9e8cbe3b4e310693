"""What the desk reads: the whole list at the start, one person of it anew, others of the community."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crm import contact_points
from crm import text as texts
from crm.models import Attendance, ContactPoint, Organisation, Person, Scan
from crm.services.desk_guests import find_people
from crm.services.desk_rows import Arrival, DeskList
from crm.services.event_errors import AttendanceNotFound
from crm.services.event_lists import event_row
from crm.text import NameParts

_PHONES: Final = frozenset(("phone", "whatsapp"))
_PERSON: Final = (
    Person.id.label("person_id"),
    Person.uid,
    Person.family_name,
    Person.given_name,
    Person.additional_name,
    Person.nickname,
    Person.search_names,
    Person.gender,
    Person.blocked,
    Person.joined_on,
    Person.organisation_id,
    Organisation.name.label("organisation"),
    Organisation.search_name.label("organisation_search"),
)

_ARRIVALS: Final = (
    select(
        Attendance.id.label("attendance_id"),
        Attendance.role,
        Attendance.status,
        Attendance.ticket_code,
        Attendance.first_in_at,
        Attendance.cancelled_at,
        Attendance.guest_count,
        Attendance.desk_note,
        *_PERSON,
    )
    .join(Person, Person.id == Attendance.person_id)
    .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    .where(Person.deleted_at.is_(None))
)
# Built once: at the door a statement is worth its milliseconds.
_ONE_ARRIVAL: Final = _ARRIVALS.where(Attendance.id == bindparam("attendance"))
_CONTACTS: Final = (
    select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.search_text, ContactPoint.value)
    .where(ContactPoint.person_id == bindparam("person"))
    .order_by(ContactPoint.position, ContactPoint.id)
)


def load_desk(session: Session, event_id: int) -> DeskList:
    """Everything the desk holds in memory. Raises EventNotFound."""
    event = event_row(session, event_id)
    rows = session.execute(_ARRIVALS.where(Attendance.event_id == event_id)).all()
    contacts: dict[int, list[Any]] = {}
    for contact in session.execute(
        select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.search_text, ContactPoint.value)
        .join(Attendance, Attendance.person_id == ContactPoint.person_id)
        .where(Attendance.event_id == event_id)
        .order_by(ContactPoint.person_id, ContactPoint.position, ContactPoint.id)
    ):
        contacts.setdefault(contact.person_id, []).append(contact)
    last = session.scalars(select(Scan.at).where(Scan.event_id == event_id).order_by(Scan.id.desc()).limit(1)).first()
    return DeskList(event, tuple(_arrival(row, contacts.get(row.person_id, ())) for row in rows), last)


def one_arrival(session: Session, attendance_id: int) -> Arrival:
    """One person of the list, read anew. Raises AttendanceNotFound."""
    row = session.execute(_ONE_ARRIVAL, {"attendance": attendance_id}).first()
    if row is None:
        raise AttendanceNotFound
    return _arrival(row, _contacts(session, row.person_id))


def one_person(session: Session, person_id: int, event_id: int | None = None) -> Arrival:
    """Somebody of the community; with `event_id`, as the list of that event has them if it does."""
    row = session.execute(
        select(*_PERSON)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id, Person.deleted_at.is_(None))
    ).first()
    if row is None:
        raise AttendanceNotFound
    arrival = _arrival(row, _contacts(session, person_id))
    if event_id is None:
        return arrival
    known = session.execute(
        select(Attendance.id, Attendance.status).where(
            Attendance.event_id == event_id, Attendance.person_id == person_id
        )
    ).first()
    return arrival if known is None else replace(arrival, attendance_id=known.id, status=known.status)


def in_community(
    session: Session, event_id: int, text: str, limit: int = 9, besides: Iterable[int] = ()
) -> list[Arrival]:
    """People of the whole community whom `text` finds and who are not on the list of the event, the likeliest first."""
    left_out = set(besides) | set(
        session.scalars(
            select(Attendance.person_id).where(Attendance.event_id == event_id, Attendance.status != "invited")
        )
    )
    found = [person_id for person_id in find_people(session, text) if person_id not in left_out]
    return [one_person(session, person_id, event_id) for person_id in found[:limit]]


def _contacts(session: Session, person_id: int) -> Sequence[Any]:
    return session.execute(_CONTACTS, {"person": person_id}).all()


def _arrival(row: Any, contacts: Sequence[Any]) -> Arrival:
    parts = NameParts(row.family_name, row.given_name, row.additional_name, row.nickname)
    on_list = hasattr(row, "attendance_id")
    phones = [contact for contact in contacts if contact.kind in _PHONES]
    return Arrival(
        person_id=row.person_id,
        uid=row.uid,
        # Who is known by a contact alone is called by it: a line without words cannot be chosen.
        name=texts.display_name(parts) or next((contact_points.shown(one.kind, one.value) for one in contacts), ""),
        initials=texts.initials(parts),
        other_names=" ".join(part for part in (row.additional_name, row.nickname) if part),
        attendance_id=row.attendance_id if on_list else None,
        organisation=row.organisation or "",
        organisation_id=row.organisation_id,
        role=row.role if on_list else "guest",
        status=row.status if on_list else "",
        ticket_code=(row.ticket_code or "") if on_list else "",
        first_in_at=row.first_in_at if on_list else None,
        cancelled_at=row.cancelled_at if on_list else None,
        guest_count=row.guest_count if on_list else 0,
        gender=row.gender,
        blocked=bool(row.blocked),
        desk_note=row.desk_note if on_list else "",
        joined_on=row.joined_on,
        reachable=bool(contacts),
        phone_end=phones[0].search_text[:4][::-1] if phones else "",
        words=tuple(texts.words(row.search_names)),
        organisation_words=tuple(texts.words(row.organisation_search or "")),
        digits=tuple(contact.search_text for contact in phones),
        handles=tuple(texts.fold(contact.value).lstrip("@") for contact in contacts if contact not in phones),
    )
