"""«Откуда это?» for a field of a person: which deed put it there, out of which file and row, and what was before.

All of it is read out of the journal. Deeds that were undone put nothing there; a deed undone and done again did.
What stood before the journal's memory begins has no origin any more, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm import i18n, text
from crm.i18n import Phrase
from crm.models import (
    Address,
    Change,
    ContactPoint,
    CustomValue,
    Deed,
    ImportFile,
    ImportRow,
    Language,
    Motive,
    NeedOffer,
    Organisation,
    Person,
    PersonTag,
    Skill,
    Tag,
    metadata,
)
from crm.services import history_words, people
from crm.services.history import phrase_of
from crm.store.dialect import row_json

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("family_name", "given_name", "additional_name", "nickname"),
    "organisation": ("organisation_id", "job_title"),
    "birthday": ("birth_day", "birth_month", "birth_year", "birthday_text"),
    "terms": ("address_as", "address_form", "preferred_channel"),
    "referral": ("referred_by_id",),
}
"""Facts of a profile that are several columns, or one of another name; the others are called as their column is."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A row of a file that was brought in; `row` counts from 1 as the file's own program does."""

    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field comes from: the deed, its moment, the rows of files behind it, and what stood there before.

    `deed` is None for what was there before the journal's memory begins. `first` says that there was nothing before,
    for the deed made what the field belongs to. Several rows of one import may have made one person.
    """

    deed: int | None = None
    label: Phrase | None = None
    at: datetime | None = None
    places: tuple[FilePlace, ...] = ()
    before: str = ""
    first: bool = False


def origin_of(session: Session, person_id: int, field: str) -> Origin:
    """The origin of a field: a column of a person, «name», «organisation», «birthday», «terms», «referral»,
    «contact:phone:+7…», «tag:speaker», «language:English», «skill:SQL», «motive:…», «address:12», «need:7» or
    «custom:3» (ids of the address, the need and the custom field). Raises KeyError for a field there is not."""
    sort, _, rest = field.partition(":")
    if rest:
        table, asked, columns = _ROWS[sort](rest)
        owned = asked.where(metadata.tables[table].c.person_id == person_id).limit(1)
        return _of_row(session, table, session.scalar(owned), columns, person_id)
    columns = _COLUMNS.get(field, (field,))
    for column in columns:
        _ = metadata.tables["person"].c[column]
    return _of_row(session, "person", person_id, columns, person_id)


_Asked = tuple[str, Any, tuple[str, ...]]


def _contact(rest: str) -> _Asked:
    kind, _, value = rest.partition(":")
    asked = select(ContactPoint.id).where(ContactPoint.kind == kind, ContactPoint.value == value)
    return "contact_point", asked, ("value",)


def _tag(name: str) -> _Asked:
    asked = select(PersonTag.id).join(Tag, Tag.id == PersonTag.tag_id).where(Tag.name == name)
    return "person_tag", asked, ("tag_id",)


def _named(model: type[Language | Skill | Motive]) -> Callable[[str], _Asked]:
    return lambda name: (model.__tablename__, select(model.id).where(model.name == name), ("name",))


def _address(row_id: str) -> _Asked:
    columns = ("street", "city", "region", "postcode", "country", "label")
    return "address", select(Address.id).where(Address.id == int(row_id)), columns


def _need(row_id: str) -> _Asked:
    return "need_offer", select(NeedOffer.id).where(NeedOffer.id == int(row_id)), ("text", "closed_on")


def _custom(field_id: str) -> _Asked:
    return "custom_value", select(CustomValue.id).where(CustomValue.field_id == int(field_id)), ("value",)


_ROWS: Final[dict[str, Callable[[str], _Asked]]] = {
    "contact": _contact,
    "tag": _tag,
    "language": _named(Language),
    "skill": _named(Skill),
    "motive": _named(Motive),
    "address": _address,
    "need": _need,
    "custom": _custom,
}
"""Facts that are rows of a table of their own."""


def origin_words(origin: Origin) -> tuple[str, ...]:
    """The origin in sentences, in the language in use, the surest first."""
    if origin.deed is None or origin.label is None or origin.at is None:
        return (i18n.text("This stood here before the journal's memory begins."),)
    said = [origin.label.text()]
    said += [
        i18n.text("File {file}, row {row}", file=place.file, row=i18n.number(place.row)) for place in origin.places
    ]
    if not origin.first:
        said.append(
            i18n.text("Before: {value}", value=origin.before) if origin.before else i18n.text("Before: nothing")
        )
    return tuple(said)


def _of_row(session: Session, table: str, row_id: int | None, columns: tuple[str, ...], person_id: int) -> Origin:
    rows = metadata.tables[table]
    if row_id is None:
        return Origin()
    now = session.scalar(select(row_json(rows)).where(rows.c.id == row_id))
    after: dict[str, Any] = json.loads(now) if now else {}
    root = aliased(Deed)
    changes = (
        select(Change.action, Change.before, root.id, root.label, root.arguments, root.at, root.in_force)
        .join(Deed, Deed.id == Change.deed_id)
        .join(root, root.id == func.coalesce(Deed.root_id, Deed.id))
        .where(Change.table_name == table, Change.row_id == row_id)
        .order_by(Change.id.desc())
    )
    for change in session.execute(changes):
        before: dict[str, Any] = json.loads(change.before) if change.before else {}
        made = change.action == "I"
        moved = made or any(before.get(column) != after.get(column) for column in columns)
        if moved and change.in_force:
            return Origin(
                change.id,
                phrase_of(change.label, change.arguments),
                change.at,
                _places(session, change.id, person_id),
                "" if made else _words(session, table, columns, before),
                made,
            )
        after = before
    return Origin()


def brought_by(session: Session, deed: int) -> list[int]:
    """The people whom an import added and who are there, in the order of its rows."""
    asked = (
        select(ImportRow.person_id)
        .join(ImportFile, ImportRow.import_file_id == ImportFile.id)
        .join(Person, Person.id == ImportRow.person_id)
        .where(ImportFile.deed_id == deed, ImportRow.outcome == "added", Person.deleted_at.is_(None))
        .order_by(ImportRow.id)
    )
    return list(session.scalars(asked))


def _places(session: Session, deed: int, person_id: int) -> tuple[FilePlace, ...]:
    asked = (
        select(ImportFile.name, ImportRow.number)
        .join(ImportRow, ImportRow.import_file_id == ImportFile.id)
        .where(ImportFile.deed_id == deed, ImportRow.person_id == person_id)
        .order_by(ImportFile.id, ImportRow.id)
    )
    return tuple(FilePlace(name, number) for name, number in session.execute(asked))


def _words(session: Session, table: str, columns: tuple[str, ...], state: dict[str, Any]) -> str:
    if columns == _COLUMNS["name"]:
        return text.display_name(text.NameParts(*(str(state.get(column) or "") for column in columns)))
    said = []
    for column in columns:
        value = state.get(column)
        if column == "organisation_id" and value is not None:
            value = session.scalar(select(Organisation.name).where(Organisation.id == value))
        elif column == "referred_by_id" and value is not None:
            value = next((row.display_name for row in people.rows(session, [value])), None)
        elif column == "tag_id" and value is not None:
            value = session.scalar(select(Tag.name).where(Tag.id == value))
        else:
            value = history_words.value_words(metadata.tables[table].c[column], value)
        if value:
            said.append(str(value))
    return " · ".join(said)
