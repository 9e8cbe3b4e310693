"""Events: adding, changing, moving, opening and closing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.models import Attendance, Event, EventKind
from crm.models.events import EVENT_FORMATS
from crm.services.event_errors import (
    EventCapacityWrong,
    EventEndsBeforeStart,
    EventIsCancelled,
    EventKindUnknown,
    EventNotFound,
    EventNotOver,
    EventTitleMissing,
)
from crm.services.event_rows import ClosedEvent, EventDraft
from crm.text import clean, fold

_TITLE_LENGTH = 300
_LINE_LENGTH = 500
_LINK_LENGTH = 1000
_NOTE_LENGTH = 200_000
_COLOURS = ("green", "amber", "red", "grey", "plum", "teal", "blue")


def add_event(session: Session, draft: EventDraft, clock: Clock) -> int:
    """Add an event; gives its id.

    Raises EventTitleMissing, EventEndsBeforeStart, EventKindUnknown, EventCapacityWrong, TextTooLong.
    """
    event = Event(created_at=clock(), status="planned")
    _fill(session, event, draft)
    session.add(event)
    session.flush()
    return event.id


def edit_event(session: Session, event_id: int, draft: EventDraft) -> None:
    """Change an event. Moving it to another day takes the day of everybody's attendance along.

    Raises what `add_event` raises, and EventNotFound.
    """
    event = _event(session, event_id)
    before = event.on
    _fill(session, event, draft)
    session.flush()
    if event.on != before:
        session.execute(update(Attendance).where(Attendance.event_id == event_id).values(event_on=event.on))


def copy_event(session: Session, event_id: int, on: date, clock: Clock) -> int:
    """Add an event like another on the day `on`, at the same hours; nobody is on its list. Raises EventNotFound."""
    source = _event(session, event_id)
    starts = clocks.local(source.starts_at, source.zone).replace(tzinfo=None)
    ends = clocks.local(source.ends_at, source.zone).replace(tzinfo=None)
    moved = datetime.combine(on, starts.time())
    draft = EventDraft(
        title=source.title,
        starts=moved,
        ends=moved + (ends - starts),
        zone=source.zone,
        kind=session.scalars(select(EventKind.key).where(EventKind.id == source.kind_id)).one(),
        format=source.format,
        place=source.place,
        address=source.address,
        link=source.link,
        capacity=source.capacity,
        approval=source.approval,
        description=source.description,
        agenda=source.agenda,
    )
    copied = add_event(session, draft, clock)
    event = _event(session, copied)
    event.series_id = source.series_id
    event.template_id = source.template_id
    session.flush()
    return copied


def cancel_event(session: Session, event_id: int) -> None:
    """Call an event off; its list stays as it is. Raises EventNotFound."""
    _event(session, event_id).status = "cancelled"


def open_event(session: Session, event_id: int, clock: Clock) -> None:
    """Begin letting people in. Raises EventNotFound, EventIsCancelled."""
    event = _event(session, event_id)
    if event.status == "cancelled":
        raise EventIsCancelled
    event.status = "open"
    event.opened_at = event.opened_at or clock()


def close_event(session: Session, event_id: int, clock: Clock) -> ClosedEvent:
    """Close an event that is over: whoever is still expected did not come.

    This is the only place where a no-show comes from (reference metrics §3.2). Raises EventNotFound,
    EventIsCancelled, and EventNotOver before the end.
    """
    event = _event(session, event_id)
    if event.status == "cancelled":
        raise EventIsCancelled
    if clock() < event.ends_at:
        raise EventNotOver(time=i18n.time(event.ends_at, event.zone))
    event.status = "closed"
    event.closed_at = clock()
    session.flush()
    session.execute(
        update(Attendance)
        .where(Attendance.event_id == event_id, Attendance.status == "registered")
        .values(status="no_show")
    )
    rows = session.execute(
        select(Attendance.status, func.count()).where(Attendance.event_id == event_id).group_by(Attendance.status)
    )
    counts = {row[0]: row[1] for row in rows}
    walk_ins = counts.get("walk_in", 0)
    return ClosedEvent(counts.get("attended", 0) + walk_ins, walk_ins, counts.get("no_show", 0))


def reopen_event(session: Session, event_id: int) -> None:
    """Open a closed or cancelled event again: nobody is a no-show any longer. Raises EventNotFound."""
    event = _event(session, event_id)
    event.status = "open" if event.opened_at else "planned"
    event.closed_at = None
    session.flush()
    session.execute(
        update(Attendance)
        .where(Attendance.event_id == event_id, Attendance.status == "no_show")
        .values(status="registered")
    )


def add_kind(session: Session, name: str) -> str:
    """Add an own kind of event, or find the one of that name; gives its key. Raises TextTooLong."""
    name = clean(name, 200)
    folded = fold(name)
    rows = session.execute(select(EventKind.key, EventKind.name)).all()
    for row in rows:
        if row.name and fold(row.name) == folded:
            return str(row.key)
    taken = {row.key for row in rows}
    number = next(number for number in range(1, len(taken) + 2) if f"own_{number}" not in taken)
    key = f"own_{number}"
    session.execute(
        insert(EventKind).values(
            key=key, name=name, colour=_COLOURS[len(taken) % len(_COLOURS)], position=len(taken), archived_at=None
        )
    )
    return key


def _fill(session: Session, event: Event, draft: EventDraft) -> None:
    title = clean(draft.title, _TITLE_LENGTH)
    if not title:
        raise EventTitleMissing
    if draft.ends < draft.starts:
        raise EventEndsBeforeStart
    if draft.capacity is not None and draft.capacity <= 0:
        raise EventCapacityWrong(capacity=draft.capacity)
    kind = session.scalars(select(EventKind.id).where(EventKind.key == draft.kind)).first()
    if kind is None:
        raise EventKindUnknown(kind=draft.kind)
    draft = replace(draft, format=draft.format if draft.format in EVENT_FORMATS else "offline")
    event.title = title
    event.search_title = fold(title)
    event.kind_id = kind
    event.format = draft.format
    event.starts_at = _moment(draft.starts, draft.zone)
    event.ends_at = max(_moment(draft.ends, draft.zone), event.starts_at)
    event.zone = draft.zone
    event.on = draft.starts.date()
    event.place = clean(draft.place, _TITLE_LENGTH)
    event.address = clean(draft.address, _LINE_LENGTH)
    event.link = clean(draft.link, _LINK_LENGTH)
    event.capacity = draft.capacity
    event.approval = draft.approval
    event.description = clean(draft.description, _NOTE_LENGTH, multiline=True)
    event.agenda = clean(draft.agenda, _NOTE_LENGTH, multiline=True)


def _moment(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=clocks.zone(zone)).astimezone(UTC)


def _event(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id)
    if event is None:
        raise EventNotFound(ref=f"#{event_id}")
    return event
