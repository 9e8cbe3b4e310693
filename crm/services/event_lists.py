"""Events as lists and pages show them: ids in order, rows by id, one event whole, and finding one by a reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from crm import i18n
from crm.clock import Clock
from crm.models import Attendance, Event, EventKind, EventTotals
from crm.services.event_errors import EventAmbiguous, EventNotFound
from crm.services.event_rows import EventCard, EventRow, KindRow
from crm.text import fold

When = Literal["upcoming", "past", "all"]
_NUMBER: Final = re.compile(r"#?([0-9]{1,18})", re.ASCII)
_MOST_CHOICES: Final = 5
_TOTALS: Final = (
    "invited",
    "registered",
    "came_registered",
    "walk_ins",
    "guests",
    "cancelled",
    "waitlisted",
    "no_shows",
    "responses",
)
_FIELDS: Final = (
    "id",
    "uid",
    "title",
    "format",
    "status",
    "starts_at",
    "ends_at",
    "zone",
    "on",
    "place",
    "capacity",
)


def event_ids(
    session: Session, when: When, clock: Clock, *, text: str = "", kind: str = "", limit: int | None = None
) -> list[int]:
    """Ids of events in the order of their page, as `event_days` has them."""
    return [event_id for event_id, _ in event_days(session, when, clock, text=text, kind=kind, limit=limit)]


def event_days(
    session: Session, when: When, clock: Clock, *, text: str = "", kind: str = "", limit: int | None = None
) -> list[tuple[int, date]]:
    """Ids of events with their local days: what is coming from the nearest on, what is past from the last back.

    `text` is looked for in the title; `kind` is the key of one kind.
    """
    statement = select(Event.id, Event.on)
    now = clock()
    coming = or_(Event.ends_at > now, and_(Event.status == "open", Event.starts_at > now))
    if when == "upcoming":
        statement = statement.where(coming).order_by(Event.starts_at, Event.id)
    elif when == "past":
        statement = statement.where(~coming).order_by(Event.starts_at.desc(), Event.id.desc())
    else:
        statement = statement.order_by(Event.starts_at.desc(), Event.id.desc())
    for word in fold(text).split():
        statement = statement.where(Event.search_title.contains(word, autoescape=True))
    if kind:
        statement = statement.join(EventKind, EventKind.id == Event.kind_id).where(EventKind.key == kind)
    return [(row[0], row[1]) for row in session.execute(statement.limit(limit))]


def event_rows(session: Session, ids: Sequence[int]) -> list[EventRow]:
    """The events of `ids`, in their order; ids that are no longer there are left out."""
    found = {row.id: _row(row) for row in session.execute(_rows().where(Event.id.in_(ids)))}
    return [found[event_id] for event_id in ids if event_id in found]


def event_row(session: Session, event_id: int) -> EventRow:
    """One event with its totals. Raises EventNotFound."""
    rows = event_rows(session, [event_id])
    if not rows:
        raise EventNotFound(ref=f"#{event_id}")
    return rows[0]


def event_card(session: Session, event_id: int) -> EventCard:
    """One event whole. Raises EventNotFound."""
    row = event_row(session, event_id)
    event = session.get_one(Event, event_id)
    pending = session.scalars(
        select(func.count()).where(Attendance.event_id == event_id, Attendance.status == "pending")
    ).one()
    return EventCard(
        row=row,
        address=event.address,
        link=event.link,
        approval=event.approval,
        tracks_exits=event.tracks_exits,
        description=event.description,
        agenda=event.agenda,
        opened_at=event.opened_at,
        closed_at=event.closed_at,
        pending=pending,
    )


def next_event(session: Session, clock: Clock) -> EventRow | None:
    """The event that is on or comes next; cancelled ones are not it."""
    event_id = session.scalars(
        select(Event.id)
        .where(Event.ends_at > clock(), Event.status.in_(("planned", "open")))
        .order_by(Event.starts_at, Event.id)
        .limit(1)
    ).first()
    return None if event_id is None else event_row(session, event_id)


def event_kinds(session: Session) -> list[KindRow]:
    """The kinds one may choose, in their order."""
    rows = session.execute(
        select(EventKind.id, EventKind.key, EventKind.name, EventKind.colour)
        .where(EventKind.archived_at.is_(None))
        .order_by(EventKind.position, EventKind.id)
    )
    return [KindRow(row.id, row.key, row.name, row.colour) for row in rows]


def usual_places(session: Session, limit: int = 20) -> list[str]:
    """Places events were held at, the last used first."""
    rows = session.scalars(
        select(Event.place)
        .where(Event.place != "")
        .group_by(Event.place)
        .order_by(func.max(Event.starts_at).desc())
        .limit(limit)
    )
    return list(rows)


def resolve_event(session: Session, ref: str) -> int:
    """The id of the event that `ref` names: `#12` or 12, its uid, else its title or the beginning of one event's.

    Raises EventNotFound or EventAmbiguous.
    """
    ref = ref.strip()
    number = _NUMBER.fullmatch(ref)
    if number and session.get(Event, int(number[1])) is not None:
        return int(number[1])
    by_uid = session.scalars(select(Event.id).where(Event.uid == ref)).first()
    if by_uid is not None:
        return by_uid
    title = fold(ref)
    if not title:
        raise EventNotFound(ref=ref)
    for condition in (Event.search_title == title, Event.search_title.contains(title, autoescape=True)):
        rows = session.execute(
            select(Event.id, Event.title, Event.on).where(condition).order_by(Event.starts_at.desc(), Event.id.desc())
        ).all()
        if len(rows) == 1:
            return int(rows[0].id)
        if rows:
            choices = "; ".join(f"#{row.id} {row.title}, {i18n.day(row.on)}" for row in rows[:_MOST_CHOICES])
            raise EventAmbiguous(ref=ref, choices=choices + ("; …" if len(rows) > _MOST_CHOICES else ""))
    raise EventNotFound(ref=ref)


def _rows() -> Select[Any]:
    return (
        select(
            *(getattr(Event, name) for name in _FIELDS),
            EventKind.key.label("kind"),
            EventKind.name.label("kind_name"),
            EventKind.colour,
            *(func.coalesce(getattr(EventTotals, name), 0).label(name) for name in _TOTALS),
        )
        .join(EventKind, EventKind.id == Event.kind_id)
        .outerjoin(EventTotals, EventTotals.event_id == Event.id)
    )


def _row(row: Any) -> EventRow:
    names = (*_FIELDS, "kind", "kind_name", "colour", *_TOTALS)
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
    return EventRow(**{name: values["held_on" if name == "on" and "on" not in values else name] for name in names})
