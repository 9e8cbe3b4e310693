"""Organisations: found by a name without quotes and legal form, made when first mentioned."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import Organisation, Person, new_uid
from crm.services.organisation_keys import keys_of, organisation_key
from crm.services.person_columns import NAME_LIMIT, organisation_columns


def organisation_named(session: Session, name: str, clock: Clock) -> int | None:
    """The organisation of that name, made if it is new; None for an empty name. Raises TextTooLong."""
    name = text.clean(name, NAME_LIMIT)
    if not name:
        return None
    known = session.execute(
        select(Organisation.id)
        .where(Organisation.match_key.in_(keys_of(name)))
        .order_by(
            Organisation.archived_at.is_not(None),
            Organisation.name != name,
            Organisation.match_key != organisation_key(name),
            Organisation.id,
        )
    ).scalar()
    if known is not None:
        return known
    made = insert(Organisation).values(
        uid=new_uid(), name=name, **organisation_columns(name), created_at=clock(), city="", site="", note=""
    )
    return int(session.execute(made.returning(Organisation.id)).scalar_one())


def organisation_names(session: Session, beginning: str = "", limit: int = 8) -> tuple[str, ...]:
    """Names to complete from what is typed, those with most people first."""
    folded = text.fold(beginning)
    people = (
        select(func.count())
        .where(Person.organisation_id == Organisation.id, Person.deleted_at.is_(None))
        .scalar_subquery()
    )
    wanted = select(Organisation.name).where(Organisation.archived_at.is_(None))
    if folded:
        wanted = wanted.where(
            Organisation.search_name.startswith(folded, autoescape=True)
            | Organisation.match_key.startswith(organisation_key(folded), autoescape=True)
            | Organisation.search_name.contains(" " + folded, autoescape=True)
        )
    return tuple(session.scalars(wanted.order_by(people.desc(), Organisation.sort_key).limit(limit)))
