"""What needs the manager today: whom to reach, who goes quiet, who is new, whose birthday it is, what comes next."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import contact_points, i18n
from crm.clock import Clock
from crm.models import (
    Attendance,
    ContactPoint,
    Event,
    Interaction,
    InteractionPerson,
    Person,
    PersonScore,
)
from crm.models.events import CAME
from crm.services import event_lists, feedback, tasks
from crm.services.contacting import may_contact
from crm.services.event_rows import EventRow
from crm.services.feedback_rows import FeedbackFilter, FeedbackRow
from crm.services.figures import community, satisfaction
from crm.services.figures.scope import ACTIVE_DAYS, Scope, scope_of
from crm.services.headlines import headlines, month_before
from crm.services.periods import month_start
from crm.services.report_contents import Headline
from crm.services.tasks import TaskRow
from crm.store import dialect
from crm.text import NameParts, display_name, initials

PERIOD_DAYS: Final = 30
BIRTHDAY_DAYS: Final = 7
MOST_CONTACTS: Final = 30
SPARK_POINTS: Final = 8
"""Points of a sparkline: 30 days apart for figures, months for visits."""
WRITTEN: Final = ("telegram", "vk", "max", "whatsapp", "email")
"""Channels one writes in, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class PersonNote:
    """A person with what is worth knowing today: days since the last visit, visits by month (oldest first)."""

    person_id: int
    name: str
    initials: str
    attended: int
    last_visit_on: date | None = None
    days_away: int = 0
    visits: tuple[int, ...] = ()
    first_visit_on: date | None = None
    first_event: str = ""
    referred_by: str = ""


@dataclass(frozen=True, slots=True)
class Birthday:
    """Whose birthday is on which day; no year, no age."""

    person_id: int
    name: str
    initials: str
    on: date


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The event that is on or comes next, and how far its preparation is (steps done, all)."""

    event: EventRow
    prepared: int
    steps: int


@dataclass(frozen=True, slots=True)
class Today:
    """The page, apart from its figures, which take longer."""

    on: date
    contacts: tuple[TaskRow, ...]
    contact_count: int
    quiet: tuple[PersonNote, ...]
    quiet_count: int
    newcomers: tuple[PersonNote, ...]
    newcomer_count: int
    next_event: NextEvent | None
    waiting: tuple[FeedbackRow, ...]
    waiting_count: int
    birthdays: tuple[Birthday, ...]


@dataclass(frozen=True, slots=True)
class Pulse:
    """A headline with its past, the newest point last; None where there was nothing to divide by."""

    headline: Headline
    past: tuple[float | None, ...]


def today(session: Session, clock: Clock, rows: int = 5) -> Today:
    """Everything of the page but the figures; at most `rows` of each list, with how many there are.

    Whom to reach today is never cut short of `MOST_CONTACTS`: no other page lists them.
    """
    on = clocks.today(clock)
    until = on + timedelta(days=1)
    event = event_lists.next_event(session, clock)
    return Today(
        on=on,
        contacts=tuple(tasks.due_contacts(session, until, max(rows, MOST_CONTACTS))),
        contact_count=tasks.count_due_contacts(session, until),
        quiet=tuple(going_quiet(session, on, rows)),
        quiet_count=community.many(session, _at_level("fading")),
        newcomers=tuple(newcomers(session, rows)),
        newcomer_count=community.many(session, _unwelcomed()),
        next_event=None if event is None else NextEvent(event, *tasks.preparation(session, event.id)),
        waiting=tuple(feedback.waiting_rows(session, 3)),
        waiting_count=feedback.feedback_count(session, FeedbackFilter(waiting=True)),
        birthdays=tuple(birthdays(session, on, BIRTHDAY_DAYS)),
    )


def waits_for_me(session: Session, clock: Clock) -> dict[str, int]:
    """The numbers beside the navigation: people to reach (today), unanswered feedback (feedback)."""
    until = clocks.today(clock) + timedelta(days=1)
    return {
        "today": tasks.count_due_contacts(session, until),
        "feedback": feedback.feedback_count(session, FeedbackFilter(waiting=True)),
    }


def pulse(session: Session, clock: Clock) -> tuple[Pulse, ...]:
    """The four headline figures of the last 30 days up to today, compared with the 30 days before, with their past."""
    end = clocks.today(clock) + timedelta(days=1)
    scope = scope_of(session, end - timedelta(days=PERIOD_DAYS), end, clock)
    scopes = [scope]
    while len(scopes) < SPARK_POINTS:
        scopes.append(month_before(scopes[-1]))
    scopes.reverse()
    lines = headlines(session, scope, month_before(scope), i18n.text("vs 30 days before"))
    return tuple(Pulse(line, tuple(_past(session, line.figure.key, scopes))) for line in lines)


def going_quiet(session: Session, on: date, limit: int) -> list[PersonNote]:
    """People whose level is «going quiet», those who gave most and left last first."""
    rows = session.execute(
        _at_level("fading")
        .with_only_columns(*_NAME, PersonScore.attended, PersonScore.last_visit_on)
        .order_by(PersonScore.love_hundredths.desc(), PersonScore.last_visit_on.desc(), Person.id)
        .limit(limit)
    ).all()
    visits = _visits_by_month(session, [row[0] for row in rows], on)
    return [
        PersonNote(
            row[0],
            *_shown(row[1:5]),
            attended=row[5],
            last_visit_on=row[6],
            days_away=0 if row[6] is None else (on - row[6]).days,
            visits=visits[row[0]],
        )
        for row in rows
    ]


def people_of_list(session: Session, level: str) -> list[int]:
    """Ids behind a list of the page: «fading» who goes quiet, «new» who is to be welcomed."""
    return list(session.scalars(_unwelcomed() if level == "new" else _at_level(level)))


def newcomers(session: Session, limit: int) -> list[PersonNote]:
    """New people nobody has talked with since their first visit, the latest first."""
    rows = session.execute(
        _unwelcomed()
        .with_only_columns(*_NAME, PersonScore.attended, PersonScore.first_visit_on, Person.referred_by_id)
        .order_by(PersonScore.first_visit_on.desc(), Person.id)
        .limit(limit)
    ).all()
    ids = [row[0] for row in rows]
    events = _first_events(session, ids)
    names = _names(session, [row[7] for row in rows if row[7] is not None])
    return [
        PersonNote(
            row[0],
            *_shown(row[1:5]),
            attended=row[5],
            first_visit_on=row[6],
            first_event=events.get(row[0], ""),
            referred_by=names.get(row[7] or 0, ""),
        )
        for row in rows
    ]


def birthdays(session: Session, start: date, days: int) -> list[Birthday]:
    """Birthdays on `start` and the days after it; 29 February is kept on the 28th where the year has none."""
    wanted = {(day.month, day.day): day for day in (start + timedelta(days=n) for n in range(days))}
    eve = next((day for day in wanted.values() if (day.month, day.day) == (2, 28)), None)
    if eve is not None and not calendar.isleap(eve.year):
        wanted[2, 29] = eve
    rows = session.execute(
        select(*_NAME, Person.birth_month, Person.birth_day)
        .where(
            or_(*(and_(Person.birth_month == month, Person.birth_day == day) for month, day in wanted)),
            Person.deleted_at.is_(None),
            Person.archived_at.is_(None),
        )
        .order_by(Person.sort_key, Person.id)
    )
    found = [Birthday(row[0], *_shown(row[1:5]), wanted[row[5] or 0, row[6] or 0]) for row in rows]
    return sorted(found, key=lambda birthday: birthday.on)


# -- details -----------------------------------------------------------------------------------------------------------

_NAME: Final = (Person.id, Person.family_name, Person.given_name, Person.additional_name, Person.nickname)


def _shown(parts: Iterable[str]) -> tuple[str, str]:
    name = NameParts(*parts)
    return display_name(name), initials(name)


def _names(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(*_NAME).where(Person.id.in_(ids), Person.deleted_at.is_(None)))
    return {row[0]: _shown(row[1:5])[0] for row in rows}


def _at_level(level: str) -> Select[Any]:
    return (
        select(Person.id)
        .join(PersonScore, PersonScore.person_id == Person.id)
        .where(
            PersonScore.level == level,
            Person.kind != "team",
            Person.deleted_at.is_(None),
            Person.archived_at.is_(None),
        )
    )


def _unwelcomed() -> Select[Any]:
    talked = exists().where(
        InteractionPerson.person_id == Person.id,
        Interaction.id == InteractionPerson.interaction_id,
        dialect.day(Interaction.at) >= PersonScore.first_visit_on,
    )
    return _at_level("new").where(~talked)


def _first_events(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Attendance.person_id, Event.title)
        .join(Event, Event.id == Attendance.event_id)
        .where(Attendance.person_id.in_(ids), Attendance.status.in_(CAME))
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return dict(rows.all())


def _visits_by_month(session: Session, ids: list[int], on: date) -> dict[int, tuple[int, ...]]:
    first = month_start(on, 1 - SPARK_POINTS)
    counted = {person_id: [0] * SPARK_POINTS for person_id in ids}
    rows = session.execute(
        select(Attendance.person_id, Attendance.event_on).where(
            Attendance.person_id.in_(ids), Attendance.status.in_(CAME), Attendance.event_on >= first
        )
    )
    for person_id, day in rows:
        place = (day.year - first.year) * 12 + day.month - first.month
        if place < SPARK_POINTS:
            counted[person_id][place] += 1
    return {person_id: tuple(months) for person_id, months in counted.items()}


def _past(session: Session, key: str, scopes: list[Scope]) -> list[float | None]:
    if key == "active_people":
        return [*community.active_counts(session, scopes)]
    if key == "new_people":
        return [*community.new_counts(session, scopes)]
    looks = [scope.last(ACTIVE_DAYS) for scope in scopes]
    if key == "second_visit":
        return community.second_visits(session, looks)
    values = [satisfaction.nps(session, look).value for look in looks]
    return [value if isinstance(value, int | float) else None for value in values]


def way_to_write(session: Session, person_id: int, on: date) -> str | None:
    """The link that opens a conversation with a person in the channel they prefer, else in the first they have.

    None without a channel, and for who may not be written to (in every channel, or in all that they have).
    """
    preferred = session.scalar(select(Person.preferred_channel).where(Person.id == person_id)) or ""
    rows = session.execute(
        select(ContactPoint.kind, ContactPoint.value)
        .where(ContactPoint.person_id == person_id, ContactPoint.valid.is_(True))
        .order_by(ContactPoint.preferred.desc(), ContactPoint.position, ContactPoint.id)
    ).all()
    order = [preferred, *(kind for kind in WRITTEN if kind != preferred)]
    for channel in order:
        for kind, value in rows:
            if kind == channel and kind in WRITTEN and may_contact(session, person_id, kind, on):
                return contact_points.link(kind, value)
    return None
