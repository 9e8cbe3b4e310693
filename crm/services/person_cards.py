"""Whole cards of people, by the thousand or one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from crm import contact_points, text
from crm.models import (
    Address,
    Attachment,
    AttachmentContent,
    ContactPoint,
    Organisation,
    Person,
    PersonScore,
    PersonTag,
    Tag,
)
from crm.models import ExtraProperty as ExtraPropertyRow
from crm.services.cards import AddressLine, ContactLine, ExtraProperty, PersonCard
from crm.services.person_columns import birthday_of
from crm.services.person_errors import PersonUnknown
from crm.store.dialect import among

_CHUNK: Final = 2_000


def card(session: Session, person_id: int) -> PersonCard:
    """Everything about one person. Raises PersonUnknown if there is no such person or they were deleted."""
    for found in cards(session, [person_id]):
        return found
    raise PersonUnknown(ref=f"#{person_id}")


def cards(session: Session, ids: Sequence[int]) -> Iterator[PersonCard]:
    """Whole cards in the order of `ids`, a few thousand people at a time; deleted people are left out."""
    has_photos = session.execute(select(Attachment.id).where(Attachment.purpose == "photo").limit(1)).first()
    has_extra = session.execute(select(ExtraPropertyRow.id).limit(1)).first()
    has_addresses = session.execute(select(Address.id).limit(1)).first()
    for start in range(0, len(ids), _CHUNK):
        chunk = list(ids[start : start + _CHUNK])
        parts = _Parts(
            tags=tags_of(session, chunk),
            contacts=_contacts(session, chunk),
            addresses=_addresses(session, chunk) if has_addresses else {},
            extra=_extra(session, chunk) if has_extra else {},
            photos=_photos(session, chunk) if has_photos else {},
        )
        by_id = {row[0]: row for row in session.execute(_card_columns().where(among(Person.id, chunk)))}
        for person_id in chunk:
            row = by_id.get(person_id)
            if row is not None:
                yield _card(row, parts)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to the people of one chunk, by person."""

    tags: Mapping[int, list[tuple[str, str]]]
    contacts: Mapping[int, list[ContactLine]]
    addresses: Mapping[int, list[AddressLine]]
    extra: Mapping[int, list[ExtraProperty]]
    photos: Mapping[int, bytes]


def _card_columns() -> Any:
    referrer = aliased(Person)
    return (
        select(
            Person.id,
            Person.uid,
            Person.kind,
            Person.family_name,
            Person.given_name,
            Person.additional_name,
            Person.nickname,
            Person.prefix,
            Person.suffix,
            Person.address_as,
            Person.address_form,
            Person.gender,
            Person.preferred_channel,
            Person.organisation_id,
            Organisation.name.label("organisation"),
            Person.job_title,
            Person.city,
            Person.birth_year,
            Person.birth_month,
            Person.birth_day,
            Person.birthday_text,
            Person.joined_on,
            Person.source,
            Person.referred_by_id,
            referrer.family_name.label("referrer_family"),
            referrer.given_name.label("referrer_given"),
            referrer.additional_name.label("referrer_additional"),
            referrer.nickname.label("referrer_nickname"),
            Person.note,
            Person.care_note,
            Person.blocked,
            Person.archived_at,
            Person.changed_at,
            PersonScore.level,
            PersonScore.attended,
            PersonScore.last_visit_on,
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(PersonScore, PersonScore.person_id == Person.id)
        .outerjoin(referrer, (referrer.id == Person.referred_by_id) & referrer.deleted_at.is_(None))
        .where(Person.deleted_at.is_(None))
    )


def _card(row: Any, parts: _Parts) -> PersonCard:
    name = text.NameParts(row.family_name, row.given_name, row.additional_name, row.nickname)
    referrer = text.NameParts(
        row.referrer_family or "", row.referrer_given or "", row.referrer_additional or "", row.referrer_nickname or ""
    )
    contacts = tuple(parts.contacts.get(row.id, ()))
    shown = text.display_name(name) or next((contact_points.shown(one.kind, one.value) for one in contacts), "")
    return PersonCard(
        id=row.id,
        uid=row.uid,
        kind=row.kind,
        family_name=row.family_name,
        given_name=row.given_name,
        additional_name=row.additional_name,
        nickname=row.nickname,
        prefix=row.prefix,
        suffix=row.suffix,
        display_name=shown,
        initials=text.initials(name),
        address_as=row.address_as,
        address_form=row.address_form,
        gender=row.gender,
        preferred_channel=row.preferred_channel,
        organisation_id=row.organisation_id,
        organisation=row.organisation or "",
        job_title=row.job_title,
        city=row.city,
        birthday=birthday_of(row.birth_year, row.birth_month, row.birth_day),
        birthday_text=row.birthday_text,
        joined_on=row.joined_on,
        source=row.source,
        referred_by_id=row.referred_by_id,
        referred_by=text.display_name(referrer),
        note=row.note,
        care_note=row.care_note,
        blocked=row.blocked,
        archived_at=row.archived_at,
        contacts=contacts,
        addresses=tuple(parts.addresses.get(row.id, ())),
        tags=tuple(parts.tags.get(row.id, ())),
        extra=tuple(parts.extra.get(row.id, ())),
        level=row.level or "none",
        attended=row.attended or 0,
        last_visit=row.last_visit_on,
        changed_at=row.changed_at,
        photo=parts.photos.get(row.id),
    )


def _contacts(session: Session, ids: Collection[int]) -> dict[int, list[ContactLine]]:
    found: dict[int, list[ContactLine]] = defaultdict(list)
    for row in session.execute(
        select(
            ContactPoint.person_id,
            ContactPoint.kind,
            ContactPoint.value,
            ContactPoint.typed,
            ContactPoint.label,
            ContactPoint.preferred,
            ContactPoint.valid,
        )
        .where(among(ContactPoint.person_id, ids))
        .order_by(ContactPoint.person_id, ContactPoint.position, ContactPoint.id)
    ):
        found[row[0]].append(ContactLine(*row[1:]))
    return found


def _addresses(session: Session, ids: Collection[int]) -> dict[int, list[AddressLine]]:
    found: dict[int, list[AddressLine]] = defaultdict(list)
    for row in session.execute(
        select(
            Address.person_id,
            Address.street,
            Address.city,
            Address.region,
            Address.postcode,
            Address.country,
            Address.label,
        )
        .where(among(Address.person_id, ids))
        .order_by(Address.person_id, Address.position, Address.id)
    ):
        found[row[0]].append(AddressLine(*row[1:]))
    return found


def _extra(session: Session, ids: Collection[int]) -> dict[int, list[ExtraProperty]]:
    found: dict[int, list[ExtraProperty]] = defaultdict(list)
    columns = (
        ExtraPropertyRow.person_id,
        ExtraPropertyRow.group_name,
        ExtraPropertyRow.name,
        ExtraPropertyRow.parameters,
        ExtraPropertyRow.value,
    )
    for row in session.execute(
        select(*columns)
        .where(among(ExtraPropertyRow.person_id, ids))
        .order_by(ExtraPropertyRow.person_id, ExtraPropertyRow.position, ExtraPropertyRow.id)
    ):
        found[row[0]].append(ExtraProperty(*row[1:]))
    return found


def _photos(session: Session, ids: Collection[int]) -> dict[int, bytes]:
    rows = session.execute(
        select(Attachment.person_id, AttachmentContent.content)
        .join(AttachmentContent, AttachmentContent.id == Attachment.content_id)
        .where(Attachment.purpose == "photo", among(Attachment.person_id, ids))
        .order_by(Attachment.id)
    )
    return {int(person_id): content for person_id, content in rows if person_id is not None}


def tags_of(session: Session, ids: Collection[int]) -> Mapping[int, list[tuple[str, str]]]:
    """Names and colours of the tags of these people, in the order in which they were given."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for person_id, name, colour in session.execute(
        select(PersonTag.person_id, Tag.name, Tag.colour)
        .join(Tag, Tag.id == PersonTag.tag_id)
        .where(among(PersonTag.person_id, ids))
        .order_by(PersonTag.id)
    ):
        found[person_id].append((name, colour))
    return found
