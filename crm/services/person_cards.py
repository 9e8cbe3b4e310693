"""Whole cards of people, by the thousand or one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from crm import contact_points, text
from crm.models import (
    Address,
    Attachment,
    AttachmentContent,
    ContactPoint,
    CustomValue,
    Language,
    Motive,
    NeedOffer,
    Organisation,
    Person,
    PersonScore,
    PersonTag,
    Skill,
    Tag,
)
from crm.models import ExtraProperty as ExtraPropertyRow
from crm.services.cards import AddressLine, ContactLine, ExtraProperty, NeedLine, PersonCard
from crm.services.person_columns import birthday_of
from crm.services.person_errors import PersonUnknown
from crm.store.dialect import among

_CHUNK: Final = 2_000
_KEPT: Final = select(
    exists().where(Attachment.purpose == "photo").label("photos"),
    *(
        exists(select(model.id)).label(name)
        for name, model in (
            ("addresses", Address),
            ("languages", Language),
            ("skills", Skill),
            ("motives", Motive),
            ("needs", NeedOffer),
            ("custom", CustomValue),
            ("extra", ExtraPropertyRow),
        )
    ),
)


def card(session: Session, person_id: int) -> PersonCard:
    """Everything about one person. Raises PersonUnknown if there is no such person or they were deleted."""
    for found in cards(session, [person_id]):
        return found
    raise PersonUnknown(ref=f"#{person_id}")


def cards(session: Session, ids: Sequence[int]) -> Iterator[PersonCard]:
    """Whole cards in the order of `ids`, a few thousand people at a time; deleted people are left out."""
    # Of a table without a row nothing is asked again: most stores keep no photo and no address.
    has = session.execute(_KEPT).one()
    for start in range(0, len(ids), _CHUNK):
        chunk = list(ids[start : start + _CHUNK])
        parts = _Parts(
            tags=tags_of(session, chunk),
            contacts=_contacts(session, chunk),
            addresses=_addresses(session, chunk) if has.addresses else {},
            languages=_names(session, Language, chunk) if has.languages else {},
            skills=_names(session, Skill, chunk) if has.skills else {},
            motives=_names(session, Motive, chunk) if has.motives else {},
            needs=_needs(session, chunk) if has.needs else {},
            custom=_custom(session, chunk) if has.custom else {},
            extra=_extra(session, chunk) if has.extra else {},
            photos=_photos(session, chunk) if has.photos else {},
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
    languages: Mapping[int, list[str]]
    skills: Mapping[int, list[str]]
    motives: Mapping[int, list[str]]
    needs: Mapping[int, list[NeedLine]]
    custom: Mapping[int, list[tuple[int, str]]]
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
            Organisation.name,
            Person.job_title,
            Person.city,
            Person.birth_year,
            Person.birth_month,
            Person.birth_day,
            Person.birthday_text,
            Person.joined_on,
            Person.source,
            Person.referred_by_id,
            referrer.family_name,
            referrer.given_name,
            referrer.additional_name,
            referrer.nickname,
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
    # Taken apart by place: by name it costs a third of the whole export.
    (
        person_id, uid, kind, family, given, additional, nickname, prefix, suffix, address_as, address_form, gender,
        channel, organisation_id, organisation, job_title, city, year, month, day, birthday_text, joined_on, source,
        referred_by_id, *referrer, note, care_note, blocked, archived_at, changed_at, level, attended, last_visit,
    ) = row  # fmt: skip
    name = text.NameParts(family, given, additional, nickname)
    contacts = tuple(parts.contacts.get(person_id, ()))
    shown = text.display_name(name) or next((contact_points.shown(one.kind, one.value) for one in contacts), "")
    return PersonCard(
        id=person_id,
        uid=uid,
        kind=kind,
        family_name=family,
        given_name=given,
        additional_name=additional,
        nickname=nickname,
        prefix=prefix,
        suffix=suffix,
        display_name=shown,
        initials=text.initials(name),
        address_as=address_as,
        address_form=address_form,
        gender=gender,
        preferred_channel=channel,
        organisation_id=organisation_id,
        organisation=organisation or "",
        job_title=job_title,
        city=city,
        birthday=birthday_of(year, month, day),
        birthday_text=birthday_text,
        joined_on=joined_on,
        source=source,
        referred_by_id=referred_by_id,
        referred_by=text.display_name(text.NameParts(*referrer)) if referrer[0] is not None else "",
        note=note,
        care_note=care_note,
        blocked=blocked,
        archived_at=archived_at,
        contacts=contacts,
        addresses=tuple(parts.addresses.get(person_id, ())),
        tags=tuple(parts.tags.get(person_id, ())),
        languages=tuple(parts.languages.get(person_id, ())),
        skills=tuple(parts.skills.get(person_id, ())),
        motives=tuple(parts.motives.get(person_id, ())),
        needs=tuple(parts.needs.get(person_id, ())),
        custom=tuple(parts.custom.get(person_id, ())),
        extra=tuple(parts.extra.get(person_id, ())),
        level=level or "none",
        attended=attended or 0,
        last_visit=last_visit,
        changed_at=changed_at,
        photo=parts.photos.get(person_id),
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


def _names(session: Session, model: Any, ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, name in session.execute(
        select(model.person_id, model.name).where(among(model.person_id, ids)).order_by(model.id)
    ):
        found[person_id].append(name)
    return found


def _needs(session: Session, ids: Collection[int]) -> dict[int, list[NeedLine]]:
    found: dict[int, list[NeedLine]] = defaultdict(list)
    columns = (NeedOffer.person_id, NeedOffer.id, NeedOffer.direction, NeedOffer.text, NeedOffer.closed_on)
    for row in session.execute(select(*columns).where(among(NeedOffer.person_id, ids)).order_by(NeedOffer.id)):
        found[row[0]].append(NeedLine(*row[1:]))
    return found


def _custom(session: Session, ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    columns = (CustomValue.person_id, CustomValue.field_id, CustomValue.value)
    for row in session.execute(select(*columns).where(among(CustomValue.person_id, ids)).order_by(CustomValue.id)):
        found[row[0]].append((row[1], row[2]))
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


def names_by_contact(session: Session, ids: Collection[int]) -> dict[int, str]:
    """How those of whom only a contact is known are shown: by the first one, as people read it."""
    found: dict[int, str] = {}
    for person_id, kind, value in session.execute(
        select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.value)
        .where(among(ContactPoint.person_id, ids))
        .order_by(ContactPoint.position, ContactPoint.id)
    ):
        found.setdefault(person_id, contact_points.shown(kind, value))
    return found


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
