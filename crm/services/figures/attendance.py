"""Figures about attendance: who registered, came, stayed away, cancelled (reference metrics §3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crm.models import Attendance, Event, Person
from crm.services.figures.community import share
from crm.services.figures.scope import Scope, counted_event, counted_person, held
from crm.services.figures_rows import Figure


@dataclass(frozen=True, slots=True)
class EventCounts:
    """One event without the team: R registered and not cancelled, A of them came, W walk-ins, C cancelled."""

    event_id: int
    held: bool
    registered: int
    came_registered: int
    walk_ins: int
    cancelled: int

    @property
    def came(self) -> int:
        """Attendance: A + W."""
        return self.came_registered + self.walk_ins


def event_counts(session: Session, scope: Scope) -> list[EventCounts]:
    """Counts of the event, or of every event of the period somebody registered for or came to."""

    def how_many(*statuses: str) -> Any:
        return func.sum(case((Attendance.status.in_(statuses), 1), else_=0))

    rows = session.execute(
        select(
            Attendance.event_id,
            func.max(case((held(scope), 1), else_=0)),
            how_many("registered", "attended", "no_show"),
            how_many("attended"),
            how_many("walk_in"),
            how_many("cancelled"),
        )
        .join(Event, Event.id == Attendance.event_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(counted_event(scope), counted_person(scope))
        .group_by(Attendance.event_id)
    )
    return [EventCounts(row[0], bool(row[1]), *row[2:]) for row in rows]


def attendance_figures(session: Session, scope: Scope) -> list[Figure]:
    """Attendance, show-up, no-show, cancellation and walk-in figures out of one pass over the events.

    Rates are over events that are over, since nobody is a no-show before; the show-up rate of one event is also
    given while it runs, as it stands.
    """
    counts = event_counts(session, scope)
    over = [count for count in counts if count.held]
    shown = counts if scope.event_id is not None else over
    return [
        attendance(counts, scope),
        show_up_rate(shown, scope),
        no_show_rate(over, scope),
        cancellation_rate(counts, scope),
        walk_in_share(counts, scope),
    ]


def attendance(counts: Sequence[EventCounts], scope: Scope) -> Figure:
    """Visits: A + W; a person counts once per event."""
    visits = sum(count.came for count in counts)
    return Figure("attendance", visits, visits, "attendance.attendance", scope.start, scope.end)


def show_up_rate(counts: Sequence[EventCounts], scope: Scope) -> Figure:
    """A / R."""
    registered = sum(count.registered for count in counts)
    came = sum(count.came_registered for count in counts)
    return share("show_up_rate", "attendance.show_up_rate", came, registered, scope)


def no_show_rate(counts: Sequence[EventCounts], scope: Scope) -> Figure:
    """(R − A) / R."""
    registered = sum(count.registered for count in counts)
    came = sum(count.came_registered for count in counts)
    return share("no_show_rate", "attendance.no_show_rate", registered - came, registered, scope)


def cancellation_rate(counts: Sequence[EventCounts], scope: Scope) -> Figure:
    """C / (R + C)."""
    cancelled = sum(count.cancelled for count in counts)
    whole = cancelled + sum(count.registered for count in counts)
    return share("cancellation_rate", "attendance.cancellation_rate", cancelled, whole, scope)


def walk_in_share(counts: Sequence[EventCounts], scope: Scope) -> Figure:
    """W / (A + W)."""
    walk_ins = sum(count.walk_ins for count in counts)
    whole = sum(count.came for count in counts)
    return share("walk_in_share", "attendance.walk_in_share", walk_ins, whole, scope)


def people_by_status(scope: Scope, *statuses: str, over: bool = False) -> Select[Any]:
    """People with an attendance of one of `statuses` in the scope; `over`: at events that are over."""
    missing = and_(Attendance.status == "registered", held(scope)) if "no_show" in statuses else None
    wanted = Attendance.status.in_(statuses)
    statement = (
        select(Attendance.person_id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(counted_event(scope), counted_person(scope))
        .where(wanted if missing is None else or_(wanted, missing))
        .distinct()
    )
    return statement.where(held(scope)) if over else statement
