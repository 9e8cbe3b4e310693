"""One field of many people at once, and people out of the trash: a few statements for any number of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import MergedPerson, Person
from crm.models.people import PERSON_KINDS
from crm.services import custom_fields
from crm.services.list_columns import OWN
from crm.services.organisations import organisation_named
from crm.services.person_columns import NAME_LIMIT
from crm.store.dialect import among

FIELDS: Final = ("organisation", "job_title", "city", "source", "kind")
"""Fields of which many people may be given one value; besides them the manager's own, as `field:` and their id."""


def set_field(session: Session, person_ids: Collection[int], field: str, value: str, clock: Clock) -> int:
    """Give all of these people one value in a field; «» takes it away. Returns how many it changed.

    Raises TextTooLong, and what `custom_fields.set_value` raises.
    """
    if field.startswith(OWN):
        return custom_fields.set_value(session, person_ids, int(field.removeprefix(OWN)), value, clock)
    if field not in FIELDS:
        raise ValueError(f"not a field of many: {field}")
    people, columns = Person.__table__.c, _columns(session, field, value, clock)
    differing = people[next(iter(columns))].is_distinct_from(next(iter(columns.values())))
    ids = list(
        session.scalars(select(people.id).where(among(people.id, person_ids), people.deleted_at.is_(None), differing))
    )
    if not ids:
        return 0
    if field == "job_title":
        # The note is searched together with the job title, and each person has one of their own.
        for person_id, note in session.execute(select(people.id, people.note).where(among(people.id, ids))).all():
            searched = text.fold(f"{columns['job_title']} {note}".strip())
            session.execute(
                update(Person).where(people.id == person_id).values(**columns, search_note=searched, changed_at=clock())
            )
    else:
        session.execute(update(Person).where(among(people.id, ids)).values(**columns, changed_at=clock()))
    return len(ids)


def restore_people(session: Session, person_ids: Collection[int], clock: Clock) -> int:
    """Bring people back out of the trash, whole. Those who became somebody else stay where they are."""
    merged = select(MergedPerson.old_id)
    back = update(Person).where(among(Person.id, person_ids), Person.deleted_at.is_not(None), Person.id.not_in(merged))
    done: Any = session.execute(back.values(deleted_at=None, changed_at=clock()))
    return int(done.rowcount)


def _columns(session: Session, field: str, value: str, clock: Clock) -> dict[str, Any]:
    if field == "organisation":
        return {"organisation_id": organisation_named(session, value, clock)}
    cleaned = text.clean(value, NAME_LIMIT)
    if field == "kind":
        if cleaned not in PERSON_KINDS:
            raise ValueError(f"no kind of person: {cleaned}")
        return {"kind": cleaned}
    if field == "city":
        return {"city": cleaned, "search_city": text.fold(cleaned)}
    return {field: cleaned}
