"""Changing organisations: fields, archive, joining two that are one, deleting one nobody belongs to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from crm import i18n, text
from crm.clock import Clock
from crm.models import Organisation, Person
from crm.services.organisation_errors import (
    OrganisationMergedWithItself,
    OrganisationNameless,
    OrganisationNotEmpty,
    OrganisationUnknown,
)
from crm.services.organisation_keys import alike, keys_of
from crm.services.person_columns import CONTACT_LIMIT, LONG_LIMIT, NAME_LIMIT, organisation_columns
from crm.store.dialect import among

_LIMITS: Final = {"name": NAME_LIMIT, "city": NAME_LIMIT, "site": CONTACT_LIMIT, "note": LONG_LIMIT}
FIELDS: Final = tuple(_LIMITS)
_MOST_ALIKE: Final = 200


def organisation_of(session: Session, organisation_id: int) -> Organisation:
    """The organisation of that id. Raises OrganisationUnknown."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationUnknown(ref=f"#{organisation_id}")
    return found


def fields_of(session: Session, organisation_id: int) -> dict[str, str]:
    """Name, city, site and note. Raises OrganisationUnknown."""
    one = organisation_of(session, organisation_id)
    return {field: str(getattr(one, field)) for field in FIELDS}


def change_field(session: Session, organisation_id: int, field: str, value: str) -> bool:
    """Write one of `FIELDS`; returns whether that changed anything.

    Raises OrganisationUnknown, OrganisationNameless, TextTooLong.
    """
    one = organisation_of(session, organisation_id)
    cleaned = text.clean(value, _LIMITS[field], multiline=field == "note")
    if field == "name" and not cleaned:
        raise OrganisationNameless
    if getattr(one, field) == cleaned:
        return False
    values: dict[str, Any] = {field: cleaned}
    if field == "name":
        values |= organisation_columns(cleaned)
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(values))
    return True


def archive(session: Session, organisation_id: int, clock: Clock, *, archived: bool = True) -> None:
    """Put it away with its people left where they are, or bring it back. Raises OrganisationUnknown."""
    organisation_of(session, organisation_id)
    moment = clock() if archived else None
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(archived_at=moment))


def remove(session: Session, organisation_id: int) -> None:
    """Delete it for good; Undo brings it back. Raises OrganisationUnknown, OrganisationNotEmpty."""
    one = organisation_of(session, organisation_id)
    held = session.scalar(select(func.count()).where(Person.organisation_id == organisation_id))
    if held:
        raise OrganisationNotEmpty(name=one.name)
    session.execute(delete(Organisation).where(Organisation.id == organisation_id))


def place_people(session: Session, organisation_id: int, person_ids: Collection[int], clock: Clock) -> int:
    """Make these people belong there; returns how many did not yet. Raises OrganisationUnknown."""
    organisation_of(session, organisation_id)
    moved = session.scalars(
        select(Person.id).where(
            among(Person.id, person_ids),
            Person.deleted_at.is_(None),
            Person.organisation_id.is_distinct_from(organisation_id),
        )
    ).all()
    session.execute(
        update(Person).where(among(Person.id, moved)).values(organisation_id=organisation_id, changed_at=clock())
    )
    return len(moved)


def merge(session: Session, survivor_id: int, other_ids: Collection[int], clock: Clock) -> int:
    """Make several organisations one; returns how many people moved.

    People move, those in the archive and the trash too. City and site fill what is empty; where they differ, and for
    the other's name and note, a line in the note keeps them. Raises OrganisationUnknown, OrganisationMergedWithItself.
    """
    survivor = organisation_of(session, survivor_id)
    others = [organisation_of(session, one) for one in dict.fromkeys(other_ids) if one != survivor_id]
    if not others:
        raise OrganisationMergedWithItself(name=survivor.name)
    values: dict[str, Any] = {"city": survivor.city, "site": survivor.site}
    notes = [survivor.note] if survivor.note else []
    for other in others:
        kept = [i18n.text("Also called: {name}", name=other.name)] if other.name != survivor.name else []
        for field, word in (("city", i18n.text("City")), ("site", i18n.text("Website"))):
            there = getattr(other, field)
            if there and not values[field]:
                values[field] = there
            elif there and text.fold(there) != text.fold(values[field]):
                kept.append(f"{word}: {there}")
        if other.note and other.note not in notes:
            kept.append(other.note)
        notes.extend(line for line in kept if line not in notes)
    values["note"] = text.clean("\n".join(notes), LONG_LIMIT, multiline=True)
    if survivor.archived_at is not None and any(other.archived_at is None for other in others):
        values["archived_at"] = None
    gone = [other.id for other in others]
    moved = session.execute(
        update(Person)
        .where(among(Person.organisation_id, gone))
        .values(organisation_id=survivor_id, changed_at=clock())
        .returning(Person.id)
    ).all()
    session.execute(update(Organisation).where(Organisation.id == survivor_id).values(values))
    session.execute(delete(Organisation).where(among(Organisation.id, gone)))
    return len(moved)


def suggestions(session: Session) -> list[tuple[int, int]]:
    """Pairs that are likely one organisation, the likeliest first; the one with more people stands first in its pair.

    Those in the archive are left out.
    """
    people = (
        select(func.count())
        .where(Person.organisation_id == Organisation.id, Person.deleted_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name, people).where(Organisation.archived_at.is_(None))
    ).all()
    many = {row[0]: row[2] for row in rows}
    pairs = alike((row[0], row[1]) for row in rows)[:_MOST_ALIKE]
    return [(one, other) if many[one] >= many[other] else (other, one) for one, other, _ in pairs]


def called(session: Session, name: str) -> int:
    """The organisation of that name, those in the archive too. Raises OrganisationUnknown."""
    found = session.scalars(
        select(Organisation.id)
        .where(Organisation.match_key.in_(keys_of(name)))
        .order_by(Organisation.name != name, Organisation.archived_at.is_not(None), Organisation.id)
    ).first()
    if found is None or not name.strip():
        raise OrganisationUnknown(ref=name)
    return found
