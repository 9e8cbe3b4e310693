"""The check-in desk: letting people in, taking an arrival back, guests who are not on the list.

Every attempt is one transaction: what it changed and its line in the log of scans are there together or not at all.
The order of the checks is that of reference desk.md §7: validity first, «already in» last, so that a cancelled or
refused ticket never passes as a mere repetition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from crm import text as texts
from crm.clock import Clock
from crm.models import Attendance, Event, Scan, new_uid
from crm.models.events import CAME
from crm.services.attendance import take_back_arrival
from crm.services.desk_guests import add_guest, forget_guest, namesakes
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import in_community, load_desk, one_arrival, one_person
from crm.services.desk_rows import Arrival, CheckIn, Guest
from crm.services.event_errors import EventNotFound
from crm.services.ticket_codes import is_spoiled_code, read_code
from crm.text import clean

BOUNCE: Final = timedelta(seconds=3)
"""Within this a second scan of the same ticket is the scanner's echo."""
HOURS_AROUND: Final = timedelta(hours=3)
"""An arrival further from the event than this is allowed and marked."""
_SCAN_TEXT: Final = 200
_REFUSALS: Final = {
    "cancelled": "cancelled",
    "transferred": "cancelled",
    "pending": "not_approved",
    "rejected": "not_approved",
    "waitlisted": "waitlisted",
}
_BEFORE_REFUSAL: Final = {"cancelled": "cancelled", "not_approved": "pending", "waitlisted": "waitlisted"}

# Built once: at the door a statement is worth its milliseconds.
_EVENT: Final = select(Event.status, Event.starts_at, Event.ends_at, Event.capacity, Event.on).where(
    Event.id == bindparam("event")
)
_LAST_NUMBER: Final = (
    select(Scan.order_number).where(Scan.event_id == bindparam("event")).order_by(Scan.id.desc()).limit(1)
)


@dataclass(frozen=True, slots=True)
class _Door:
    """What the desk must know of the event, and how this attempt came in."""

    event_id: int
    status: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    on: Any
    device: str
    now: datetime
    at: datetime
    text: str
    late: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        outside = not self.starts_at - HOURS_AROUND <= self.at <= self.ends_at + HOURS_AROUND
        return ("outside_hours",) if outside else ()


def check_in(
    session: Session,
    event_id: int,
    who: str | int,
    clock: Clock,
    *,
    device: str = "1",
    at: datetime | None = None,
    admit: bool = False,
    late: bool = False,
    allow_over_capacity: bool = True,
    index: DeskIndex | None = None,
) -> CheckIn:
    """Let somebody in: `who` is a scanned or typed text, or the id of an attendance that was chosen.

    A text checks in only where it means exactly one person on the list. `at` (UTC) is the time of an arrival noted
    afterwards; it, and `late`, pass a closed event. `admit` brings a cancelled, waiting or unapproved person back and
    in. With `allow_over_capacity` off, a full house is reported and nobody is let in. `index` spares reading the list.

    Raises EventNotFound and AttendanceNotFound.
    """
    text = who if isinstance(who, str) else f"#{who}"
    door = _door(session, event_id, clock, device, at, text, late)
    if isinstance(who, int):
        return _enter(session, door, who, admit=admit, allow_over_capacity=allow_over_capacity)
    code = read_code(who)
    if code is not None:
        ticket = session.execute(
            select(Attendance.id, Attendance.event_id).where(Attendance.ticket_code == code)
        ).first()
        if ticket is not None and ticket.event_id == event_id:
            return _enter(session, door, ticket.id, admit=admit, allow_over_capacity=allow_over_capacity)
        if ticket is not None:
            return _elsewhere(session, door, ticket.id)
    if is_spoiled_code(who) or not texts.words(who) or len(clean(who)) > _SCAN_TEXT:
        return _refuse(session, door, CheckIn("malformed"))
    index = index or DeskIndex(load_desk(session, event_id))
    named = by_reference(index, who)
    hits = [named] if named else [hit.arrival for hit in index.find(who) if hit.certain]
    if len(hits) == 1 and hits[0].attendance_id is not None:
        return _enter(session, door, hits[0].attendance_id, admit=admit, allow_over_capacity=allow_over_capacity)
    if hits:
        return _refuse(session, door, CheckIn("ambiguous", candidates=tuple(hits)))
    candidates = [hit.arrival for hit in index.similar(who)]
    candidates += in_community(session, event_id, who, 5, {arrival.person_id for arrival in candidates})
    return _refuse(session, door, CheckIn("not_found", candidates=tuple(candidates)))


def check_in_guest(
    session: Session,
    event_id: int,
    guest: Guest,
    clock: Clock,
    *,
    device: str = "1",
    at: datetime | None = None,
    late: bool = False,
    allow_over_capacity: bool = True,
) -> CheckIn:
    """Let in somebody who is not on the list: a walk-in.

    A guest who turns out to be on the list goes the way of `check_in`. A new person is added by name; others of the
    same name or phone come back as candidates with the warning `possible_duplicate`, and nobody is joined unasked.

    Raises EventNotFound, AttendanceNotFound, GuestNameMissing, TextTooLong.
    """
    door = _door(session, event_id, clock, device, at, guest.name or f"#{guest.person_id}", late)
    closed = _closed(door)
    if closed is not None:
        return _refuse(session, door, closed)
    person_id = guest.person_id
    warnings: tuple[str, ...] = ()
    candidates: tuple[Arrival, ...] = ()
    if person_id is not None:
        known = session.execute(
            select(Attendance.id, Attendance.status).where(
                Attendance.event_id == event_id, Attendance.person_id == person_id
            )
        ).first()
        if known is not None and known.status != "invited":
            return _enter(session, door, known.id, admit=True, allow_over_capacity=allow_over_capacity)
        person = one_person(session, person_id)
        if person.blocked:
            return _refuse(session, door, CheckIn("blocked", person=person))
    over = _is_full(session, door, booked=True)
    if over and not allow_over_capacity:
        return _refuse(session, door, CheckIn("over_capacity"))
    if person_id is None:
        candidates = tuple(one_person(session, other, event_id) for other in namesakes(session, guest))
        warnings = ("possible_duplicate",) if candidates else ()
        person_id = add_guest(session, guest, clock)
    attendance_id = _walk_in(session, door, person_id, over=over)
    result = "over_capacity" if over else "ok"
    _log(session, door, result, attendance_id)
    person = one_arrival(session, attendance_id)
    if not person.reachable:
        warnings = (*warnings, "missing_data")
    return CheckIn(
        result,
        recorded=True,
        warnings=(*door.warnings, *warnings),
        person=person,
        at=door.at,
        candidates=candidates,
        text=door.text,
    )


def undo_check_in(
    session: Session, event_id: int, attendance_id: int | None, clock: Clock, *, device: str = "1"
) -> CheckIn:
    """Take an arrival back as if it had not been; it is not «left». Without an id the last one of the event.

    Who came in by being brought back or let off the waiting list is again what they were; a person added at the desk
    and touched by nothing since goes too. Gives `not_found` where nobody arrived.
    """
    door = _door(session, event_id, clock, device, None, "", late=True)
    if attendance_id is None:
        attendance_id = session.scalars(
            select(Attendance.id)
            .where(Attendance.event_id == event_id, Attendance.status.in_(CAME))
            .order_by(Attendance.first_in_at.desc(), Attendance.id.desc())
            .limit(1)
        ).first()
    row = None if attendance_id is None else session.get(Attendance, attendance_id)
    if row is None or row.event_id != event_id or row.status not in CAME:
        return CheckIn("not_found")
    person = one_arrival(session, row.id)
    first_at = row.first_in_at
    refused = _refused_before(session, row.id)
    take_back_arrival(session, row)
    session.flush()
    gone = session.get(Attendance, row.id) is None
    if not gone and refused is not None:
        row.status = refused
        session.flush()
    _log(session, door, "undone", None if gone else row.id)
    if gone:
        forget_guest(session, row.person_id)
        person = replace(person, attendance_id=None, status="", first_in_at=None)
    else:
        person = one_arrival(session, row.id)
    return CheckIn("undone", recorded=True, person=person, at=door.now, first_at=first_at)


# -- one attempt ------------------------------------------------------------------------------------------------------


def _door(
    session: Session,
    event_id: int,
    clock: Clock,
    device: str,
    at: datetime | None,
    text: str,
    late: bool,
) -> _Door:
    row = session.execute(_EVENT, {"event": event_id}).first()
    if row is None:
        raise EventNotFound(ref=f"#{event_id}")
    now = clock()
    return _Door(
        event_id,
        row.status,
        row.starts_at,
        row.ends_at,
        row.capacity,
        row[4],
        device,
        now,
        at or now,
        clean(text)[:_SCAN_TEXT],
        late or at is not None,
    )


def _closed(door: _Door) -> CheckIn | None:
    if door.status == "cancelled" or (door.status == "closed" and not door.late):
        return CheckIn("event_closed")
    return None


def _enter(session: Session, door: _Door, attendance_id: int, *, admit: bool, allow_over_capacity: bool) -> CheckIn:
    person = one_arrival(session, attendance_id)
    closed = _closed(door)
    if closed is not None:
        return _refuse(session, door, replace(closed, person=person))
    refusal = _REFUSALS.get(person.status)
    if refusal is not None and not admit:
        return _refuse(session, door, CheckIn(refusal, person=person, at=person.cancelled_at))
    if person.blocked:
        return _refuse(session, door, CheckIn("blocked", person=person))
    warnings = door.warnings if person.reachable else (*door.warnings, "missing_data")
    if person.is_here:
        return _again(session, door, person, warnings)
    over = _is_full(session, door, booked=person.status not in {"registered", "no_show"})
    if over and not allow_over_capacity:
        return _refuse(session, door, CheckIn("over_capacity", person=person))
    if refusal is not None:
        _log(session, door, refusal, attendance_id)
    status = "walk_in" if person.status == "invited" else "attended"
    values: dict[str, Any] = {
        "status": status,
        "first_in_at": door.at,
        "over_capacity": over,
        "entered_later": door.late,
    }
    if refusal is not None:
        values["registered_at"] = func.coalesce(Attendance.registered_at, door.now)
    session.execute(update(Attendance).where(Attendance.id == attendance_id).values(values))
    _open(session, door)
    result = "over_capacity" if over else "ok"
    _log(session, door, result, attendance_id)
    person = replace(person, status=status, first_in_at=door.at)
    return CheckIn(result, recorded=True, warnings=warnings, person=person, at=door.at, text=door.text)


def _elsewhere(session: Session, door: _Door, attendance_id: int) -> CheckIn:
    """A ticket of another event: its holder may come in as a guest, the ticket itself opens nothing here."""
    row = session.execute(
        select(Event.title, Attendance.person_id)
        .join(Attendance, Attendance.event_id == Event.id)
        .where(Attendance.id == attendance_id)
    ).one()
    _log(session, door, "wrong_event", None)
    person = one_person(session, row.person_id, door.event_id)
    return CheckIn("wrong_event", person=person, other_event=row.title, text=door.text)


def _again(session: Session, door: _Door, person: Arrival, warnings: tuple[str, ...]) -> CheckIn:
    last = session.execute(
        select(Scan.at, Scan.result, Scan.device)
        .where(Scan.attendance_id == person.attendance_id, Scan.result.in_(("ok", "over_capacity")))
        .order_by(Scan.id.desc())
        .limit(1)
    ).first()
    bounce = last is not None and timedelta(0) <= door.now - last.at <= BOUNCE
    if not bounce:
        _log(session, door, "already", person.attendance_id)
    return CheckIn(
        "already",
        warnings=warnings,
        person=person,
        at=door.now,
        first_at=person.first_in_at,
        bounce=bounce,
        same_desk=last is None or last.device == door.device,
        text=door.text,
    )


def _refuse(session: Session, door: _Door, result: CheckIn) -> CheckIn:
    _log(session, door, result.result, result.person.attendance_id if result.person else None)
    return replace(result, text=door.text)


def _walk_in(session: Session, door: _Door, person_id: int, *, over: bool) -> int:
    values = {"status": "walk_in", "first_in_at": door.at, "over_capacity": over, "entered_later": door.late}
    known = session.scalars(
        select(Attendance.id).where(Attendance.event_id == door.event_id, Attendance.person_id == person_id)
    ).first()
    if known is not None:
        session.execute(update(Attendance).where(Attendance.id == known).values(values))
        attendance_id = known
    else:
        attendance_id = session.execute(
            insert(Attendance)
            .values(uid=new_uid(), event_id=door.event_id, person_id=person_id, event_on=door.on, **values)
            .returning(Attendance.id)
        ).scalar_one()
    _open(session, door)
    return attendance_id


def _open(session: Session, door: _Door) -> None:
    if door.status == "planned":
        session.execute(update(Event).where(Event.id == door.event_id).values(status="open", opened_at=door.now))


def _is_full(session: Session, door: _Door, *, booked: bool) -> bool:
    """Whether one more is over capacity: by places held for somebody without one, by people inside for the rest."""
    if door.capacity is None:
        return False
    statuses = ("registered", *CAME) if booked else CAME
    rows = session.execute(
        select(func.count(), func.sum(Attendance.guest_count)).where(
            Attendance.event_id == door.event_id, Attendance.status.in_(statuses)
        )
    ).one()
    return int(rows[0]) + int(rows[1] or 0) >= door.capacity


def _log(session: Session, door: _Door, result: str, attendance_id: int | None) -> None:
    last = session.scalars(_LAST_NUMBER, {"event": door.event_id}).first()
    session.execute(
        insert(Scan).values(
            uid=new_uid(),
            event_id=door.event_id,
            attendance_id=attendance_id,
            device=door.device,
            text=door.text,
            direction="in",
            order_number=(last or 0) + 1,
            at=door.now,
            result=result,
        )
    )


def _refused_before(session: Session, attendance_id: int) -> str | None:
    """What somebody was before the last arrival brought them in, where that arrival overrode a refusal."""
    results = list(
        session.scalars(
            select(Scan.result).where(Scan.attendance_id == attendance_id).order_by(Scan.id.desc()).limit(20)
        )
    )
    while results and results[0] == "already":
        results.pop(0)
    if len(results) > 1 and results[0] in {"ok", "over_capacity"}:
        return _BEFORE_REFUSAL.get(results[1])
    return None


def by_reference(index: DeskIndex, text: str) -> Arrival | None:
    """Somebody named by `#12` (a person's number) or by uid, as everywhere on the command line."""
    text = text.strip()
    if text.startswith("#") and text[1:].isdecimal():
        return index.by_person(int(text[1:]))
    if "-" in text:
        return next((arrival for arrival in index.people() if arrival.uid == text), None)
    return None
