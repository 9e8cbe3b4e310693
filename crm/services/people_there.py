"""People an import meets: all it must know of one who is there already to add only what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.models import (
    Address,
    Attachment,
    AttachmentContent,
    Consent,
    ContactPoint,
    ExtraProperty,
    ImportRow,
    MergedPerson,
    Person,
    PersonTag,
    metadata,
)

CHUNK: Final = 2_000


@dataclass(slots=True)
class PersonThere:
    """One person as far as an import compares: columns by name, contacts as (kind, value), tag ids, addresses by their
    parts, kept vCard lines as (name, parameters, value), the last status of each consent by purpose."""

    columns: dict[str, Any]
    points: set[tuple[str, str]] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)
    addresses: set[tuple[str, ...]] = field(default_factory=set)
    extras: set[tuple[str, ...]] = field(default_factory=set)
    consents: dict[str, str] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    """SHA-256 of the pictures kept of the person."""


def load_people(session: Session, ids: list[int]) -> dict[int, PersonThere]:
    """The people with these ids, in a few statements for thousands."""
    found: dict[int, PersonThere] = {}
    people = metadata.tables[Person.__tablename__]
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for row in session.execute(select(people).where(people.c.id.in_(chunk))).mappings():
            found[row["id"]] = PersonThere(dict(row))
        for person, kind, value in session.execute(
            select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.value).where(
                ContactPoint.person_id.in_(chunk)
            )
        ):
            found[person].points.add((kind, value))
        for person, tag in session.execute(
            select(PersonTag.person_id, PersonTag.tag_id).where(PersonTag.person_id.in_(chunk))
        ):
            found[person].tags.add(tag)
        for address in session.execute(
            select(
                Address.person_id, Address.street, Address.city, Address.region, Address.postcode, Address.country
            ).where(Address.person_id.in_(chunk))
        ):
            found[address[0]].addresses.add(tuple(address[1:]))
        for person, name, parameters, value in session.execute(
            select(ExtraProperty.person_id, ExtraProperty.name, ExtraProperty.parameters, ExtraProperty.value).where(
                ExtraProperty.person_id.in_(chunk)
            )
        ):
            found[person].extras.add((name, parameters, value))
        for person, purpose, status in session.execute(
            select(Consent.person_id, Consent.purpose, Consent.status)
            .where(Consent.person_id.in_(chunk))
            .order_by(Consent.id)
        ):
            found[person].consents[purpose] = status
        for person, sha256 in session.execute(
            select(Attachment.owner_id, AttachmentContent.sha256)
            .join(AttachmentContent, AttachmentContent.id == Attachment.content_id)
            .where(Attachment.owner_table == "person", Attachment.purpose == "photo", Attachment.owner_id.in_(chunk))
        ):
            found[person].photos.add(sha256)
    return found


def people_of_fingerprints(session: Session, prints: Iterable[str]) -> dict[str, list[int]]:
    """For each fingerprint the people its rows made or who they became, the oldest first; deleted ones are left out.

    Two rows of one content may have become one person: each of them is that person.
    """
    found: dict[str, list[int]] = {mark: [] for mark in prints}
    seen: set[tuple[str, int]] = set()
    person = func.coalesce(MergedPerson.person_id, ImportRow.person_id)
    for mark, made, now in session.execute(
        select(ImportRow.fingerprint, ImportRow.person_id, person)
        .outerjoin(MergedPerson, MergedPerson.old_id == ImportRow.person_id)
        .join(Person, Person.id == person)
        .where(ImportRow.fingerprint.in_(sorted(found)), Person.deleted_at.is_(None))
        .order_by(ImportRow.id)
    ):
        if mark is not None and (mark, made) not in seen:
            seen.add((mark, made))
            found[mark].append(now)
    return found
