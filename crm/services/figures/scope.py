"""What a figure is computed over: a period, the people of a segment, one event; and who is never counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.models import Attendance, Event, Person, Response
from crm.models.events import CAME
from crm.store import dialect

ACTIVE_DAYS: Final = 90
"""A person is active who came to an event in so many days (reference metrics §3.3)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A half-open period [start, end) of local days, `people` of a segment (None: everyone), one event (or None)."""

    start: date
    end: date
    now: datetime
    today: date
    people: tuple[int, ...] | None = None
    event_id: int | None = None

    def over(self, start: date, end: date) -> Scope:
        """The same people and event over another period."""
        return Scope(start, end, self.now, self.today, self.people, self.event_id)

    def last(self, days: int) -> Scope:
        """The same over the last `days` days of this one."""
        return self.over(self.end - timedelta(days=days), self.end)


def scope_of(
    session: Session,
    start: date,
    end: date,
    clock: Clock,
    people: Iterable[int] | None = None,
    event_id: int | None = None,
) -> Scope:
    """A scope; with `event_id` its period is the day of that event."""
    if event_id is not None:
        day = session.get_one(Event, event_id).on
        start, end = day, day + timedelta(days=1)
    chosen = None if people is None else tuple(people)
    return Scope(start, end, clock(), clocks.today(clock), chosen, event_id)


def counted_person(scope: Scope) -> ColumnElement[bool]:
    """Who is counted: not deleted, not of the team, of the segment where there is one."""
    return and_(Person.deleted_at.is_(None), Person.kind != "team", of_segment(scope, Person.id))


def of_segment(scope: Scope, column: Any) -> ColumnElement[bool]:
    """`column` is a person of the segment; always true without one."""
    return true() if scope.people is None else dialect.among(column, scope.people)


def counted_event(scope: Scope) -> ColumnElement[bool]:
    """Which events are counted: the one asked for, else those of the period; never a cancelled one."""
    if scope.event_id is not None:
        return and_(Event.id == scope.event_id, Event.status != "cancelled")
    return and_(Event.on >= scope.start, Event.on < scope.end, Event.status != "cancelled")


def held(scope: Scope) -> ColumnElement[bool]:
    """Events that are over: who has not come by now did not come."""
    return or_(Event.status == "closed", Event.ends_at <= scope.now)


def came() -> ColumnElement[bool]:
    """Attendances of people who were there."""
    return Attendance.status.in_(CAME)


def counted_response(scope: Scope) -> ColumnElement[bool]:
    """Answers that count: of the event or the period, anonymous ones or of people who are counted (outer join)."""
    when = (
        Response.event_id == scope.event_id
        if scope.event_id is not None
        else and_(Response.on >= scope.start, Response.on < scope.end)
    )
    who: ColumnElement[bool] = counted_person(scope)
    if scope.people is None:
        who = or_(Response.person_id.is_(None), who)
    return and_(when, who)
