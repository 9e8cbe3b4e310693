"""Figures about people: how many there are, who is active, who is new, who comes again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from crm.models import Attendance, Event, Person, PersonScore
from crm.models.events import CAME
from crm.services.figures.scope import ACTIVE_DAYS, Scope, came, counted_event, counted_person
from crm.services.figures_rows import Figure
from crm.store import dialect

AGAIN_DAYS: Final = 90
"""A second visit counts within so many days of the first (reference metrics §3.3, default)."""


def many(session: Session, people: Select[Any]) -> int:
    """How many rows `people` gives."""
    return session.scalar(select(func.count()).select_from(people.subquery())) or 0


def percent(part: int, whole: int) -> float | None:
    """`part` of `whole` out of 100; None where there is nothing to divide by."""
    return None if whole == 0 else part / whole * 100


def share(key: str, definition: str, part: int, whole: int, scope: Scope) -> Figure:
    """A figure in percent with its base."""
    return Figure(key, percent(part, whole), whole, definition, scope.start, scope.end, "percent")


# -- who ---------------------------------------------------------------------------------------------------------------


def everyone(scope: Scope) -> Select[Any]:
    """People of the community at the end of the period: known or seen by then, not archived now."""
    known = func.coalesce(Person.joined_on, dialect.day(Person.created_at))
    statement = select(Person.id).where(counted_person(scope), Person.archived_at.is_(None))
    if scope.end > scope.today:
        return statement
    return statement.outerjoin(PersonScore, PersonScore.person_id == Person.id).where(
        or_(known < scope.end, PersonScore.first_visit_on < scope.end)
    )


def active(scope: Scope) -> Select[Any]:
    """People of the community who came to an event in the 90 days before the end of the period."""
    start = scope.end - timedelta(days=ACTIVE_DAYS)
    in_window = exists().where(
        Attendance.person_id == Person.id, came(), Attendance.event_on >= start, Attendance.event_on < scope.end
    )
    last = PersonScore.last_visit_on
    return (
        select(Person.id)
        .join(PersonScore, PersonScore.person_id == Person.id)
        .where(
            counted_person(scope),
            Person.archived_at.is_(None),
            # The last visit tells it for nearly everyone; only who came since then needs a look at their visits.
            last >= start,
            or_(last < scope.end, in_window),
        )
    )


def new(scope: Scope) -> Select[Any]:
    """People whose first visit fell into the period."""
    return (
        select(Person.id)
        .join(PersonScore, PersonScore.person_id == Person.id)
        .where(counted_person(scope), PersonScore.first_visit_on >= scope.start, PersonScore.first_visit_on < scope.end)
    )


def new_by_referral(scope: Scope) -> Select[Any]:
    """Those of `new` somebody brought."""
    return new(scope).where(Person.referred_by_id.is_not(None))


def visitors(scope: Scope, least: int = 1) -> Select[Any]:
    """People who came to at least `least` events of the period (or to the one event)."""
    return (
        select(Attendance.person_id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(counted_event(scope), came(), counted_person(scope))
        .group_by(Attendance.person_id)
        .having(func.count() >= least)
    )


def first_timers(scope: Scope) -> Select[Any]:
    """People who came to the one event and to none before it; over a period, the same as `new`."""
    if scope.event_id is None:
        return new(scope)
    earlier, before = aliased(Attendance), aliased(Event)
    came_before = (
        exists()
        .where(earlier.person_id == Attendance.person_id, earlier.status.in_(CAME), before.id == earlier.event_id)
        .where(
            or_(
                before.starts_at < Event.starts_at,
                and_(before.starts_at == Event.starts_at, before.id < Event.id),
            )
        )
    )
    return (
        select(Attendance.person_id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(counted_event(scope), came(), counted_person(scope), ~came_before)
    )


def cohort(scope: Scope) -> Select[Any]:
    """First-timers whose 90 days ended within the period and are over by today: a mature cohort."""
    start, end = _cohort_bounds(scope)
    return (
        select(Person.id)
        .join(PersonScore, PersonScore.person_id == Person.id)
        .where(counted_person(scope), PersonScore.first_visit_on >= start, PersonScore.first_visit_on < end)
    )


def _cohort_bounds(scope: Scope) -> tuple[date, date]:
    wait = timedelta(days=AGAIN_DAYS)
    return scope.start - wait, min(scope.end, scope.today) - wait


def came_again(scope: Scope) -> Select[Any]:
    """Those of `cohort` who came again within 90 days of their first visit."""
    return cohort(scope).where(_visits_after_first() >= 2)


def _visits_after_first() -> ColumnElement[int]:
    last_day = dialect.days_after(PersonScore.first_visit_on, AGAIN_DAYS)
    return (
        select(func.count())
        .where(Attendance.person_id == Person.id, came(), Attendance.event_on <= last_day)
        .correlate(Person, PersonScore)
        .scalar_subquery()
    )


# -- over time: the same counts for many periods in one pass -----------------------------------------------------------


def active_counts(session: Session, scopes: Sequence[Scope]) -> list[int]:
    """How many `active` gives for each of `scopes`, which differ in their period only."""
    starts = [scope.end - timedelta(days=ACTIVE_DAYS) for scope in scopes]
    flags = [
        func.max(_flag(and_(Attendance.event_on >= start, Attendance.event_on < scope.end)))
        for start, scope in zip(starts, scopes, strict=True)
    ]
    in_any = and_(Attendance.event_on >= min(starts), Attendance.event_on < max(scope.end for scope in scopes))
    of_person = select(Attendance.person_id, *flags).where(came(), in_any).group_by(Attendance.person_id).subquery()
    who, *columns = of_person.c
    return _sums(
        session,
        select(*map(func.sum, columns))
        .join(Person, Person.id == who)
        .where(counted_person(scopes[0]), Person.archived_at.is_(None)),
    )


def new_counts(session: Session, scopes: Sequence[Scope]) -> list[int]:
    """How many `new` gives for each of `scopes`, which differ in their period only."""
    first = PersonScore.first_visit_on
    return _sums(
        session,
        select(*(func.sum(_flag(and_(first >= scope.start, first < scope.end))) for scope in scopes))
        .join(Person, Person.id == PersonScore.person_id)
        .where(counted_person(scopes[0])),
    )


def second_visits(session: Session, scopes: Sequence[Scope]) -> list[float | None]:
    """The value of `second_visit` for each of `scopes`, which differ in their period only."""
    bounds = [_cohort_bounds(scope) for scope in scopes]
    people = (
        select(PersonScore.first_visit_on.label("first"), _flag(_visits_after_first() >= 2).label("again"))
        .join(Person, Person.id == PersonScore.person_id)
        .where(
            counted_person(scopes[0]),
            PersonScore.first_visit_on >= min(bounds)[0],
            PersonScore.first_visit_on < max(bound[1] for bound in bounds),
        )
        .subquery()
    )
    inside = [_flag(and_(people.c.first >= start, people.c.first < end)) for start, end in bounds]
    counts = _sums(session, select(*map(func.sum, inside), *(func.sum(each * people.c.again) for each in inside)))
    return [percent(part, whole) for whole, part in zip(counts, counts[len(scopes) :], strict=False)]


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _sums(session: Session, statement: Any) -> list[int]:
    return [number or 0 for number in session.execute(statement).one()]


# -- how many ----------------------------------------------------------------------------------------------------------


def people_total(session: Session, scope: Scope) -> Figure:
    """People in the store at the end of the period."""
    total = many(session, everyone(scope))
    return Figure("people_total", total, total, "people.total", None, scope.end)


def active_people(session: Session, scope: Scope) -> Figure:
    """Active people at the end of the period; the base is everyone then."""
    return Figure(
        "active_people",
        many(session, active(scope)),
        many(session, everyone(scope)),
        "people.active",
        scope.end - timedelta(days=ACTIVE_DAYS),
        scope.end,
    )


def new_people(session: Session, scope: Scope) -> Figure:
    """First visits of the period; the base is everyone who came in it."""
    base = many(session, visitors(scope))
    return Figure("new_people", many(session, new(scope)), base, "people.new", scope.start, scope.end)


def referral_share(session: Session, scope: Scope) -> Figure:
    """New people somebody brought / new people."""
    part, whole = many(session, new_by_referral(scope)), many(session, new(scope))
    return share("referral_share", "referral.share", part, whole, scope)


def second_visit(session: Session, scope: Scope) -> Figure:
    """Second-visit conversion of the cohort whose 90 days ended in the period."""
    whole = many(session, cohort(scope))
    return share("second_visit", "retention.second_visit", many(session, came_again(scope)), whole, scope)


def repeat_attendance(session: Session, scope: Scope) -> Figure:
    """People with at least two visits in the period / people with at least one."""
    whole = many(session, visitors(scope))
    return share("repeat_attendance", "retention.repeat_attendance", many(session, visitors(scope, 2)), whole, scope)


def period_retention(session: Session, scope: Scope) -> Figure:
    """(E − N) / S: active at the end less those new in the period, of those active at its start."""
    at_start = many(session, active(scope.over(scope.start, scope.start)))
    at_end = many(session, active(scope))
    new_and_active = many(
        session, active(scope).where(PersonScore.first_visit_on >= scope.start, PersonScore.first_visit_on < scope.end)
    )
    return share("period_retention", "retention.period", at_end - new_and_active, at_start, scope)


def first_timer_share(session: Session, scope: Scope) -> Figure:
    """First visits / all visits, of one event or of all the events of the period."""
    visits = (
        select(Attendance.id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(counted_event(scope), came(), counted_person(scope))
    )
    part, whole = many(session, first_timers(scope)), many(session, visits)
    return share("first_timer_share", "attendance.first_timer_share", part, whole, scope)
