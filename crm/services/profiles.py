"""What a profile shows beside the card: since when, how engaged, who brought whom, consents, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import (
    Attendance,
    Event,
    Person,
    PersonScore,
    Response,
    Task,
)
from crm.models.events import CAME
from crm.models.records import DECAY, MONTHS_REMEMBERED, WEIGHTS
from crm.services import custom_fields, person_lists
from crm.services.cards import PersonCard
from crm.services.consents import ConsentLine, consents_in_force
from crm.services.contacting import DoNotContactLine, wishes
from crm.services.custom_fields import FieldDefinition
from crm.services.person_cards import card
from crm.services.person_lists import AddressRow

_SHOWN_MONTHS: Final = 12
_STAGE: Final = ("speaker", "organiser")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task about the person that is still open."""

    id: int
    title: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CustomLine:
    """A field of the manager's own and what the person has in it, as stored; «» for nothing."""

    field: FieldDefinition
    value: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's page.

    `love` is the engagement of reference metrics §3.4 v1 as of this month; `months` the same at the end of each of
    the last twelve months, the oldest first, empty for a person without any act. `visits` and `answers` were counted
    in those twelve months.
    """

    person: PersonCard
    since: date | None
    love: float
    months: tuple[float, ...] = ()
    visits: int = 0
    answers: int = 0
    brought: int = 0
    brought_came: int = 0
    consents: tuple[ConsentLine, ...] = ()
    do_not_contact: tuple[DoNotContactLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    addresses: tuple[AddressRow, ...] = ()
    custom: tuple[CustomLine, ...] = ()
    """Every field in use, in the manager's order, those the person has nothing in among them."""


def profile(session: Session, person_id: int, today: date) -> Profile:
    """The profile of a person. Raises PersonUnknown."""
    person = card(session, person_id)
    score = session.execute(
        select(PersonScore.first_visit_on, PersonScore.love_hundredths).where(PersonScore.person_id == person_id)
    ).first()
    brought = session.execute(
        select(func.count(), func.count(PersonScore.first_visit_on))
        .select_from(Person)
        .outerjoin(PersonScore, PersonScore.person_id == Person.id)
        .where(Person.referred_by_id == person_id, Person.deleted_at.is_(None))
    ).one()
    points, visits, answers = _acts(session, person_id, today)
    first_visit = score[0] if score else None
    held = dict(person.custom)
    return Profile(
        person=person,
        since=min((day for day in (person.joined_on, first_visit) if day), default=None),
        love=(score[1] if score else 0) / 100,
        months=_love_by_month(points),
        visits=visits,
        answers=answers,
        brought=brought[0],
        brought_came=brought[1],
        consents=consents_in_force(session, person_id, today),
        do_not_contact=wishes(session, person_id, today),
        tasks=tuple(
            TaskLine(*row)
            for row in session.execute(
                select(Task.id, Task.title, Task.due_on)
                .where(Task.person_id == person_id, Task.done_at.is_(None))
                .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
            )
        ),
        addresses=person_lists.addresses_of(session, person_id) if person.addresses else (),
        custom=tuple(CustomLine(field, held.get(field.id, "")) for field in custom_fields.fields(session)),
    )


def _acts(session: Session, person_id: int, today: date) -> tuple[list[float], int, int]:
    """Points by how many months ago, and how many visits and answers the last twelve months hold."""
    points = [0.0] * MONTHS_REMEMBERED
    visits = answers = 0

    def add(day: date | None, weight: int) -> int:
        if day is None:
            return 0
        ago = (today.year - day.year) * 12 + today.month - day.month
        if not 0 <= ago < MONTHS_REMEMBERED:
            return 0
        points[ago] += weight
        return int(ago < _SHOWN_MONTHS)

    for day, role, form in session.execute(
        select(Attendance.event_on, Attendance.role, Event.format)
        .join(Event, Event.id == Attendance.event_id)
        .where(Attendance.person_id == person_id, Attendance.status.in_(CAME))
    ):
        place = "online" if form == "online" else "offline"
        visits += add(day, WEIGHTS["stage" if role in _STAGE else place])
    for day in session.scalars(select(Response.on).where(Response.person_id == person_id)):
        answers += add(day, WEIGHTS["feedback"])
    for first_visit in session.scalars(
        select(PersonScore.first_visit_on)
        .join(Person, Person.id == PersonScore.person_id)
        .where(Person.referred_by_id == person_id)
    ):
        add(first_visit, WEIGHTS["referral"])
    return points, visits, answers


def _love_by_month(points: list[float]) -> tuple[float, ...]:
    if not any(points):
        return ()
    return tuple(
        round(sum(point * DECAY**months for months, point in enumerate(points[ago:])), 2)
        for ago in range(_SHOWN_MONTHS - 1, -1, -1)
    )
