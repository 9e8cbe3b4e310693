"""Everything one organisation's panel shows: its fields, its people, where they came, what was said last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.models import Attendance, Event, Interaction, InteractionPerson, Person, PersonScore
from crm.models.events import CAME
from crm.services import people
from crm.services.cards import PersonRow
from crm.services.organisation_editing import organisation_of
from crm.services.organisation_rows import Champion, OrganisationRow, champions_of, organisation_row

_MOST_EVENTS = 6
_MOST_TALKS = 4


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event, and how many of the organisation came to it."""

    event_id: int
    title: str
    on: date
    came: int


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with somebody of the organisation."""

    person_id: int
    name: str
    kind: str
    on: date
    summary: str


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """One organisation. `people` are the first of `person_ids`, those who came last standing first."""

    row: OrganisationRow
    site: str
    note: str
    person_ids: tuple[int, ...]
    people: tuple[PersonRow, ...]
    champions: tuple[Champion, ...]
    events: tuple[Occasion, ...]
    talks: tuple[Talk, ...]


def organisation_card(session: Session, organisation_id: int, today: date, most_people: int = 12) -> OrganisationCard:
    """The card of an organisation. Raises OrganisationUnknown."""
    one = organisation_of(session, organisation_id)
    ids = people_of(session, organisation_id)
    shown = {row.id: row for row in people.rows(session, ids[:most_people])}
    return OrganisationCard(
        organisation_row(session, organisation_id, today),
        one.site,
        one.note,
        ids,
        tuple(shown[one] for one in ids[:most_people] if one in shown),
        champions_of(session, organisation_id),
        _events(session, organisation_id),
        _talks(session, organisation_id),
    )


def people_of(session: Session, organisation_id: int) -> tuple[int, ...]:
    """Its people, those in archive and trash left out: who came last first, then by name."""
    return tuple(
        session.scalars(
            select(Person.id)
            .outerjoin(PersonScore, PersonScore.person_id == Person.id)
            .where(*_there(organisation_id))
            .order_by(PersonScore.last_visit_on.desc().nulls_last(), Person.sort_key, Person.id)
        )
    )


def _there(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Person.organisation_id == organisation_id,
        Person.deleted_at.is_(None),
        Person.archived_at.is_(None),
    )


def _events(session: Session, organisation_id: int) -> tuple[Occasion, ...]:
    rows = session.execute(
        select(Event.id, Event.title, func.max(Attendance.event_on), func.count())
        .join(Attendance, Attendance.event_id == Event.id)
        .join(Person, Person.id == Attendance.person_id)
        .where(*_there(organisation_id), Attendance.status.in_(CAME))
        .group_by(Event.id)
        .order_by(func.max(Attendance.event_on).desc(), Event.id.desc())
        .limit(_MOST_EVENTS)
    )
    return tuple(Occasion(*row) for row in rows)


def _talks(session: Session, organisation_id: int) -> tuple[Talk, ...]:
    rows = session.execute(
        select(Interaction.kind, Interaction.at, Interaction.summary, func.min(Person.id).label("person"))
        .join(InteractionPerson, InteractionPerson.interaction_id == Interaction.id)
        .join(Person, Person.id == InteractionPerson.person_id)
        .where(*_there(organisation_id))
        .group_by(Interaction.id)
        .order_by(Interaction.at.desc())
        .limit(_MOST_TALKS)
    ).all()
    names = {row.id: row.display_name for row in people.rows(session, list({row.person for row in rows}))}
    zone = clocks.laptop_zone()
    return tuple(
        Talk(row.person, names.get(row.person, ""), row.kind, row.at.astimezone(zone).date(), row.summary)
        for row in rows
    )
