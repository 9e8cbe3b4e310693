"""Tags: words people are grouped by. Two tags never differ by case or ё alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import text
from crm.models import Person, PersonTag, Tag
from crm.services.person_columns import NAME_LIMIT
from crm.services.person_errors import TagNameless
from crm.services.tag_colours import colour_of
from crm.store.dialect import among


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag with the number of people who have it."""

    id: int
    name: str
    colour: str
    people: int


def all_tags(session: Session) -> tuple[TagRow, ...]:
    """Every tag, the most used first."""
    many = func.count(Person.id)
    rows = session.execute(
        select(Tag.id, Tag.name, Tag.colour, many)
        .outerjoin(PersonTag, PersonTag.tag_id == Tag.id)
        .outerjoin(Person, (Person.id == PersonTag.person_id) & Person.deleted_at.is_(None))
        .group_by(Tag.id)
        .order_by(many.desc(), Tag.search_name)
    )
    return tuple(TagRow(*row) for row in rows)


def tag_names(session: Session) -> tuple[tuple[str, str], ...]:
    """Name and colour of every tag, in the order of the alphabet: for completing while typing."""
    rows = session.execute(select(Tag.name, Tag.colour).order_by(Tag.search_name))
    return tuple((row[0], row[1]) for row in rows)


def tag_named(session: Session, name: str) -> int:
    """The tag of that name, made if it is new. Raises TagNameless, TextTooLong."""
    name = text.clean(name, NAME_LIMIT).removeprefix("#").strip()
    folded = text.fold(name)
    if not folded:
        raise TagNameless
    known = session.execute(select(Tag.id).where(Tag.search_name == folded)).scalar()
    if known is not None:
        return known
    made = insert(Tag).values(name=name, search_name=folded, colour=colour_of(folded))
    return int(session.execute(made.returning(Tag.id)).scalar_one())


def add_tag(session: Session, person_ids: Collection[int], name: str) -> int:
    """Put a tag on people; those who have it keep it. Returns on how many it is new."""
    tag = tag_named(session, name)
    have = set(session.scalars(select(PersonTag.person_id).where(PersonTag.tag_id == tag)))
    new = sorted(set(person_ids) - have)
    if new:
        session.execute(insert(PersonTag), [{"person_id": person, "tag_id": tag} for person in new])
    return len(new)


def remove_tag(session: Session, person_ids: Collection[int], name: str) -> int:
    """Take a tag off people. Returns from how many."""
    tag = session.execute(select(Tag.id).where(Tag.search_name == text.fold(name))).scalar()
    if tag is None:
        return 0
    ids = list(
        session.scalars(select(PersonTag.id).where(PersonTag.tag_id == tag, among(PersonTag.person_id, person_ids)))
    )
    if ids:
        session.execute(delete(PersonTag).where(among(PersonTag.id, ids)))
    return len(ids)


def set_tags(session: Session, person_id: int, names: Iterable[str]) -> None:
    """Give a person these tags and no others, touching only what differs."""
    wanted = {tag_named(session, name) for name in names if name.strip()}
    have = set(session.scalars(select(PersonTag.tag_id).where(PersonTag.person_id == person_id)))
    gone = have - wanted
    if gone:
        session.execute(delete(PersonTag).where(PersonTag.person_id == person_id, PersonTag.tag_id.in_(gone)))
    new = sorted(wanted - have)
    if new:
        session.execute(insert(PersonTag), [{"person_id": person_id, "tag_id": tag} for tag in new])


def rename_tag(session: Session, tag_id: int, name: str) -> int:
    """Give a tag another name; where one of that name is there already, both become it. Returns the tag's id."""
    name = text.clean(name, NAME_LIMIT)
    folded = text.fold(name)
    if not folded:
        raise TagNameless
    other = session.execute(select(Tag.id).where(Tag.search_name == folded, Tag.id != tag_id)).scalar()
    if other is None:
        session.execute(update(Tag).where(Tag.id == tag_id).values(name=name, search_name=folded))
        return tag_id
    there = select(PersonTag.person_id).where(PersonTag.tag_id == other)
    session.execute(delete(PersonTag).where(PersonTag.tag_id == tag_id, PersonTag.person_id.in_(there)))
    session.execute(update(PersonTag).where(PersonTag.tag_id == tag_id).values(tag_id=other))
    session.execute(delete(Tag).where(Tag.id == tag_id))
    return other


def delete_tag(session: Session, tag_id: int) -> None:
    """Take a tag away from everyone, and itself."""
    session.execute(delete(Tag).where(Tag.id == tag_id))
