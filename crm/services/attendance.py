"""Who is on the list of an event: inviting, registering, cancelling, roles, arrivals ticked afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import Attendance, Event, Person, new_uid
from crm.models.events import CAME, ROLES
from crm.services.event_errors import AttendanceNotFound, EventIsCancelled, EventNotFound
from crm.services.event_rows import Invited
from crm.services.ticket_codes import new_codes

_CHUNK = 500
_ON_LIST = ("registered", "attended", "walk_in", "no_show", "pending", "waitlisted")


def invite_people(session: Session, event_id: int, person_ids: Sequence[int], clock: Clock) -> Invited:
    """Note that people were invited; who has an invitation or is on the list keeps what they have.

    Somebody who cancelled is not invited again. Raises EventNotFound, EventIsCancelled.
    """
    event = _open_event(session, event_id)
    fresh = uninvited(session, event_id, person_ids)
    _insert(session, event, fresh, "invited", invited_at=clock())
    return Invited(len(fresh), len(set(person_ids)) - len(fresh))


def uninvited(session: Session, event_id: int, person_ids: Sequence[int]) -> list[int]:
    """Those of `person_ids` whom `invite_people` would invite: whom the event does not know in any way yet."""
    wanted = list(dict.fromkeys(person_ids))
    there = _present(session, wanted)
    known = set(session.scalars(select(Attendance.person_id).where(Attendance.event_id == event_id)))
    return [person_id for person_id in wanted if person_id in there and person_id not in known]


def register_people(
    session: Session, event_id: int, person_ids: Sequence[int], clock: Clock, *, role: str = "guest", source: str = ""
) -> int:
    """Put people on the list with a ticket each; gives how many were not on it before.

    Invited and cancelled people become registered; where the event asks for approval they wait for it, and where it
    is full they go on the waiting list. Raises EventNotFound, EventIsCancelled.
    """
    event = _open_event(session, event_id)
    wanted = list(dict.fromkeys(person_ids))
    there = _present(session, wanted)
    known = {
        row.person_id: row
        for row in session.execute(
            select(Attendance.id, Attendance.person_id, Attendance.status, Attendance.ticket_code).where(
                Attendance.event_id == event_id
            )
        )
    }
    free = _free_places(session, event)
    added = 0
    fresh: dict[str, list[int]] = {}
    for person_id in wanted:
        row = known.get(person_id)
        if person_id not in there or (row is not None and row.status in _ON_LIST):
            continue
        status = "pending" if event.approval else "registered" if free is None or free > 0 else "waitlisted"
        if status == "registered" and free is not None:
            free -= 1
        added += 1
        if row is None:
            fresh.setdefault(status, []).append(person_id)
            continue
        code = row.ticket_code or new_codes(session, 1)[0]
        session.execute(
            update(Attendance)
            .where(Attendance.id == row.id)
            .values(status=status, role=role, registered_at=clock(), cancelled_at=None, ticket_code=code)
        )
    for status, people in fresh.items():
        _insert(session, event, people, status, role=role, source=source, registered_at=clock(), tickets=True)
    return added


def add_attendee(session: Session, event_id: int, person_id: int, clock: Clock, *, role: str = "guest") -> int:
    """Put one person on the list; gives the id of the attendance, which may have been there before.

    Raises EventNotFound, EventIsCancelled, AttendanceNotFound where there is no such person.
    """
    register_people(session, event_id, [person_id], clock, role=role)
    found = session.scalars(
        select(Attendance.id).where(Attendance.event_id == event_id, Attendance.person_id == person_id)
    ).first()
    if found is None:
        raise AttendanceNotFound
    return found


def cancel_attendance(session: Session, attendance_id: int, clock: Clock) -> None:
    """Take somebody's registration back; the place is free again. Raises AttendanceNotFound."""
    row = _attendance(session, attendance_id)
    row.status = "cancelled"
    row.cancelled_at = clock()


def restore_attendance(session: Session, attendance_id: int, clock: Clock) -> None:
    """Put a cancelled, waiting, rejected or only invited person on the list. Raises AttendanceNotFound."""
    row = _attendance(session, attendance_id)
    row.status = "registered"
    row.registered_at = row.registered_at or clock()
    row.cancelled_at = None
    row.ticket_code = row.ticket_code or new_codes(session, 1)[0]


def remove_attendee(session: Session, attendance_id: int) -> None:
    """Take a person who was added by mistake off the list altogether. Raises AttendanceNotFound."""
    session.delete(_attendance(session, attendance_id))


def change_role(session: Session, attendance_id: int, role: str) -> None:
    """Make somebody a guest, speaker, organiser, volunteer or mentor of the event. Raises AttendanceNotFound."""
    if role not in ROLES:
        raise ValueError(role)
    _attendance(session, attendance_id).role = role


def mark_came(session: Session, attendance_id: int, at: datetime) -> None:
    """Note afterwards, from paper or memory, that somebody was there from `at` (UTC). Raises AttendanceNotFound."""
    row = _attendance(session, attendance_id)
    row.status = "attended" if row.registered_at is not None else "walk_in"
    row.first_in_at = row.first_in_at or at
    row.entered_later = True


def mark_not_come(session: Session, attendance_id: int) -> None:
    """Take an arrival back, whoever noted it: the person is again what they were without it.

    Registered people are expected again, or did not come where the event is closed; somebody who was only invited
    is that again; a walk-in leaves the list. Raises AttendanceNotFound.
    """
    take_back_arrival(session, _attendance(session, attendance_id))


def take_back_arrival(session: Session, row: Attendance) -> None:
    """As `mark_not_come`, for a row at hand."""
    event = session.get_one(Event, row.event_id)
    row.first_in_at = None
    row.entered_later = False
    row.over_capacity = False
    if row.cancelled_at is not None:
        row.status = "cancelled"
    elif row.registered_at is not None:
        row.status = "no_show" if event.status == "closed" else "registered"
    elif row.invited_at is not None:
        row.status = "invited"
    else:
        session.delete(row)


def set_guest_count(session: Session, attendance_id: int, count: int) -> None:
    """How many unnamed companions came with somebody. Raises AttendanceNotFound."""
    _attendance(session, attendance_id).guest_count = max(0, count)


def attendance_of(session: Session, event_id: int, person_id: int) -> int | None:
    """The id of a person's attendance at an event, if there is one."""
    return session.scalars(
        select(Attendance.id).where(Attendance.event_id == event_id, Attendance.person_id == person_id)
    ).first()


def _attendance(session: Session, attendance_id: int) -> Attendance:
    row = session.get(Attendance, attendance_id)
    if row is None:
        raise AttendanceNotFound
    return row


def _open_event(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id)
    if event is None:
        raise EventNotFound(ref=f"#{event_id}")
    if event.status == "cancelled":
        raise EventIsCancelled
    return event


def _present(session: Session, person_ids: Sequence[int]) -> set[int]:
    present: set[int] = set()
    for start in range(0, len(person_ids), _CHUNK):
        chunk = person_ids[start : start + _CHUNK]
        present.update(session.scalars(select(Person.id).where(Person.id.in_(chunk), Person.deleted_at.is_(None))))
    return present


def _free_places(session: Session, event: Event) -> int | None:
    if event.capacity is None:
        return None
    rows = session.execute(
        select(Attendance.status, Attendance.guest_count).where(
            Attendance.event_id == event.id, Attendance.status.in_(("registered", *CAME))
        )
    ).all()
    guests = sum(int(row.guest_count) for row in rows if row.status in CAME)
    return event.capacity - len(rows) - guests


def _insert(
    session: Session,
    event: Event,
    person_ids: Iterable[int],
    status: str,
    *,
    role: str = "guest",
    source: str = "",
    invited_at: datetime | None = None,
    registered_at: datetime | None = None,
    tickets: bool = False,
) -> None:
    people = list(person_ids)
    if not people:
        return
    codes: list[str | None] = [*new_codes(session, len(people))] if tickets else [None] * len(people)
    session.execute(
        insert(Attendance),
        [
            {
                "uid": new_uid(),
                "event_id": event.id,
                "person_id": person_id,
                "role": role,
                "status": status,
                "ticket_code": code,
                "external_key": "",
                "source": source,
                "invited_at": invited_at,
                "registered_at": registered_at,
                "event_on": event.on,
            }
            for person_id, code in zip(people, codes, strict=True)
        ],
    )
