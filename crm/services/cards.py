"""A person as other rooms see one: plain, frozen, whole. Services fill these, exporters and pages read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm.partial_date import PartialDate


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One way to reach a person.

    `kind` is a key of `crm.contact_points.KINDS` (phone, email, telegram, vk, whatsapp, max, site, other);
    `value` is the normal form (E.164, handle without @, address) or, where none exists, what was typed.
    """

    kind: str
    value: str
    typed: str
    label: str = ""
    preferred: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class AddressLine:
    """A postal address by its parts; any may be empty."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What a person offers («может помочь») or seeks («ищет»); open until `closed_on`."""

    id: int
    direction: str
    """offers, seeks."""
    text: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExtraProperty:
    """A vCard line we did not understand, verbatim: `group.name;parameters:value`."""

    group: str
    name: str
    parameters: str
    value: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list: what a row of the People page and one line of `krug people` hold."""

    id: int
    uid: str
    kind: str
    family_name: str
    given_name: str
    additional_name: str
    nickname: str
    display_name: str
    initials: str
    organisation: str
    job_title: str
    city: str
    tags: tuple[tuple[str, str], ...] = ()
    """Pairs (name, colour key)."""
    level: str = "none"
    """core, active, member, new, fading, none: keys of the one visible ladder."""
    last_visit: date | None = None
    attended: int = 0
    reason: str = ""
    """Why a search found this person when it is not obvious: the ways the query was read, blanks between (layout,
    translit, diminutive, similar), or what was hit (phone, handle, name, city, job, skill, language, motive, custom,
    offers, seeks, note); else empty."""
    matched: tuple[str, ...] = ()
    """The folded words that hit, for underlining."""
    found_in: str = ""
    """What the search hit where the row does not show it: a phone, a handle, a patronymic, a city, «field: value»."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Values of further columns by key, as `crm.services.list_columns` gives them."""


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything one person's page or card needs."""

    id: int
    uid: str
    kind: str
    family_name: str = ""
    given_name: str = ""
    additional_name: str = ""
    nickname: str = ""
    prefix: str = ""
    suffix: str = ""
    display_name: str = ""
    initials: str = ""
    address_as: str = ""
    address_form: str = "unknown"
    """informal (ты), formal (вы), unknown."""
    gender: str = "unknown"
    preferred_channel: str = ""
    organisation_id: int | None = None
    organisation: str = ""
    job_title: str = ""
    city: str = ""
    birthday: PartialDate | None = None
    birthday_text: str = ""
    joined_on: date | None = None
    source: str = ""
    referred_by_id: int | None = None
    referred_by: str = ""
    note: str = ""
    care_note: str = ""
    blocked: bool = False
    archived_at: datetime | None = None
    contacts: tuple[ContactLine, ...] = ()
    addresses: tuple[AddressLine, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    motives: tuple[str, ...] = ()
    needs: tuple[NeedLine, ...] = ()
    """In the order in which they were written down, closed ones among them."""
    custom: tuple[tuple[int, str], ...] = ()
    """Pairs (id of the custom field, value as stored), archived fields among them."""
    extra: tuple[ExtraProperty, ...] = ()
    level: str = "none"
    attended: int = 0
    last_visit: date | None = None
    changed_at: datetime | None = None
    photo: bytes | None = field(default=None, repr=False)

    def first(self, kind: str) -> ContactLine | None:
        """The preferred contact of `kind`, else the first one."""
        of_kind = [contact for contact in self.contacts if contact.kind == kind]
        return next((contact for contact in of_kind if contact.preferred), of_kind[0] if of_kind else None)
