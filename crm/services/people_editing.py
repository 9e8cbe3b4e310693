"""Changing people: add, edit whole or in part, archive, delete; and who may be a double of somebody new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm import contact_points, text
from crm.clock import Clock
from crm.models import ContactPoint, Person, new_uid
from crm.partial_date import PartialDate
from crm.services import custom_fields, matching, needs, person_lists, tags
from crm.services.cards import AddressLine, PersonCard
from crm.services.organisations import organisation_named
from crm.services.person_cards import card
from crm.services.person_columns import (
    LONG_LIMIT,
    NAME_LIMIT,
    birthday_columns,
    contact_columns,
    name_columns,
    note_columns,
)
from crm.services.person_errors import ContactTwice, FieldGone, PersonNameless, PersonUnknown, ReferralLoop
from crm.store.dialect import among

_LONG_FIELDS: Final = frozenset(("note", "care_note"))
_PREFIX_LIMIT: Final = 100
_NAMES: Final = frozenset(("family_name", "given_name", "additional_name", "nickname"))
_LISTS: Final = ("languages", "skills", "motives")
_LIKE_COLUMNS: Final = frozenset(("organisation", "birthday", "joined_on", "referred_by_id"))
_OWN_TABLES: Final = frozenset(("contacts", "tags", "addresses", "offers", "seeks", "custom", *_LISTS))


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as typed; an empty one is nothing."""

    kind: str
    raw: str
    label: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person as a form holds one."""

    family_name: str = ""
    given_name: str = ""
    additional_name: str = ""
    nickname: str = ""
    prefix: str = ""
    suffix: str = ""
    kind: str = "member"
    organisation: str = ""
    job_title: str = ""
    city: str = ""
    birthday: PartialDate | None = None
    address_as: str = ""
    address_form: str = "unknown"
    gender: str = "unknown"
    preferred_channel: str = ""
    source: str = ""
    joined_on: date | None = None
    referred_by_id: int | None = None
    note: str = ""
    care_note: str = ""
    contacts: tuple[ContactDraft, ...] = ()
    tags: tuple[str, ...] = ()
    addresses: tuple[AddressLine, ...] = ()
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    motives: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    """What is open of «может помочь»; what was closed is not in a draft and stays."""
    seeks: tuple[str, ...] = ()
    custom: tuple[tuple[int, str], ...] = ()
    """Pairs (id of the custom field, value as typed or stored)."""


_COLUMN_FIELDS: Final = frozenset(field.name for field in fields(PersonDraft)) - _OWN_TABLES
_TEXT_FIELDS: Final = _COLUMN_FIELDS - _LIKE_COLUMNS


def named_draft(full_name: str, draft: PersonDraft | None = None) -> PersonDraft:
    """`draft` with the parts of a name typed in one field."""
    name = text.split_name(full_name)
    return replace(
        draft or PersonDraft(),
        family_name=name.family,
        given_name=name.given,
        additional_name=name.additional,
    )


def draft_of(person: PersonCard) -> PersonDraft:
    """What a form shows to change this person."""
    shared = {field.name for field in fields(PersonDraft)} - {"contacts", "tags", "offers", "seeks"}
    values: dict[str, Any] = {name: getattr(person, name) for name in shared}
    contacts = tuple(
        ContactDraft(one.kind, one.typed or one.value, one.label, one.preferred) for one in person.contacts
    )
    values["offers"], values["seeks"] = (
        tuple(one.text for one in person.needs if one.direction == direction and one.closed_on is None)
        for direction in ("offers", "seeks")
    )
    return PersonDraft(**values, contacts=contacts, tags=tuple(name for name, _ in person.tags))


def add_person(session: Session, draft: PersonDraft, clock: Clock) -> int:
    """A new person. Raises PersonNameless, TextTooLong, ReferralLoop, PersonUnknown, ValueUnfit."""
    now = clock()
    _check_named(draft)
    columns = _columns(session, draft, clock, _COLUMN_FIELDS)
    _check_referral(session, None, draft.referred_by_id)
    made = insert(Person).values(
        uid=new_uid(), **columns, birthday_text="", blocked=False, created_at=now, changed_at=now
    )
    person_id = int(session.execute(made.returning(Person.id)).scalar_one())
    _write_contacts(session, person_id, draft.contacts)
    tags.set_tags(session, person_id, draft.tags)
    _write_lists(session, PersonCard(person_id, "", ""), draft, _OWN_TABLES, clock)
    return person_id


def change_person(session: Session, person_id: int, draft: PersonDraft, clock: Clock) -> bool:
    """Make a person as `draft` says, touching only what differs. Returns whether anything did.

    Raises what `add_person` raises.
    """
    return _change(session, person_id, draft, _COLUMN_FIELDS | _OWN_TABLES, clock)


def change_field(session: Session, person_id: int, field: str, value: Any, clock: Clock) -> bool:
    """Change one field of a person: a name of `PersonDraft` and its value. Raises what `change_person` raises."""
    return change_fields(session, person_id, {field: value}, clock)


def change_fields(session: Session, person_id: int, changes: Mapping[str, Any], clock: Clock) -> bool:
    """Change these fields of a person and read or write no other: what an import left as it was stays so.

    Returns whether anything changed. Raises what `change_person` raises.
    """
    draft = replace(draft_of(card(session, person_id)), **changes)
    return _change(session, person_id, draft, frozenset(changes), clock)


def _change(session: Session, person_id: int, draft: PersonDraft, only: Collection[str], clock: Clock) -> bool:
    before = _alive(session, person_id)
    _check_named(draft)
    columns = _columns(session, draft, clock, only)
    # What an import could not read as a day goes with the first day, or when just that field is emptied.
    if before.birthday_text and (columns.get("birth_day") is not None or set(only) == {"birthday"}):
        columns["birthday_text"] = ""
    if "referred_by_id" in columns:
        _check_referral(session, person_id, draft.referred_by_id)
    changed = {name: value for name, value in columns.items() if getattr(before, name) != value}
    touched = "contacts" in only and _write_contacts(session, person_id, draft.contacts)
    person = card(session, person_id)
    if "tags" in only:
        held = {text.fold(name) for name, _ in person.tags}
        if held != {text.fold(name) for name in draft.tags if name.strip()}:
            tags.set_tags(session, person_id, draft.tags)
            touched = True
    touched |= _write_lists(session, person, draft, only, clock)
    if not changed and not touched:
        return False
    session.execute(update(Person).where(Person.id == person_id).values(**changed, changed_at=clock()))
    return True


def put_contact(
    session: Session,
    person_id: int,
    draft: ContactDraft,
    clock: Clock,
    *,
    instead_of: tuple[str, str] | None = None,
) -> bool:
    """Add a contact, or change the one of that (kind, value); an emptied one goes. Returns whether anything changed.

    A preferred one is the only one of its kind. Raises ContactTwice, FieldGone, PersonNameless, PersonUnknown,
    TextTooLong.
    """
    _alive(session, person_id)
    rows = session.scalars(
        select(ContactPoint).where(ContactPoint.person_id == person_id).order_by(ContactPoint.position)
    ).all()
    own = next((row for row in rows if instead_of == (row.kind, row.value)), None)
    if instead_of is not None and own is None:
        raise FieldGone
    if not text.clean(draft.raw):
        if own is None:
            return False
        if len(rows) == 1:
            _check_named(replace(draft_of(card(session, person_id)), contacts=()))
        session.execute(delete(ContactPoint).where(ContactPoint.id == own.id))
        person_lists.touch(session, person_id, clock)
        return True
    columns = contact_columns(draft.kind, draft.raw, text.clean(draft.label), preferred=draft.preferred)
    if any(row is not own and (row.kind, row.value) == (columns["kind"], columns["value"]) for row in rows):
        raise ContactTwice(value=contact_points.shown(columns["kind"], columns["value"]))
    if own is None:
        position = max((row.position for row in rows), default=-1) + 1
        session.execute(insert(ContactPoint).values(person_id=person_id, position=position, **columns))
    else:
        changed = {name: new for name, new in columns.items() if name != "typed" and getattr(own, name) != new}
        if not changed:
            return False
        session.execute(update(ContactPoint).where(ContactPoint.id == own.id).values(**changed, typed=columns["typed"]))
    others = [row.id for row in rows if row is not own and row.kind == columns["kind"] and row.preferred]
    if draft.preferred and others:
        session.execute(update(ContactPoint).where(ContactPoint.id.in_(others)).values(preferred=False))
    person_lists.touch(session, person_id, clock)
    return True


def contact_labels(session: Session) -> tuple[str, ...]:
    """Labels that contacts have, the most frequent first: for completing while typing."""
    rows = select(ContactPoint.label).where(ContactPoint.label != "").group_by(ContactPoint.label)
    return tuple(session.scalars(rows.order_by(func.count().desc(), ContactPoint.label).limit(50)))


def archive_people(session: Session, person_ids: Collection[int], clock: Clock, *, archived: bool = True) -> int:
    """Take people out of the lists, or back into them. Returns how many were moved."""
    now = clock()
    moved = update(Person).where(
        among(Person.id, person_ids),
        Person.deleted_at.is_(None),
        Person.archived_at.is_(None) if archived else Person.archived_at.is_not(None),
    )
    return _rows_of(session.execute(moved.values(archived_at=now if archived else None)))


def delete_people(session: Session, person_ids: Collection[int], clock: Clock) -> int:
    """Take people out of everything; an undo brings them back whole. Returns how many."""
    gone = update(Person).where(among(Person.id, person_ids), Person.deleted_at.is_(None))
    return _rows_of(session.execute(gone.values(deleted_at=clock())))


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody who may be the person of a draft, and what they share: same_email, same_phone, … or same_name."""

    person_id: int
    name: str
    reason: str
    shared: str = ""


def possible_doubles(session: Session, draft: PersonDraft, person_id: int | None = None) -> tuple[Double, ...]:
    """Who may already be the person of `draft`: the same contact, else the same whole name. At most five."""
    found: dict[int, Double] = {}
    keys = {}
    for contact in draft.contacts:
        columns = contact_columns(contact.kind, contact.raw) if contact.raw.strip() else {}
        if columns.get("key") and contact.kind in matching.SURE_KINDS:
            keys[contact.kind, columns["key"]] = columns["value"]
    if keys:
        for owner, kind, key in session.execute(
            select(ContactPoint.person_id, ContactPoint.kind, ContactPoint.key)
            .join(Person, Person.id == ContactPoint.person_id)
            .where(ContactPoint.key.in_([key for _, key in keys]), Person.deleted_at.is_(None))
        ):
            if (kind, key) in keys and owner != person_id:
                found.setdefault(owner, Double(owner, "", f"same_{kind}", keys[kind, key]))
    if draft.family_name.strip() and draft.given_name.strip():
        mine = matching.Name.of(draft.family_name, draft.given_name, draft.additional_name)
        key = text.sort_key(text.clean(draft.family_name), text.clean(draft.given_name))
        for row in session.execute(
            select(Person.id, Person.family_name, Person.given_name, Person.additional_name).where(
                Person.sort_key >= key, Person.sort_key < key + "\U0010fffe", Person.deleted_at.is_(None)
            )
        ):
            if row[0] != person_id and not matching.names_contradict(mine, matching.Name.of(*row[1:])):
                found.setdefault(row[0], Double(row[0], "", "same_name"))
    chosen = list(found.values())[:5]
    return tuple(replace(double, name=card(session, double.person_id).display_name) for double in chosen)


def _check_named(draft: PersonDraft) -> None:
    named = any(text.clean(getattr(draft, name)) for name in _NAMES)
    if not named and not any(contact.raw.strip() for contact in draft.contacts):
        raise PersonNameless


def _columns(session: Session, draft: PersonDraft, clock: Clock, only: Collection[str]) -> dict[str, Any]:
    """The columns of a person that these fields of a draft make, those that follow from them among them."""
    whole = {name: getattr(draft, name) for name in _TEXT_FIELDS}
    for name in _TEXT_FIELDS & set(only):
        if name in _LONG_FIELDS:
            whole[name] = text.clean(whole[name], LONG_LIMIT, multiline=True)
        else:
            whole[name] = text.clean(whole[name], _PREFIX_LIMIT if name in {"prefix", "suffix"} else NAME_LIMIT)
    columns = {name: whole[name] for name in _TEXT_FIELDS if name in only}
    if "organisation" in only:
        columns["organisation_id"] = organisation_named(session, draft.organisation, clock)
    for name in ("joined_on", "referred_by_id"):
        if name in only:
            columns[name] = getattr(draft, name)
    if "birthday" in only:
        columns |= birthday_columns(draft.birthday)
    if (_NAMES | {"address_as"}) & set(only):
        columns |= name_columns(whole)
    if {"note", "job_title", "city"} & set(only):
        columns |= note_columns(whole)
    return columns


def _write_lists(session: Session, before: PersonCard, draft: PersonDraft, only: Collection[str], clock: Clock) -> bool:
    """Make what lies in tables of its own as the draft says, touching only what differs. Whether anything did."""
    touched = False
    for what in _LISTS:
        if what in only and getattr(before, what) != getattr(draft, what):
            touched |= person_lists.set_names(session, before.id, what, getattr(draft, what))
    if "addresses" in only and before.addresses != draft.addresses:
        touched |= person_lists.set_addresses(session, before.id, draft.addresses)
    for direction in ("offers", "seeks"):
        if direction in only:
            touched |= needs.set_needs(session, before, direction, getattr(draft, direction), clock)
    if "custom" in only:
        wanted, held = dict(draft.custom), dict(before.custom)
        for field_id in dict.fromkeys((*wanted, *held)):
            if wanted.get(field_id, "") != held.get(field_id, ""):
                value = wanted.get(field_id, "")
                touched |= bool(custom_fields.set_value(session, [before.id], field_id, value, clock))
    return touched


def _alive(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.deleted_at is not None:
        raise PersonUnknown(ref=f"#{person_id}")
    return person


def _check_referral(session: Session, person_id: int | None, referrer: int | None) -> None:
    """Nobody brought themselves, and the chain of who brought whom has no ring."""
    seen: set[int] = set()
    above = referrer
    while above is not None and above not in seen:
        if above == person_id:
            name = card(session, referrer).display_name if referrer is not None else ""
            raise ReferralLoop(name=name)
        seen.add(above)
        found = session.execute(select(Person.referred_by_id, Person.deleted_at).where(Person.id == above)).first()
        if found is None or (above == referrer and found[1] is not None):
            raise PersonUnknown(ref=f"#{above}")
        above = found[0]


def _write_contacts(session: Session, person_id: int, drafts: Iterable[ContactDraft]) -> bool:
    """Make the contacts of a person these, touching only what differs. Returns whether anything did."""
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for draft in drafts:
        if not text.clean(draft.raw):
            continue
        columns = contact_columns(draft.kind, draft.raw, text.clean(draft.label), preferred=draft.preferred)
        columns["position"] = len(wanted)
        wanted.setdefault((columns["kind"], columns["value"]), columns)
    touched = False
    for row in session.scalars(select(ContactPoint).where(ContactPoint.person_id == person_id)).all():
        columns_now = wanted.pop((row.kind, row.value), None)
        if columns_now is None:
            session.execute(delete(ContactPoint).where(ContactPoint.id == row.id))
            touched = True
            continue
        # The same contact typed another way is no change.
        changed = {name: new for name, new in columns_now.items() if name != "typed" and getattr(row, name) != new}
        if changed:
            session.execute(update(ContactPoint).where(ContactPoint.id == row.id).values(**changed))
            touched = True
    if wanted:
        session.execute(insert(ContactPoint), [{"person_id": person_id, **columns} for columns in wanted.values()])
        touched = True
    return touched


def _rows_of(result: Any) -> int:
    return int(result.rowcount)
